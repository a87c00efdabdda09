import type { PitchFrames } from "@orakgarak/core";

import { midiOfHertz } from "../text/notation";
import type { Curve } from "./messages";

/** Of the core's judges. */
const letters = ["-", "a", "n", "b"];

/** To the hundredth of a semitone, as the server's reports have it. */
export function curveOf(frames: PitchFrames, hopSeconds: number): Curve {
  const midi = Array.from(frames.f0Hz, (hertz) => (hertz > 0 ? Math.round(midiOfHertz(hertz) * 100) / 100 : null));
  const heardBy = Array.from(frames.judge, (judge) => letters[judge] ?? "-").join("");
  return { hopSeconds, midi, heardBy };
}
