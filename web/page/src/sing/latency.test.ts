import { describe, expect, test } from "vitest";

import { latencyOf } from "./latency";

const rate = 48000;
const clicks = [1, 1.4, 1.8, 2.2, 2.6];

/** What blocks of 256 samples over three seconds say of clicks heard at these times over a room's noise. */
function room(heard: readonly number[], noise = 0.001) {
  return Array.from({ length: Math.floor((3.2 * rate) / 256) }, (_, i) => {
    const from = i * 256;
    const at = heard.map((seconds) => Math.round(seconds * rate)).find((frame) => frame >= from && frame < from + 256);
    return at === undefined ? { peak: noise, peakFrame: from + 7 } : { peak: 0.2, peakFrame: at };
  });
}

describe("the latency from loudspeaker to microphone", () => {
  test("is the middle of what the clicks say", () => {
    const heard = clicks.map((at, i) => at + 0.12 + 0.001 * i);
    expect(latencyOf(room(heard), clicks, rate)).toBeCloseTo(0.122, 4);
  });

  test("does not follow one door that slams", () => {
    const heard = clicks.map((at, i) => at + (i === 1 ? 0.03 : 0.12));
    expect(latencyOf(room(heard), clicks, rate)).toBeCloseTo(0.12, 4);
  });

  test("is unknown where most clicks are not heard, or do not agree", () => {
    expect(latencyOf(room([]), clicks, rate)).toBeNull();
    expect(latencyOf(room([1.12, 1.52]), clicks, rate)).toBeNull();
    expect(latencyOf(room(clicks.map((at, i) => at + 0.05 * (i + 1))), clicks, rate)).toBeNull();
    expect(latencyOf(room(clicks.map((at) => at + 0.12), 0.1), clicks, rate)).toBeNull(); // drowned by the room
  });
});
