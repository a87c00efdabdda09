// The VoiceReport as typed values, read from the packet whose layout report_packet.h states.

export interface RangeEnd {
  /** Fractional MIDI number, A4 = 69. */
  midi: number;
  /** Total steady time within half a semitone of it. */
  steadySeconds: number;
  /** Where to listen. */
  listen: TimeSpan;
  uncertaintySemitones: number;
}

export interface Declined {
  declined: string;
}

export interface TimeSpan {
  startSeconds: number;
  endSeconds: number;
}

export interface Range {
  lowest: RangeEnd | Declined;
  highest: RangeEnd | Declined;
  comfortableLow: RangeEnd | Declined;
  comfortableHigh: RangeEnd | Declined;
}

export interface Intonation {
  tuningCents: number;
  meanDistanceCents: number;
  driftCentsPerMinute: number;
  notes: number;
}

export interface Note {
  span: TimeSpan;
  midi: number;
  instabilityCents: number;
  vibrato: { rateHz: number; extentCents: number } | null;
}

export interface Glide {
  span: TimeSpan;
  fromMidi: number;
  toMidi: number;
}

export interface Measure {
  value: number;
  deviation: number;
  z: number;
  /** Of voiced frames that it rests on, 0 to 1. */
  share: number;
}

export const timbreMeasures = [
  "spectral_centroid_hz",
  "spectral_tilt_db_per_octave",
  "harmonic_to_noise_db",
  "cepstral_peak_prominence_db",
  "h1_h2_db",
  "vibrato_rate_hz",
  "vibrato_extent_cents",
  "instability_cents",
] as const;
export type TimbreMeasure = (typeof timbreMeasures)[number];

export interface Timbre {
  measures: Record<TimbreMeasure, Measure | null>;
  mfccShare: number;
  mfccMean: number[];
  mfccDeviation: number[];
  words: { word: string; measure: string; z: number }[];
}

export interface CaptureQuality {
  peakDb: number;
  activeLevelDb: number;
  snrDb: number;
  clippedShare: number;
  bandwidthHz: number;
  humDb: number;
  reverberationSeconds: number;
  accompaniment: number;
  speech: number;
  instrument: number;
  /** Worst first. */
  advice: { fault: string; value: number; blocking: boolean }[];
}

export interface VoiceReport {
  analyserVersion: number;
  durationSeconds: number;
  sourceRateHz: number;
  voicedSeconds: number;
  range: Range;
  /** Seconds sung at each MIDI number, 0 to 127. */
  tessituraSeconds: number[];
  intonation: Intonation | null;
  notes: Note[];
  glides: Glide[];
  timbre: Timbre;
  capture: CaptureQuality;
}

const packetVersion = 1;

class PacketReader {
  #at = 0;
  #codeAt = 0;
  readonly #codes: string[];

  constructor(
    readonly numbers: Float64Array,
    codes: string,
  ) {
    this.#codes = codes.split("\n");
  }

  number(): number {
    const value = this.numbers[this.#at++];
    if (value === undefined) throw new RangeError("the report packet ends early: rebuild core and loader together");
    return value;
  }

  code(): string {
    const value = this.#codes[this.#codeAt++];
    if (value === undefined) throw new RangeError("the report packet lacks a code: rebuild core and loader together");
    return value;
  }

  flag(): boolean {
    return this.number() !== 0;
  }

  optional<T>(read: () => T): T | null {
    return this.flag() ? read() : null;
  }

  list<T>(count: number, read: () => T): T[] {
    return Array.from({ length: count }, read);
  }

  span(): TimeSpan {
    return { startSeconds: this.number(), endSeconds: this.number() };
  }

  /** Everything was read: otherwise the two sides disagree about the layout. */
  end(): void {
    if (this.#at !== this.numbers.length || this.#codeAt !== this.#codes.length - 1)
      throw new RangeError("the report packet holds more than its version says: rebuild core and loader together");
  }
}

function readRangeEnd(p: PacketReader): RangeEnd | Declined {
  if (!p.flag()) return { declined: p.code() };
  return {
    midi: p.number(),
    steadySeconds: p.number(),
    listen: p.span(),
    uncertaintySemitones: p.number(),
  };
}

function readTimbre(p: PacketReader): Timbre {
  const measure = (): Measure | null =>
    p.optional(() => ({ value: p.number(), deviation: p.number(), z: p.number(), share: p.number() }));
  const measures = Object.fromEntries(timbreMeasures.map((name) => [name, measure()]));
  return {
    measures: measures as Record<TimbreMeasure, Measure | null>,
    mfccShare: p.number(),
    mfccMean: p.list(13, () => p.number()),
    mfccDeviation: p.list(13, () => p.number()),
    words: p.list(p.number(), () => ({ z: p.number(), word: p.code(), measure: p.code() })),
  };
}

function readCapture(p: PacketReader): CaptureQuality {
  return {
    peakDb: p.number(),
    activeLevelDb: p.number(),
    snrDb: p.number(),
    clippedShare: p.number(),
    bandwidthHz: p.number(),
    humDb: p.number(),
    reverberationSeconds: p.number(),
    accompaniment: p.number(),
    speech: p.number(),
    instrument: p.number(),
    advice: p.list(p.number(), () => ({ value: p.number(), blocking: p.flag(), fault: p.code() })),
  };
}

function readNote(p: PacketReader): Note {
  return {
    span: p.span(),
    midi: p.number(),
    instabilityCents: p.number(),
    vibrato: p.optional(() => ({ rateHz: p.number(), extentCents: p.number() })),
  };
}

/** Throws RangeError when the packet is of another version than this loader. */
export function readReport(numbers: Float64Array, codes: string): VoiceReport {
  const p = new PacketReader(numbers, codes);
  const version = p.number();
  if (version !== packetVersion)
    throw new RangeError(`the core speaks packet version ${version}, this loader ${packetVersion}: rebuild them together`);
  const report: VoiceReport = {
    analyserVersion: p.number(),
    durationSeconds: p.number(),
    sourceRateHz: p.number(),
    voicedSeconds: p.number(),
    range: {
      lowest: readRangeEnd(p),
      highest: readRangeEnd(p),
      comfortableLow: readRangeEnd(p),
      comfortableHigh: readRangeEnd(p),
    },
    tessituraSeconds: p.list(128, () => p.number()),
    intonation: p.optional(() => ({
      tuningCents: p.number(),
      meanDistanceCents: p.number(),
      driftCentsPerMinute: p.number(),
      notes: p.number(),
    })),
    notes: p.list(p.number(), () => readNote(p)),
    glides: p.list(p.number(), () => ({ span: p.span(), fromMidi: p.number(), toMidi: p.number() })),
    timbre: readTimbre(p),
    capture: readCapture(p),
  };
  p.end();
  return report;
}
