// How a pitch is written for people: the same names as src/formats/notation.h. Inside, a pitch is a fractional
// MIDI number (A4 = 69); it becomes a name only where it is shown.
import type { Language } from "./words";

export const notations = ["scientific", "korean", "japanese"] as const;
export type Notation = (typeof notations)[number];

const letters = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
const syllables = ["도", "도#", "레", "레#", "미", "파", "파#", "솔", "솔#", "라", "라#", "시"];

export function notationOf(language: Language): Notation {
  return language === "ko" ? "korean" : language === "ja" ? "japanese" : "scientific";
}

export interface NoteName {
  /** What changes with every note: G, 솔. */
  step: string;
  /** The octave as this notation writes it: 4, 2옥타브, mid2. */
  octave: string;
  /** Both, as they are read: G4, 2옥타브 솔, mid2G. */
  full: string;
}

/** Octaves turn over at A; band 0 is mid2 (A3 to G#4). */
function japaneseBand(band: number): string {
  if (band === 0) return "mid2";
  if (band === -1) return "mid1";
  return band > 0 ? "hi".repeat(band) : "low".repeat(-1 - band);
}

/** The nearest semitone's name. Outside 0 to 127 the octave numbers simply go on. */
export function nameNote(midi: number, notation: Notation): NoteName {
  const semitone = nearestSemitone(midi);
  const octave = Math.floor(semitone / 12) - 1;
  const index = semitone - (octave + 1) * 12;
  const letter = letters[index] ?? "";
  switch (notation) {
    case "scientific":
      return { step: letter, octave: `${octave}`, full: `${letter}${octave}` };
    case "korean": {
      const step = syllables[index] ?? "";
      return { step, octave: `${octave - 2}옥타브`, full: `${octave - 2}옥타브 ${step}` };
    }
    case "japanese": {
      const band = japaneseBand(Math.floor((semitone - 57) / 12));
      return { step: letter, octave: band, full: `${band}${letter}` };
    }
  }
}

export function noteName(midi: number, notation: Notation): string {
  return nameNote(midi, notation).full;
}

/** Halves away from zero, as std::lround has it: Math.round alone would name −0.5 otherwise. */
export function nearestSemitone(midi: number): number {
  const rounded = Math.sign(midi) * Math.round(Math.abs(midi));
  return rounded === 0 ? 0 : rounded;
}

/** Distance from the note that noteName names, −50 to 50 cents. */
export function centsOff(midi: number): number {
  return (midi - nearestSemitone(midi)) * 100;
}

/** Semitones from one note to the other as they are named, wherever in them one sings. */
export function semitonesBetween(low: number, high: number): number {
  return nearestSemitone(high) - nearestSemitone(low);
}

export const midiOfHertz = (hertz: number): number => 69 + 12 * Math.log2(hertz / 440);
export const hertzOfMidi = (midi: number): number => 440 * 2 ** ((midi - 69) / 12);
