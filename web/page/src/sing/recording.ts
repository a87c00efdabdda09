// One take: the microphone's own track through MediaRecorder into the browser's store, a second at a time, and
// beside it the same sound through the voice core.
import { saveAnalysis, startTake, type LocalTake, type NewTake } from "../store/takes";
import { toPcm16 } from "../store/wav";
import type { HeardTake, Listener } from "./listener";

const chunkMilliseconds = 1000;
const bitsPerSecond = 128_000; // transparent for a voice in Opus
/** Where no recorder is there, 16-bit samples are sent as they are: at most this much of them. */
const mostPcmBytes = 95 * 2 ** 20;

const types = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

/** microphone_gone: unplugged, or taken by a call. store_full: the browser has no room. */
export type RecordingFault = "microphone_gone" | "store_full" | "recorder";

export interface RecordingOptions {
  kind: LocalTake["kind"];
  fileName: string;
  onFault: (fault: RecordingFault) => void;
}

export interface Recording {
  readonly id: string;
  /** Of the first sample, in the audio context's time. */
  readonly startSeconds: number;
  /** Longest take that the store and the server can hold in this form. */
  readonly mostSeconds: number;
  /** heard is null where the voice core failed: the take itself is whole. change: what else is known of the take by then. */
  stop(change?: Partial<Pick<LocalTake, "lowest" | "highest" | "backing">>): Promise<{ take: LocalTake; heard: HeardTake | null }>;
  discard(): Promise<void>;
  /** The page is left: what there is of the take stays, and is offered again. */
  abandon(): void;
}

export function recordingType(): string | null {
  if (typeof MediaRecorder === "undefined") return null;
  return types.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

const extension = (contentType: string) => contentType.replace(/^audio\//, "");

export function faultOf(error: unknown): RecordingFault {
  return error instanceof DOMException && error.name === "QuotaExceededError" ? "store_full" : "recorder";
}

/** A screen that turns itself off would stop the microphone of a phone. */
async function keepAwake(): Promise<() => void> {
  try {
    const lock = await navigator.wakeLock.request("screen");
    return () => void lock.release();
  } catch {
    return () => undefined; // not offered, or the battery is low: the take goes on all the same
  }
}

export async function record(listener: Listener, options: RecordingOptions): Promise<Recording> {
  const { context, microphone } = listener;
  const type = recordingType();
  const contentType = type?.split(";")[0] ?? "audio/wav";
  const made: NewTake = {
    kind: options.kind, contentType, fileName: `${options.fileName}.${extension(contentType)}`,
    pcmRate: type ? null : context.sampleRate,
  };
  const writer = await startTake(made);
  const letSleep = await keepAwake();
  let startSeconds = context.currentTime;
  const seconds = () => context.currentTime - startSeconds;
  const append = (data: Blob) =>
    writer.append(data, seconds()).catch((error: unknown) => options.onFault(faultOf(error)));
  const gone = () => options.onFault("microphone_gone");
  microphone.track.addEventListener("ended", gone);

  const recorder = type ? new MediaRecorder(microphone.stream, { mimeType: type, audioBitsPerSecond: bitsPerSecond }) : null;
  recorder?.addEventListener("dataavailable", ({ data }) => data.size > 0 && void append(data));
  recorder?.addEventListener("error", () => options.onFault("recorder"));
  const stopped = new Promise((resolve) => recorder?.addEventListener("stop", resolve));
  const onPcm = (samples: Float32Array) => void append(new Blob([toPcm16(samples)]));
  ({ startSeconds } = await listener.startTake(recorder ? {} : { onPcm }));
  recorder?.start(chunkMilliseconds);

  const end = async () => {
    microphone.track.removeEventListener("ended", gone);
    letSleep();
    if (!recorder) return;
    if (recorder.state !== "inactive") recorder.stop(); // otherwise its track ended, and it stops by itself
    await stopped;
  };
  return {
    id: writer.id,
    startSeconds,
    mostSeconds: recorder ? Infinity : mostPcmBytes / (2 * context.sampleRate),
    async stop(change = {}) {
      const durationSeconds = seconds();
      await end();
      const heard = await listener.finishTake().catch(() => null);
      const take = await writer.finish({ ...change, durationSeconds });
      if (heard) await saveAnalysis({ id: take.id, report: heard.report, curve: heard.curve });
      return { take, heard };
    },
    async discard() {
      await end();
      await listener.finishTake().catch(() => null);
      await writer.discard();
    },
    abandon() {
      void end().then(writer.leave);
    },
  };
}
