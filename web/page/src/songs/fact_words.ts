// A fact of the matcher as a sentence in the reader's language and notation.
import type { Schema } from "../api/client";
import type { FactCode, FactSentences, FactWords } from "../text/facts";
import { noteName, type Notation } from "../text/notation";
import { number, type Language } from "../text/words";

type Fact = Schema["Fact"];

/** "+2", "−1", "0": as it is set on the machine. */
export function keyName(key: number): string {
  if (key === 0) return "0";
  return `${key < 0 ? "−" : "+"}${Math.abs(key)}`;
}

function wordsOf(fact: Fact, language: Language, notation: Notation): FactWords {
  const note = (midi: number | undefined) => (midi === undefined ? "?" : noteName(midi, notation));
  const tenths = (value: number | undefined) =>
    value === undefined ? null : new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
  return {
    key: keyName(fact.key),
    limit: note(fact.limit_midi),
    lowLimit: note(fact.low_limit_midi),
    note: note(fact.note_midi),
    lowNote: note(fact.low_note_midi),
    seconds: tenths(fact.seconds),
    secondsAtNote: tenths(fact.seconds_at_note),
    margin: tenths(fact.margin_semitones) ?? "?",
    atLimit: fact.margin_semitones !== undefined && Math.round(fact.margin_semitones * 10) === 0,
    share: `${number(language, (fact.share ?? 0) * 100)}%`,
    octaves: fact.octaves ?? 0,
    chartPeak: fact.chart_peak ?? null,
    albumRank: fact.album_rank ?? null,
  };
}

/** null: this page does not know the code; a newer server may. */
export function factText(fact: Fact, text: { facts: FactSentences }, language: Language, notation: Notation): string | null {
  const sentence = text.facts[fact.code as FactCode] as ((w: FactWords) => string) | undefined;
  return sentence ? sentence(wordsOf(fact, language, notation)) : null;
}
