// Loads the voice core into a browser (page or worker) or Node and gives its narrow C surface (exports.cpp)
// types. Every take has an instance of its own, so that its memory goes when the take goes.
import { Instance } from "./instance.js";
import { readReport, type VoiceReport } from "./report.js";

export { CoreError } from "./instance.js";
export * from "./report.js";
export * from "./songs.js";

export const frameHopSeconds = 0.01;
export const voiceTypes = ["bass", "baritone", "tenor", "alto", "mezzo", "soprano"] as const;
export type VoiceType = (typeof voiceTypes)[number];

/** Pitch frames, one every 10 ms; frame i of a finished take is centred at i · 10 ms. */
export interface PitchFrames {
  count: number;
  /** 0 where unvoiced, otherwise 49 to 1,700. */
  f0Hz: Float64Array;
  confidence: Float32Array;
  periodicity: Float32Array;
  levelDb: Float32Array;
  /** What vouches for the pitch: indices of `judges`. */
  judge: Uint8Array;
}

/** A frame's judge: none (unvoiced), one method alone, or both. */
export const judges = ["none", "autocorrelation", "network", "both"] as const;

export interface Analysis {
  frames: PitchFrames;
  report: VoiceReport;
}

const bytesPerFrame = 24;
const largestPush = 1 << 20;

function framesAt(instance: Instance, at: number, count: number): PitchFrames {
  const frames: PitchFrames = {
    count,
    f0Hz: new Float64Array(count),
    confidence: new Float32Array(count),
    periodicity: new Float32Array(count),
    levelDb: new Float32Array(count),
    judge: new Uint8Array(count),
  };
  const view = new DataView(instance.core.memory.buffer, at, count * bytesPerFrame);
  for (let i = 0; i < count; ++i) {
    const frame = i * bytesPerFrame;
    frames.f0Hz[i] = view.getFloat64(frame, true);
    frames.confidence[i] = view.getFloat32(frame + 8, true);
    frames.periodicity[i] = view.getFloat32(frame + 12, true);
    frames.levelDb[i] = view.getFloat32(frame + 16, true);
    frames.judge[i] = view.getUint8(frame + 20);
  }
  return frames;
}

/** One take. push() as the microphone gives, finish() once. */
export class Take {
  readonly #instance: Instance;

  /** Made by VoiceCore.startTake. */
  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /**
   * Mono samples, full scale ±1, cut anywhere. Returns the provisional frames that became known, each at most
   * 80 ms after its sound (none unless the take is live). Throws CoreError "take_too_long" after 20 minutes.
   */
  push(samples: Float32Array): PitchFrames {
    const parts: PitchFrames[] = [];
    for (let from = 0; from < samples.length; from += largestPush)
      parts.push(this.#pushPart(samples.subarray(from, from + largestPush)));
    return parts.length === 1 && parts[0] ? parts[0] : joined(parts);
  }

  #pushPart(samples: Float32Array): PitchFrames {
    const { core } = this.#instance;
    const at = core.input(samples.length);
    this.#instance.floats(at, samples.length).set(samples);
    const count = this.#instance.checked(core.push(samples.length), -1);
    return framesAt(this.#instance, core.provisional(), count);
  }

  /** The report; the take is over. */
  finish(): Analysis {
    const { core } = this.#instance;
    const count = this.#instance.checked(core.finish(), -1);
    const numbers = this.#instance.doubles(core.numbers(), core.number_count()).slice();
    const codes = this.#instance.text(core.codes(), core.codes_length());
    return { frames: framesAt(this.#instance, core.frames(), count), report: readReport(numbers, codes) };
  }
}

function joined(parts: PitchFrames[]): PitchFrames {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const all: PitchFrames = {
    count,
    f0Hz: new Float64Array(count),
    confidence: new Float32Array(count),
    periodicity: new Float32Array(count),
    levelDb: new Float32Array(count),
    judge: new Uint8Array(count),
  };
  let at = 0;
  for (const part of parts) {
    all.f0Hz.set(part.f0Hz, at);
    all.confidence.set(part.confidence, at);
    all.periodicity.set(part.periodicity, at);
    all.levelDb.set(part.levelDb, at);
    all.judge.set(part.judge, at);
    at += part.count;
  }
  return all;
}

export interface TakeOptions {
  /** Also make provisional frames. */
  live?: boolean;
  /** The report holds frames, range and tessitura only. */
  pitchOnly?: boolean;
}

export interface DemoTake {
  samples: Float32Array;
  /** The exact pitch every 10 ms, 0 where unvoiced. */
  f0Hz: Float64Array;
}

export class VoiceCore {
  readonly #module: WebAssembly.Module;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** From the bytes of orakgarak_core.wasm, or a module compiled from them (a page streams it). */
  static async load(source: BufferSource | WebAssembly.Module): Promise<VoiceCore> {
    return new VoiceCore(source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source));
  }

  /** sampleRate: 8,000 to 384,000 Hz, or CoreError "sample_rate". */
  async startTake(sampleRate: number, options: TakeOptions = {}): Promise<Take> {
    const instance = await Instance.of(this.#module);
    instance.checked(instance.core.create(sampleRate, Number(!!options.live), Number(!!options.pitchOnly)), 0);
    return new Take(instance);
  }

  /** The demo singer's melody, about 20 s. sampleRate: 8,000 to 192,000 Hz, or CoreError "sample_rate". */
  async singDemo(voice: VoiceType, sampleRate: number, seed = 1): Promise<DemoTake> {
    const instance = await Instance.of(this.#module);
    const { core } = instance;
    const count = instance.checked(core.sing_demo(voiceTypes.indexOf(voice), sampleRate, seed), -1);
    return {
      samples: instance.floats(core.demo_samples(), count).slice(),
      f0Hz: instance.doubles(core.demo_f0(), core.demo_f0_count()).slice(),
    };
  }
}
