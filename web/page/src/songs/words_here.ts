// What was said of songs where nothing is sent: kept in this browser alone.
import type { Feedback } from "./source";

const key = "orakgarak.said";

export function saidHere(): Feedback[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]") as Feedback[];
  } catch {
    return []; // storage is closed to us
  }
}

/** A later word on a song takes the place of an earlier one; null takes it back. Throws where it cannot be kept. */
export function sayHere(song: string, said: Feedback | null): void {
  const others = saidHere().filter((other) => other.song !== song);
  localStorage.setItem(key, JSON.stringify(said ? [...others, said] : others));
}

export function forgetSaidHere(): void {
  localStorage.removeItem(key);
}
