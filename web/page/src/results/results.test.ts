import { describe, expect, test } from "vitest";

import { moved, pitchSpan, tickSeconds, whole, zoomed } from "./curve_view";
import { isTold, readReportJson, type ReportJson } from "./report";

const json: ReportJson = {
  analyser_version: 1, duration_s: 21, source_rate_hz: 48000, voiced_s: 16.4,
  range: {
    lowest: { midi: null },
    highest: { midi: 72.28, uncertainty_semitones: 0.17, steady_s: 0.96, listen: { start_s: 11.43, end_s: 11.95 } },
    comfortable_low: { midi: null },
    comfortable_high: { midi: 72, uncertainty_semitones: 0.13, steady_s: 1.2, listen: { start_s: 11.4, end_s: 12.6 } },
    declined: { lowest: { code: "second_voice" } },
  },
  tessitura: [{ midi: 60, seconds: 4.4 }],
  intonation: null,
  timbre: { spectral_centroid_hz: { value: 519, deviation: 2, z: 0.1, share: 1 }, h1_h2_db: null, words: [] },
  notes: [{ start_s: 0.4, end_s: 0.9, midi: 60, instability_cents: 15, vibrato: { rate_hz: 5.5, extent_cents: 20 } }],
  glides: [],
  capture: { peak_db: -9, snr_db: 31, advice: [{ fault: "clipped", value: null, blocking: false }] },
  curve: { hop_seconds: 0.05, midi: [null, 60.1] },
};

describe("a report of the server", () => {
  const { report, curve } = readReportJson(json);

  test("has the shape that the voice core gives", () => {
    expect(report.range.highest).toEqual({
      midi: 72.28, uncertaintySemitones: 0.17, steadySeconds: 0.96, listen: { startSeconds: 11.43, endSeconds: 11.95 },
    });
    expect(report.tessituraSeconds.length).toBe(128);
    expect(report.tessituraSeconds[60]).toBe(4.4);
    expect(report.notes[0]?.vibrato).toEqual({ rateHz: 5.5, extentCents: 20 });
    expect(report.timbre.measures.instability_cents).toBeNull();
    expect(curve).toEqual({ hopSeconds: 0.05, midi: [null, 60.1] });
  });

  test("says what became of an accompaniment that was sent along, and nothing where none was", () => {
    const backing = (told: ReportJson["backing"]) => readReportJson({ ...json, ...(told && { backing: told }) }).backing;
    expect(backing(undefined)).toBeNull();
    expect(backing({ removed_db: 23.1 })).toEqual({ removedDb: 23.1, whyNot: null });
    expect(backing({ removed_db: 0, why_not: { code: "backing_not_heard" } })).toMatchObject({ whyNot: "backing_not_heard" });
  });

  test("says why an end was declined, and that it does not know why where it does not", () => {
    const { lowest, comfortableLow } = report.range;
    expect(isTold(lowest)).toBe(false);
    expect([lowest, comfortableLow]).toEqual([{ declined: "second_voice" }, { declined: "unknown" }]);
  });
});

describe("the part of the curve that is seen", () => {
  test("stays inside the take", () => {
    expect(moved(whole(20), 1, 20)).toEqual({ from: 0, width: 20 });
    expect(moved({ from: 15, width: 4 }, 1, 20)).toEqual({ from: 16, width: 4 });
    expect(zoomed({ from: 16, width: 4 }, 2, 1, 20)).toEqual({ from: 12, width: 8 });
    expect(zoomed(whole(20), 4, 0.5, 20)).toEqual({ from: 0, width: 20 });
  });

  test("keeps the moment under the pointer where it is", () => {
    expect(zoomed({ from: 0, width: 20 }, 0.5, 0.25, 20)).toEqual({ from: 2.5, width: 10 });
  });

  test("is never narrower than two seconds, or the take where that is shorter", () => {
    expect(zoomed({ from: 5, width: 4 }, 0.1, 0, 20).width).toBe(2);
    expect(zoomed(whole(1), 0.1, 0, 1)).toEqual({ from: 0, width: 1 });
  });

  test("covers an octave even of a single note, and something where nothing is sung", () => {
    expect(pitchSpan([60, null, 60.4])).toEqual({ low: 53, high: 68 });
    expect(pitchSpan([null])).toEqual({ low: 54, high: 66 });
  });

  test("has not more lines than fit", () => {
    expect([tickSeconds(20, 6), tickSeconds(2, 6), tickSeconds(1200, 6), tickSeconds(9999, 6)]).toEqual([5, 0.5, 300, 600]);
  });
});
