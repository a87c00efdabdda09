// What the audio thread, the voice worker and the page say to each other.
import type { VoiceReport } from "@orakgarak/core";

/** From the audio thread to the worker, every few milliseconds. */
export interface SampleBlock {
  /** Position of the first sample in the audio context's own time, in samples. */
  startFrame: number;
  samples: Float32Array;
}

export type ToWorker =
  | { type: "open"; module: WebAssembly.Module; rateHz: number; port: MessagePort }
  /** From the next block on; the take before it is dropped. */
  | { type: "start"; keepPcm: boolean }
  | { type: "finish" };

export interface LiveFrame {
  /** From the start of the take to the middle of the frame. */
  seconds: number;
  /** Fractional MIDI number; null where nothing is sung. */
  midi: number | null;
  levelDb: number;
  /** Level of the first harmonic over the mean of the next four, in dB: high in falsetto. */
  firstHarmonicDb: number | null;
}

export interface Block {
  type: "block";
  startFrame: number;
  sampleCount: number;
  /** Largest magnitude, 1 = full scale, and which sample had it. */
  peak: number;
  peakFrame: number;
  meanSquare: number;
  clippedCount: number;
  /** Of the take under way; none between takes. */
  frames: LiveFrame[];
}

export interface Curve {
  hopSeconds: number;
  midi: (number | null)[];
  /** A letter for each of them: b, a, n or -, as in the server's reports. */
  heardBy?: string;
}

export type FromWorker =
  | Block
  | { type: "started"; startFrame: number }
  | { type: "pcm"; samples: Float32Array }
  | { type: "finished"; report: VoiceReport; curve: Curve }
  | { type: "failed"; code: string; detail: string };

/** A whole recording to be heard at once, and what came of it. */
export interface WholeTake {
  module: WebAssembly.Module;
  samples: Float32Array<ArrayBuffer>;
  rateHz: number;
}
export type WholeTakeHeard = { report: VoiceReport; curve: Curve } | { fault: string };
