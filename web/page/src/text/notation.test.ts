import { describe, expect, test } from "vitest";

import { centsOff, noteName, notationOf, semitonesBetween } from "./notation";

describe("a note's name", () => {
  test("counts octaves from C in scientific notation", () => {
    expect([60, 59, 67, 0, -1].map((n) => noteName(n, "scientific"))).toEqual(["C4", "B3", "G4", "C-1", "B-2"]);
  });

  test("opens the second Korean octave at middle C", () => {
    expect([60, 67, 59, 72, 47].map((n) => noteName(n, "korean"))).toEqual([
      "2옥타브 도", "2옥타브 솔", "1옥타브 시", "3옥타브 도", "0옥타브 시",
    ]);
  });

  test("turns Japanese octaves over at A", () => {
    expect([67, 68, 69, 72, 81, 57, 56, 45, 44, 32].map((n) => noteName(n, "japanese"))).toEqual([
      "mid2G", "mid2G#", "hiA", "hiC", "hihiA", "mid2A", "mid1G#", "mid1A", "lowG#", "lowlowG#",
    ]);
  });

  test("is that of the nearest semitone, with what is left in cents", () => {
    expect(noteName(66.6, "scientific")).toBe("G4");
    expect(centsOff(66.6)).toBeCloseTo(-40, 9);
    expect(centsOff(67.2)).toBeCloseTo(20, 9);
    expect(semitonesBetween(47.8, 72.4)).toBe(24);
  });

  test("comes in the notation of the reader's language", () => {
    expect([notationOf("ko"), notationOf("ja"), notationOf("en")]).toEqual(["korean", "japanese", "scientific"]);
  });
});
