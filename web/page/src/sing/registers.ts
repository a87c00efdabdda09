// Chest voice or falsetto? On the way up, the first harmonic gains on the others all the while; where a singer
// changes register it jumps. Without a clear jump nothing is claimed.
import type { Hold } from "./range_test";

/** Registers differ by 5 to 10 dB here (Henrich et al. 2005); one semitone of the same register by 1 or 2. */
const jumpDb = 6;
const chestNotes = 3;
const falsettoNotes = 2;

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The lowest semitone held in falsetto, or null where none can be told from chest voice. */
export function falsettoFrom(holds: readonly Hold[]): number | null {
  const told = holds
    .flatMap(({ semitone, firstHarmonicDb }) => (firstHarmonicDb === null ? [] : [{ semitone, db: firstHarmonicDb }]))
    .sort((a, b) => a.semitone - b.semitone);
  let best: { semitone: number; jump: number } | null = null;
  for (let at = chestNotes; at + falsettoNotes <= told.length; ++at) {
    const below = mean(told.slice(at - chestNotes, at).map(({ db }) => db));
    const above = told.slice(at).map(({ db }) => db);
    const jump = mean(above.slice(0, chestNotes)) - below;
    const stays = Math.min(...above) - below >= jumpDb / 2; // it is a register and not one dull vowel
    const first = told[at];
    if (first && stays && jump >= jumpDb && (!best || jump > best.jump)) best = { semitone: first.semitone, jump };
  }
  return best?.semitone ?? null;
}

export type Register = "chest" | "falsetto";

export function registerOf(midi: number, from: number | null): Register | null {
  return from === null ? null : midi >= from - 0.5 ? "falsetto" : "chest";
}
