import { describe, expect, test } from "vitest";

import { endWay, hear, patienceSeconds, startRangeTest, waitLonger, type RangeTest } from "./range_test";

const hop = 0.01;

/** Goes on with the test while `midi` (a function of the time since then) is sung. */
function sung(before: RangeTest, seconds: number, midi: (seconds: number) => number | null): RangeTest {
  let after = before;
  const from = before.now;
  for (let i = 1; i <= Math.round(seconds / hop); ++i)
    after = hear(after, { seconds: from + i * hop, midi: midi(i * hop), levelDb: -20, firstHarmonicDb: null });
  return after;
}
const hold = (before: RangeTest, seconds: number, midi: number) => sung(before, seconds, () => midi);
const rest = (before: RangeTest, seconds: number) => sung(before, seconds, () => null);

/** A comfortable C4 was found. */
const begun = (way: "steps" | "glide" = "steps") => rest(hold(startRangeTest(way), 1, 60), 0.3);

describe("the range test", () => {
  test("begins with a note that is held, and not with one that is passed through", () => {
    const slid = sung(startRangeTest("steps"), 1.5, (seconds) => 55 + 6 * seconds);
    expect(slid.phase).toBe("find");
    expect(begun()).toMatchObject({ phase: "down", comfortable: 60, lowest: 60, highest: 60, target: 59 });
  });

  test("asks for the next semitone down when one was held, vibrato and all", () => {
    const after = sung(begun(), 0.7, (seconds) => 59.1 + 0.4 * Math.sin(2 * Math.PI * 5.5 * seconds));
    expect(after).toMatchObject({ phase: "down", lowest: 59, target: 58 });
  });

  test("takes a lower note than the one it asked for", () => {
    expect(hold(begun(), 0.7, 55)).toMatchObject({ lowest: 55, target: 54 });
  });

  test("does not count a note that was reached before", () => {
    const after = hold(rest(hold(begun(), 0.7, 59), 0.3), 3, 59);
    expect(after).toMatchObject({ lowest: 59, target: 58, progress: 0, hint: "lower" });
  });

  test("does not count an octave jump that is shorter than a hold", () => {
    const after = sung(begun(), 1, (seconds) => (seconds > 0.3 && seconds < 0.6 ? 48 : 60));
    expect(after.lowest).toBe(60);
  });

  test("bridges a gap of a few frames, and no breath", () => {
    const gap = (length: number) => sung(begun(), 0.64, (s) => (s > 0.3 && s < 0.3 + length ? null : 59));
    expect(gap(0.05).lowest).toBe(59);
    expect(gap(0.2).lowest).toBe(60);
  });

  test("says which way to go, and when it is an octave", () => {
    expect(hold(begun(), 0.2, 61).hint).toBe("lower");
    expect(hold(begun(), 0.2, 71).hint).toBe("octave_above");
    expect(hold(begun(), 0.2, 59).hint).toBe("hold");
    expect(rest(begun(), 0.5).hint).toBe("sing");
  });

  test("turns upwards, from above the comfortable note, by a word or when nothing new comes for long", () => {
    expect(endWay(begun())).toMatchObject({ phase: "up", target: 61 });
    expect(rest(begun(), patienceSeconds - 0.5).phase).toBe("down");
    expect(rest(begun(), patienceSeconds + 0.1).phase).toBe("up");
    expect(rest(waitLonger(rest(begun(), patienceSeconds - 0.5)), 2).phase).toBe("down");
  });

  test("ends after the way up", () => {
    const top = hold(endWay(hold(begun(), 0.7, 57)), 0.7, 66);
    expect(top).toMatchObject({ phase: "up", highest: 66, target: 67 });
    const done = endWay(top);
    expect(done).toMatchObject({ phase: "done", lowest: 57, highest: 66, target: null });
    expect(hold(done, 1, 80)).toEqual(done);
    expect(done.holds.map(({ semitone }) => semitone)).toEqual([60, 57, 66]);
  });

  test("asks for no particular note when one slides freely", () => {
    const low = sung(begun("glide"), 2, (seconds) => Math.max(45, 60 - 12 * seconds));
    expect(low).toMatchObject({ target: null, lowest: 45 });
  });
});
