// Runs the voice core beside the page: samples come straight from the audio thread, pitch goes to the page.
import { CoreError, frameHopSeconds, VoiceCore, type PitchFrames, type Take } from "@orakgarak/core";

import { midiOfHertz } from "../text/notation";
import { curveOf } from "./curve";
import { firstHarmonicDb } from "./harmonics";
import type { Block, FromWorker, LiveFrame, SampleBlock, ToWorker } from "./messages";

const page = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

const clippedFrom = 0.999;
const harmonicsSeconds = 0.05;
/** Provisional frames are about a pitch that is at most this far back. */
const memorySeconds = 0.25;

let core: VoiceCore | null = null;
let rateHz = 48000;
let take: Take | null = null;
let keepPcm = false;
let waiting: SampleBlock[] | null = null; // while the next take is being made
let full = false; // the core holds 20 minutes; what comes after them is not heard
let takeStartFrame = 0;
let takeSamples = 0;
let frameIndex = 0;
let memory = new Float32Array(0); // the latest samples of the take, a ring
let pcm: Float32Array[] = [];
let pcmSamples = 0;

function remember(samples: Float32Array): void {
  for (let i = 0; i < samples.length; ++i) memory[(takeSamples + i) % memory.length] = samples[i] ?? 0;
  takeSamples += samples.length;
}

/** The samples around a moment of the take, as far as they are still there. */
function around(seconds: number): Float32Array | null {
  const length = Math.round(harmonicsSeconds * rateHz);
  const from = Math.round(seconds * rateHz) - Math.floor(length / 2);
  if (from < 0 || from + length > takeSamples || from < takeSamples - memory.length) return null;
  return Float32Array.from({ length }, (_, i) => memory[(from + i) % memory.length] ?? 0);
}

function liveFrames(frames: PitchFrames): LiveFrame[] {
  return Array.from({ length: frames.count }, (_, i) => {
    const seconds = frameIndex++ * frameHopSeconds;
    const f0 = frames.f0Hz[i] ?? 0;
    const near = f0 > 0 ? around(seconds) : null;
    return {
      seconds,
      midi: f0 > 0 ? midiOfHertz(f0) : null,
      levelDb: frames.levelDb[i] ?? -200,
      firstHarmonicDb: near && firstHarmonicDb(near, f0, rateHz),
    };
  });
}

function liveFramesOf(underWay: Take, samples: Float32Array): LiveFrame[] {
  try {
    return liveFrames(underWay.push(samples));
  } catch (error) {
    if (!(error instanceof CoreError && error.code === "take_too_long")) throw error;
    full = true;
    return [];
  }
}

function measure({ startFrame, samples }: SampleBlock): Block {
  let peak = 0;
  let peakAt = 0;
  let squares = 0;
  let clippedCount = 0;
  samples.forEach((sample, i) => {
    const size = Math.abs(sample);
    if (size > peak) {
      peak = size;
      peakAt = i;
    }
    squares += sample * sample;
    if (size >= clippedFrom) ++clippedCount;
  });
  return {
    type: "block", startFrame, sampleCount: samples.length, peak, peakFrame: startFrame + peakAt,
    meanSquare: squares / samples.length, clippedCount, frames: [],
  };
}

function keep(samples: Float32Array): void {
  pcm.push(samples);
  pcmSamples += samples.length;
  if (pcmSamples >= rateHz) sendPcm();
}

function sendPcm(): void {
  const joined = new Float32Array(pcmSamples);
  let at = 0;
  for (const part of pcm) {
    joined.set(part, at);
    at += part.length;
  }
  pcm = [];
  pcmSamples = 0;
  if (joined.length > 0) page.postMessage({ type: "pcm", samples: joined }, [joined.buffer]);
}

function heard(block: SampleBlock): void {
  const told = measure(block);
  if (waiting) waiting.push(block);
  else if (take) {
    if (takeSamples === 0) {
      takeStartFrame = block.startFrame;
      page.postMessage({ type: "started", startFrame: takeStartFrame });
    }
    remember(block.samples);
    if (!full) told.frames = liveFramesOf(take, block.samples);
    if (keepPcm) keep(block.samples);
  }
  page.postMessage(told);
}

async function start(): Promise<void> {
  if (!core) throw new Error("start came before open");
  waiting = [];
  take = null;
  const next = await core.startTake(rateHz, { live: true });
  [full, takeSamples, frameIndex, pcm, pcmSamples] = [false, 0, 0, [], 0];
  memory = new Float32Array(Math.ceil(memorySeconds * rateHz));
  take = next;
  const late = waiting;
  waiting = null;
  late.forEach(heard);
}

function finish(): void {
  if (!take) throw new Error("no take is under way");
  if (keepPcm) sendPcm();
  const { frames, report } = take.finish();
  take = null;
  page.postMessage({ type: "finished", report, curve: curveOf(frames, frameHopSeconds) });
}

function fail(error: unknown): void {
  const code = error instanceof CoreError ? error.code : "internal";
  page.postMessage({ type: "failed", code, detail: error instanceof Error ? error.message : String(error) });
}

async function obey(message: ToWorker): Promise<void> {
  switch (message.type) {
    case "open":
      core = await VoiceCore.load(message.module);
      rateHz = message.rateHz;
      message.port.onmessage = (event: MessageEvent<SampleBlock>) => heard(event.data);
      return;
    case "start":
      keepPcm = message.keepPcm;
      return start();
    case "finish":
      return finish();
  }
}

// One after the other: "start" must not overtake "open", which waits for the module.
let last: Promise<void> = Promise.resolve();
page.onmessage = ({ data }) => (last = last.then(() => obey(data)).catch(fail));
