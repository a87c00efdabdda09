import { describe, expect, test } from "vitest";

import { firstHarmonicDb } from "./harmonics";
import { falsettoFrom, registerOf } from "./registers";

const holds = (levels: Record<number, number | null>) =>
  Object.entries(levels).map(([semitone, firstHarmonicDb]) => ({
    semitone: Number(semitone), midi: Number(semitone), startSeconds: 0, endSeconds: 1, firstHarmonicDb,
  }));

/** Harmonics that fall by so many dB an octave. */
function tone(f0: number, rate: number, fall: number): Float32Array {
  return Float32Array.from({ length: Math.round(0.05 * rate) }, (_, i) => {
    let sum = 0;
    for (let k = 1; k * f0 < rate / 2; ++k) sum += 0.1 * k ** (-fall / 6.02) * Math.sin((2 * Math.PI * k * f0 * i) / rate);
    return sum;
  });
}

describe("chest voice and falsetto", () => {
  test("are told apart by the level of the first harmonic, at any rate and level", () => {
    for (const rate of [16000, 44100, 48000]) {
      const chest = firstHarmonicDb(tone(220, rate, 6), 220, rate) ?? NaN;
      const falsetto = firstHarmonicDb(tone(220, rate, 14), 220, rate) ?? NaN;
      expect(chest).toBeCloseTo((6 * (1 + 1.585 + 2 + 2.322)) / 4, 0); // the mean fall to harmonics 2 to 5
      expect(falsetto - chest).toBeGreaterThan(10);
      expect(firstHarmonicDb(tone(220, rate, 6).map((x) => x / 50), 220, rate)).toBeCloseTo(chest, 1);
    }
  });

  test("are parted where it jumps and stays", () => {
    expect(falsettoFrom(holds({ 55: 2, 57: 3, 59: 3, 61: 4, 63: 5, 64: 14, 65: 15, 67: 16 }))).toBe(64);
  });

  test("are not told apart by a slow rise, by one dull vowel, or by too few notes", () => {
    expect(falsettoFrom(holds({ 55: 0, 57: 1.5, 59: 3, 61: 4.5, 63: 6, 65: 7.5, 67: 9 }))).toBeNull();
    expect(falsettoFrom(holds({ 55: 2, 57: 3, 59: 3, 61: 14, 63: 3, 65: 4, 67: 4 }))).toBeNull();
    expect(falsettoFrom(holds({ 60: 2, 72: 15 }))).toBeNull();
    expect(falsettoFrom(holds({ 55: null, 57: null, 59: null, 61: null, 63: null }))).toBeNull();
  });

  test("name a pitch only when they are known", () => {
    expect([registerOf(63.6, 64), registerOf(62, 64), registerOf(62, null)]).toEqual(["falsetto", "chest", null]);
  });
});
