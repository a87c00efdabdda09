// One open microphone with the voice core behind it. Takes are started and finished on it one after the other.
import wasmUrl from "@orakgarak/core.wasm?url";
import type { VoiceReport } from "@orakgarak/core";

import workletUrl from "./capture.worklet.ts?worker&url";
import type { Block, Curve, FromWorker, ToWorker } from "./messages";
import { openMicrophone, type Microphone } from "./microphone";

export interface HeardTake {
  report: VoiceReport;
  curve: Curve;
}

/** Half of the frames came sooner than `usual`, 95 of 100 sooner than `late`. */
export interface Delay {
  usual: number;
  late: number;
}

export interface Listener {
  readonly context: AudioContext;
  readonly microphone: Microphone;
  /** Every few milliseconds, with the frames of the take under way. Gives how to stop that. */
  onBlock(hear: (block: Block) => void): () => void;
  /** Ends when the first sample was heard: its position in the context's time. */
  startTake(options?: { onPcm?: (samples: Float32Array) => void }): Promise<{ startSeconds: number }>;
  finishTake(): Promise<HeardTake>;
  /** How far the pitch has been behind the sound lately; null before any. */
  delaySeconds(): Delay | null;
  close(): void;
}

let compiled: Promise<WebAssembly.Module> | null = null;
export function coreModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compileStreaming(fetch(wasmUrl)).catch((error: unknown) => {
    compiled = null; // so that the next try is one
    throw error;
  });
  return compiled;
}

const delaysKept = 200;

/** Throws MicrophoneError. Call it from a click: browsers start no sound otherwise. */
export async function listen(deviceId: string | null): Promise<Listener> {
  const context = new AudioContext({ latencyHint: "interactive" });
  try {
    const microphone = await openMicrophone(deviceId);
    const [module] = await Promise.all([coreModule(), context.audioWorklet.addModule(workletUrl), context.resume()]);
    return connect(context, microphone, module);
  } catch (error) {
    void context.close();
    throw error;
  }
}

function connect(context: AudioContext, microphone: Microphone, module: WebAssembly.Module): Listener {
  const worker = new Worker(new URL("./voice.worker.ts", import.meta.url), { type: "module" });
  const say = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
  const source = context.createMediaStreamSource(microphone.stream);
  const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  const { port1, port2 } = new MessageChannel();
  capture.port.postMessage(port1, [port1]);
  say({ type: "open", module, rateHz: context.sampleRate, port: port2 }, [port2]);
  source.connect(capture);

  const hearers = new Set<(block: Block) => void>();
  const delays: number[] = [];
  let takeStartSeconds = 0;
  let onPcm: ((samples: Float32Array) => void) | undefined;
  let started: PromiseWithResolvers<{ startSeconds: number }> | null = null;
  let finished: PromiseWithResolvers<HeardTake> | null = null;

  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    switch (data.type) {
      case "block":
        for (const frame of data.frames) delays.push(context.currentTime - takeStartSeconds - frame.seconds);
        delays.splice(0, delays.length - delaysKept);
        for (const hear of hearers) hear(data);
        return;
      case "started":
        takeStartSeconds = data.startFrame / context.sampleRate;
        started?.resolve({ startSeconds: takeStartSeconds });
        return;
      case "pcm":
        onPcm?.(data.samples);
        return;
      case "finished":
        finished?.resolve(data);
        return;
      case "failed":
        for (const promise of [started, finished]) promise?.reject(new Error(`${data.code}: ${data.detail}`));
    }
  };

  return {
    context,
    microphone,
    onBlock(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    startTake(options = {}) {
      onPcm = options.onPcm;
      started = Promise.withResolvers();
      say({ type: "start", keepPcm: onPcm !== undefined });
      return started.promise;
    },
    finishTake() {
      finished = Promise.withResolvers();
      say({ type: "finish" });
      return finished.promise;
    },
    delaySeconds() {
      if (delays.length === 0) return null;
      const sorted = delays.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
      return { usual: at(0.5), late: at(0.95) };
    },
    close() {
      worker.terminate();
      source.disconnect();
      for (const track of microphone.stream.getTracks()) track.stop();
      void context.close();
    },
  };
}
