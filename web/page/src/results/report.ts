// The server's report (docs/schema/analyze.schema.json, with its curve) as the voice core's own type: screens
// know one shape, whether a take was measured there or here.
import { timbreMeasures, type Declined, type Measure, type RangeEnd, type VoiceReport } from "@orakgarak/core";

export interface PitchCurve {
  hopSeconds: number;
  /** null where nothing is sung. */
  midi: (number | null)[];
  /** What vouches for each: both methods (b), autocorrelation (a) or the network (n) alone; not in old reports. */
  heardBy?: string;
}

export interface Heard {
  report: VoiceReport;
  curve: PitchCurve;
  /** What the server made of an accompaniment. whyNot: a code; it is then still in what was measured. */
  backing?: { removedDb: number; whyNot: string | null } | null;
}

export const isTold = (end: RangeEnd | Declined): end is RangeEnd => "midi" in end;

interface SpanJson {
  start_s: number;
  end_s: number;
}
interface EndJson {
  midi: number | null;
  uncertainty_semitones?: number;
  steady_s?: number;
  listen?: SpanJson;
}
type EndName = "lowest" | "highest" | "comfortable_low" | "comfortable_high";

/** What of the schema is shown; everything else is left where it is. */
export interface ReportJson {
  analyser_version: number;
  duration_s: number;
  source_rate_hz: number;
  voiced_s: number;
  range: Record<EndName, EndJson> & { declined?: Partial<Record<EndName, { code: string }>> };
  tessitura: { midi: number; seconds: number }[];
  intonation: null | {
    tuning_cents: number;
    mean_distance_cents: number;
    drift_cents_per_minute: number;
    notes: number;
  };
  timbre: Record<string, Measure | null | object> & { words: { word: string; measure: string; z: number }[] };
  notes: (SpanJson & { midi: number; instability_cents: number; vibrato: null | { rate_hz: number; extent_cents: number } })[];
  glides: (SpanJson & { from_midi: number; to_midi: number })[];
  capture: Record<string, number | object> & {
    advice: { fault: string; value: number | null; blocking: boolean }[];
  };
  curve: { hop_seconds: number; midi: (number | null)[]; heard_by?: string };
  backing?: { removed_db: number; why_not?: { code: string } };
}

const span = (s: SpanJson) => ({ startSeconds: s.start_s, endSeconds: s.end_s });

function endOf(range: ReportJson["range"], name: EndName): RangeEnd | Declined {
  const end = range[name];
  if (end.midi === null) return { declined: range.declined?.[name]?.code ?? "unknown" };
  return {
    midi: end.midi,
    steadySeconds: end.steady_s ?? 0,
    listen: span(end.listen ?? { start_s: 0, end_s: 0 }),
    uncertaintySemitones: end.uncertainty_semitones ?? 0,
  };
}

function timbreOf(timbre: ReportJson["timbre"]): VoiceReport["timbre"] {
  const measures = timbreMeasures.map((name) => [name, (timbre[name] as Measure | null | undefined) ?? null]);
  return {
    measures: Object.fromEntries(measures) as VoiceReport["timbre"]["measures"],
    mfccShare: 0,
    mfccMean: [],
    mfccDeviation: [],
    words: timbre.words,
  };
}

function captureOf(capture: ReportJson["capture"]): VoiceReport["capture"] {
  const number = (name: string): number => (typeof capture[name] === "number" ? capture[name] : 0);
  return {
    peakDb: number("peak_db"),
    activeLevelDb: number("active_level_db"),
    snrDb: number("snr_db"),
    clippedShare: number("clipped_share"),
    bandwidthHz: number("bandwidth_hz"),
    humDb: number("hum_db"),
    reverberationSeconds: number("reverberation_s"),
    accompaniment: number("accompaniment"),
    speech: number("speech"),
    instrument: number("instrument"),
    advice: capture.advice.map(({ fault, value, blocking }) => ({ fault, value: value ?? 0, blocking })),
  };
}

function tessituraOf(tessitura: ReportJson["tessitura"]): number[] {
  const seconds = Array<number>(128).fill(0);
  for (const { midi, seconds: sung } of tessitura) seconds[midi] = sung;
  return seconds;
}

export function readReportJson(json: ReportJson): Heard {
  const { range, intonation } = json;
  return {
    report: {
      analyserVersion: json.analyser_version,
      durationSeconds: json.duration_s,
      sourceRateHz: json.source_rate_hz,
      voicedSeconds: json.voiced_s,
      range: {
        lowest: endOf(range, "lowest"),
        highest: endOf(range, "highest"),
        comfortableLow: endOf(range, "comfortable_low"),
        comfortableHigh: endOf(range, "comfortable_high"),
      },
      tessituraSeconds: tessituraOf(json.tessitura),
      intonation: intonation && {
        tuningCents: intonation.tuning_cents,
        meanDistanceCents: intonation.mean_distance_cents,
        driftCentsPerMinute: intonation.drift_cents_per_minute,
        notes: intonation.notes,
      },
      notes: json.notes.map((note) => ({
        span: span(note),
        midi: note.midi,
        instabilityCents: note.instability_cents,
        vibrato: note.vibrato && { rateHz: note.vibrato.rate_hz, extentCents: note.vibrato.extent_cents },
      })),
      glides: json.glides.map((glide) => ({ span: span(glide), fromMidi: glide.from_midi, toMidi: glide.to_midi })),
      timbre: timbreOf(json.timbre),
      capture: captureOf(json.capture),
    },
    backing: json.backing ? { removedDb: json.backing.removed_db, whyNot: json.backing.why_not?.code ?? null } : null,
    curve: {
      hopSeconds: json.curve.hop_seconds, midi: json.curve.midi,
      ...(json.curve.heard_by === undefined ? {} : { heardBy: json.curve.heard_by }),
    },
  };
}
