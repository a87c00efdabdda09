// The guided range test as plain data: frames of pitch in, what to ask of the singer next out. Nothing here
// knows of clocks or screens; time is the time of the take.
//
// What counts for the range is measured afterwards, on the whole take, by the voice core. This only leads.
import type { LiveFrame } from "./messages";
import { nearestSemitone } from "../text/notation";

export type Way = "steps" | "glide";
export type Phase = "find" | "down" | "up" | "done";
export type Hint = "sing" | "lower" | "higher" | "octave_above" | "octave_below" | "hold";

export interface Hold {
  semitone: number;
  /** Mean pitch. */
  midi: number;
  startSeconds: number;
  endSeconds: number;
  /** Median of the frames that tell it. */
  firstHarmonicDb: number | null;
}

interface Run {
  startSeconds: number;
  endSeconds: number;
  centre: number;
  midi: number[];
  firstHarmonicDb: number[];
}

export interface RangeTest {
  way: Way;
  phase: Phase;
  /** The semitone to hold next; null where any will do. */
  target: number | null;
  comfortable: number | null;
  lowest: number | null;
  highest: number | null;
  holds: Hold[];
  /** 0 to 1: how much of the hold that is asked for was sung. */
  progress: number;
  hint: Hint;
  /** Since when nothing new was reached, and now, both in the take's time. */
  waitingFrom: number;
  now: number;
  run: Run | null;
}

/** How long a note is to be held. A hold of 0.25 s counts for the range; being asked for more is safe. */
const holdSeconds = { find: 0.8, steps: 0.5, glide: 0.35 };
/** A run stays one note while it stays this near to its own moving centre: vibrato is narrower. */
const runSemitones = 0.7;
const centreMemory = 0.08;
const longestGap = 0.08;
/** After this long without anything new, one way has ended by itself: no hand is needed. */
export const patienceSeconds = 12;

export function startRangeTest(way: Way): RangeTest {
  return {
    way, phase: "find", target: null, comfortable: null, lowest: null, highest: null, holds: [],
    progress: 0, hint: "sing", waitingFrom: 0, now: 0, run: null,
  };
}

function nextRun(run: Run | null, frame: LiveFrame): Run | null {
  if (frame.midi === null) return run && frame.seconds - run.endSeconds <= longestGap ? run : null;
  const first = frame.firstHarmonicDb === null ? [] : [frame.firstHarmonicDb];
  if (!run || Math.abs(frame.midi - run.centre) > runSemitones)
    return { startSeconds: frame.seconds, endSeconds: frame.seconds, centre: frame.midi, midi: [frame.midi], firstHarmonicDb: first };
  return {
    startSeconds: run.startSeconds, endSeconds: frame.seconds,
    centre: run.centre + centreMemory * (frame.midi - run.centre),
    midi: [...run.midi, frame.midi], firstHarmonicDb: [...run.firstHarmonicDb, ...first],
  };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

function holdOf(run: Run): Hold {
  const midi = mean(run.midi);
  return {
    semitone: nearestSemitone(midi), midi, startSeconds: run.startSeconds, endSeconds: run.endSeconds,
    firstHarmonicDb: median(run.firstHarmonicDb),
  };
}

/** Is this further out than anything held before, on the way that is being walked? */
function isBeyond(test: RangeTest, semitone: number): boolean {
  if (test.phase === "down") return test.lowest === null || semitone < test.lowest;
  if (test.phase === "up") return test.highest === null || semitone > test.highest;
  return test.phase === "find";
}

function hintFor(test: RangeTest, run: Run | null): Hint {
  if (!run) return "sing";
  const { target } = test;
  if (target === null) return "hold";
  const off = run.centre - target;
  const outward = test.phase === "down" ? off <= 0.5 : off >= -0.5;
  if (outward) return "hold";
  if (Math.abs(off - 12) <= 1) return "octave_above";
  if (Math.abs(off + 12) <= 1) return "octave_below";
  return off > 0 ? "lower" : "higher";
}

function reached(test: RangeTest, hold: Hold): RangeTest {
  const holds = [...test.holds, hold];
  const fresh = { ...test, holds, run: null, progress: 0, waitingFrom: test.now, hint: "sing" as const };
  const step = (to: number) => (test.way === "steps" ? to : null);
  switch (test.phase) {
    case "find":
      return {
        ...fresh, phase: "down", comfortable: hold.semitone, lowest: hold.semitone, highest: hold.semitone,
        target: step(hold.semitone - 1),
      };
    case "down":
      return { ...fresh, lowest: hold.semitone, target: step(hold.semitone - 1) };
    case "up":
      return { ...fresh, highest: hold.semitone, target: step(hold.semitone + 1) };
    case "done":
      return test;
  }
}

/** One more frame of the take. */
export function hear(test: RangeTest, frame: LiveFrame): RangeTest {
  if (test.phase === "done") return test;
  const run = nextRun(test.run, frame);
  const next = { ...test, run, now: frame.seconds, hint: hintFor(test, run) };
  const wanted = test.phase === "find" ? holdSeconds.find : holdSeconds[test.way];
  const hold = run && run.midi.length > 1 ? holdOf(run) : null;
  const counts = hold !== null && isBeyond(test, hold.semitone);
  const sung = hold ? hold.endSeconds - hold.startSeconds : 0;
  if (hold && counts && sung >= wanted) return reached(next, hold);
  const waited = next.now - next.waitingFrom;
  if (test.phase !== "find" && waited >= patienceSeconds) return endWay(next);
  return { ...next, progress: counts ? Math.min(1, sung / wanted) : 0 };
}

/** "That is my lowest", "that is my highest": on to what comes next. */
export function endWay(test: RangeTest): RangeTest {
  const fresh = { ...test, run: null, progress: 0, waitingFrom: test.now, hint: "sing" as const };
  if (test.phase === "down")
    return { ...fresh, phase: "up", target: test.way === "steps" && test.comfortable !== null ? test.comfortable + 1 : null };
  if (test.phase === "up") return { ...fresh, phase: "done", target: null };
  return test;
}

/** "Once more": the singer asks for patience. */
export function waitLonger(test: RangeTest): RangeTest {
  return { ...test, run: null, progress: 0, waitingFrom: test.now };
}
