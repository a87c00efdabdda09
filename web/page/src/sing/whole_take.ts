// The analysis of a recording on this device: a chosen file, or a take that was cut short.
import { getAnalysis, saveAnalysis, takeBlob, updateTake, type LocalAnalysis } from "../store/takes";
import { coreModule } from "./listener";
import type { WholeTake, WholeTakeHeard } from "./messages";

function mono(sound: AudioBuffer): Float32Array<ArrayBuffer> {
  const mixed = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; ++channel)
    sound.getChannelData(channel).forEach((sample, i) => (mixed[i] = (mixed[i] ?? 0) + sample / sound.numberOfChannels));
  return mixed;
}

async function hear(take: WholeTake): Promise<WholeTakeHeard> {
  const worker = new Worker(new URL("./whole_take.worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise((heard, failed) => {
      worker.onmessage = ({ data }: MessageEvent<WholeTakeHeard>) => heard(data);
      worker.onerror = (event) => failed(new Error(event.message));
      worker.postMessage(take, [take.samples.buffer]);
    });
  } finally {
    worker.terminate();
  }
}

/**
 * What this device makes of a take of its own: heard while it was sung, or else now. Throws where the browser
 * cannot decode the recording, or it is longer than the core holds.
 */
export async function analysisHere(id: string): Promise<LocalAnalysis> {
  return (await getAnalysis(id)) ?? hearWhole(id);
}

async function hearWhole(id: string): Promise<LocalAnalysis> {
  const blob = await takeBlob(id);
  if (!blob) throw new Error("this take has no audio");
  const context = new AudioContext();
  const sound = await context.decodeAudioData(await blob.arrayBuffer()).finally(() => void context.close());
  const heard = await hear({ module: await coreModule(), samples: mono(sound), rateHz: sound.sampleRate });
  if ("fault" in heard) throw new Error(heard.fault);
  const analysis = { id, report: heard.report, curve: heard.curve };
  await saveAnalysis(analysis);
  await updateTake(id, { durationSeconds: sound.duration });
  return analysis;
}
