import type { Language } from "../text/words";

/** 75 → "1:15". The same in all three languages. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** The day and the minute, as the reader writes them. */
export function whenText(language: Language, time: number | string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
}
