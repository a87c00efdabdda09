// Pitch from left to right over a keyboard: where a voice reaches, where it is at ease, and how long something
// is sung on each semitone. The same picture for a take, a profile and a song, so that one learns it once.
import type { CSSProperties } from "react";

import { usePreferences } from "../settings/preferences";
import { nearestSemitone, noteName } from "../text/notation";
import { cx } from "./parts";
import styles from "./pitch_chart.module.css";

export interface Band {
  low: number | null;
  high: number | null;
}

export interface PitchChartProps {
  /** What the picture says, in words. */
  label: string;
  full: Band;
  comfortable: Band;
  /** MIDI number → seconds. */
  seconds?: ReadonlyMap<number, number>;
  /** Known by its ends alone: drawn as marks. */
  ends?: Band;
  /** Bars tell by their colour where they lie in the range. */
  judged?: boolean;
  /** The chart shows at least this; it does not jump when a song moves through its keys. */
  atLeast?: Band;
}

const black = new Set([1, 3, 6, 8, 10]);

type Place = "inside" | "reach" | "beyond";

function placeOf(midi: number, full: Band, comfortable: Band): Place {
  const within = (band: Band, slack: number) =>
    (band.low === null || midi >= band.low - slack) && (band.high === null || midi <= band.high + slack);
  if (comfortable.low !== null && comfortable.high !== null && within(comfortable, 0.5)) return "inside";
  return within(full, 0.5) ? "reach" : "beyond";
}

/** The semitones to show: everything known and a little around it, at least two octaves. */
export function chartSpan(pitches: readonly (number | null)[]): { low: number; high: number } {
  const known = pitches.filter((pitch): pitch is number => pitch !== null).map(nearestSemitone);
  if (known.length === 0) return { low: 48, high: 72 };
  const low = Math.min(...known) - 1;
  const high = Math.max(...known) + 1;
  const missing = Math.max(0, 24 - (high - low));
  return { low: low - Math.floor(missing / 2), high: high + Math.ceil(missing / 2) };
}

/** An end that is not known fades out. */
function open({ low, high }: Band): string | undefined {
  if (low === null) return styles.openLow;
  return high === null ? styles.openHigh : undefined;
}

const at = (left: number, width: number): CSSProperties => ({ left: `${left * 100}%`, width: `${width * 100}%` });

export function PitchChart(props: PitchChartProps) {
  const { label, full, comfortable, seconds, ends, judged } = props;
  const { notation } = usePreferences();
  const bars = [...(seconds ?? [])].filter(([, s]) => s > 0);
  const span = chartSpan([
    full.low, full.high, comfortable.low, comfortable.high, ends?.low ?? null, ends?.high ?? null,
    props.atLeast?.low ?? null, props.atLeast?.high ?? null, ...bars.map(([midi]) => midi),
  ]);
  const count = span.high - span.low + 1;
  const left = (midi: number) => (midi - span.low) / count;
  const band = (b: Band): CSSProperties | null => {
    if (b.low === null && b.high === null) return null;
    const from = b.low === null ? 0 : left(b.low);
    const to = b.high === null ? 1 : left(b.high) + 1 / count;
    return at(from, to - from);
  };
  const most = Math.max(0, ...bars.map(([, s]) => s));
  const keys = Array.from({ length: count }, (_, i) => span.low + i);
  const fullAt = band(full);
  const comfortableAt = band(comfortable);
  return (
    <div className={styles.chart} role="img" aria-label={label}>
      <div className={cx(styles.field, bars.length === 0 && !ends && styles.flat)}>
        {fullAt && <div className={cx(styles.full, open(full))} style={fullAt} />}
        {comfortableAt && <div className={cx(styles.comfortable, open(comfortable))} style={comfortableAt} />}
        {bars.map(([midi, s]) => (
          <div
            key={midi}
            className={cx(styles.bar, judged && styles[placeOf(midi, full, comfortable)])}
            style={{ ...at(left(midi), 1 / count), height: `${Math.max(2, (s / most) * 100)}%` }}
          />
        ))}
        {[ends?.low, ends?.high].map(
          (midi) =>
            midi !== null &&
            midi !== undefined && (
              <div key={midi} className={cx(styles.end, judged && styles[placeOf(midi, full, comfortable)])} style={at(left(midi), 1 / count)} />
            ),
        )}
      </div>
      <div className={styles.keys}>
        {keys.map((midi) => (
          <div key={midi} className={cx(styles.key, black.has(((midi % 12) + 12) % 12) && styles.black)} />
        ))}
      </div>
      <div className={styles.names}>
        {keys
          .filter((midi) => midi % 12 === 0)
          .map((midi) => (
            <span key={midi} style={{ left: `${(left(midi) + 0.5 / count) * 100}%` }}>
              {noteName(midi, notation)}
            </span>
          ))}
      </div>
    </div>
  );
}
