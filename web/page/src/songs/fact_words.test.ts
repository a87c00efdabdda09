import { describe, expect, test } from "vitest";

import header from "../../../../src/songs/reason.h?raw";
import { factCodes, facts } from "../text/facts";
import { notationOf } from "../text/notation";
import { languages, type Language } from "../text/words";
import { factText, keyName } from "./fact_words";

const text = (language: Language) => ({ facts: facts[language] });
const whole = {
  key: -2, limit_midi: 67, low_limit_midi: 48, note_midi: 69, low_note_midi: 50, seconds: 12.34, seconds_at_note: 0.4,
  margin_semitones: 2, share: 0.834, octaves: -1, chart_peak: 3,
};

describe("a fact", () => {
  test("is a sentence in each language, with nothing left open", () => {
    for (const language of languages)
      for (const code of factCodes) {
        const sentence = factText({ ...whole, code }, text(language), language, notationOf(language));
        expect(sentence, `${language} ${code}`).toMatch(/\S/);
        expect(sentence, `${language} ${code}`).not.toMatch(/\?|null|undefined|NaN/);
      }
  });

  test("has a sentence for every code there is", () => {
    const known = header.slice(header.indexOf("enum class ReasonCode"), header.indexOf("};")).match(/^ {2}[a-z_]+(?=, )/gm);
    expect(known?.map((code) => code.trim()).sort()).toEqual([...factCodes].sort());
  });

  test("reads as a singer would say it", () => {
    const say = (language: Language, code: string, more = {}) =>
      factText({ ...whole, code, ...more }, text(language), language, notationOf(language));
    expect(say("en", "above_comfortable")).toBe("12.3 s above your comfortable G4, 0.4 s at its highest, A4");
    expect(say("ko", "clear_in_key")).toBe("−2키로 부르면 편한 최고음 2옥타브 솔보다 높은 음이 없어요");
    expect(say("ko", "clear_in_key", { key: 0 })).toBe("원키로 부르면 편한 최고음 2옥타브 솔보다 높은 음이 없어요");
    expect(say("ja", "top_comfortable", { note_midi: 67, margin_semitones: 0.04 })).toBe("一番高いmid2Gは、ちょうど楽に出せる最高音です");
    expect(say("en", "mostly_comfortable")).toBe("83% of it lies in your comfortable range");
    expect(say("en", "well_known", { chart_peak: undefined, album_rank: 7 })).toBe("Well known: number 7 of the 500 greatest songs");
  });

  test("of a newer server that this page does not know is left out", () => {
    expect(factText({ code: "moon_phase", key: 0 }, text("en"), "en", "scientific")).toBeNull();
  });

  test("names keys as machines do", () => {
    expect([-3, 0, 2].map(keyName)).toEqual(["−3", "0", "+2"]);
  });
});
