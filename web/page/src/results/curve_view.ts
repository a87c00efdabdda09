// Which part of a pitch curve is seen, and where a moment and a pitch lie in it. Pure; pitch_curve.tsx draws.
export interface View {
  /** Seconds at the left edge. */
  from: number;
  /** Seconds from edge to edge. */
  width: number;
}

const narrowest = 2;

function within(view: View, duration: number): View {
  const width = Math.min(Math.max(view.width, Math.min(narrowest, duration)), duration);
  return { width, from: Math.min(Math.max(view.from, 0), duration - width) };
}

export const whole = (duration: number): View => ({ from: 0, width: duration });

/** By `share` of what is seen: positive to later. */
export function moved(view: View, share: number, duration: number): View {
  return within({ ...view, from: view.from + share * view.width }, duration);
}

/** factor < 1 sees less. The moment at `anchor` (0 left, 1 right) stays where it is. */
export function zoomed(view: View, factor: number, anchor: number, duration: number): View {
  const at = view.from + anchor * view.width;
  const width = within({ from: 0, width: view.width * factor }, duration).width;
  return within({ from: at - anchor * width, width }, duration);
}

/** The lowest and the highest pitch sung; null where nothing is. */
export function sungEnds(midi: readonly (number | null)[]): { low: number; high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (const pitch of midi) {
    if (pitch === null) continue;
    low = Math.min(low, pitch);
    high = Math.max(high, pitch);
  }
  return low > high ? null : { low, high };
}

/** Whole semitones around everything sung, an octave at least, so that a monotone does not fill the height. */
export function pitchSpan(midi: readonly (number | null)[]): { low: number; high: number } {
  const ends = sungEnds(midi);
  if (!ends) return { low: 54, high: 66 };
  const missing = Math.max(0, 12 - (ends.high - ends.low)) / 2;
  return { low: Math.floor(ends.low - missing) - 1, high: Math.ceil(ends.high + missing) + 1 };
}

/** Seconds between the lines of the time axis, so that about `most` of them are seen. */
export function tickSeconds(width: number, most: number): number {
  const steps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300];
  return steps.find((step) => width / step <= most) ?? 600;
}
