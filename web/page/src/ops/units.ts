import type { Language } from "../text";

const steps = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
] as const;

/** 0.42 → "0.42 sec", 125 → "2 min": in the largest unit of which there is one. */
export function span(language: Language, seconds: number): string {
  const step = steps.find((known) => seconds >= known.seconds) ?? { unit: "second", seconds: 1 };
  const value = Math.max(0, seconds) / step.seconds;
  const digits = step.unit === "second" && value < 10 ? 2 : 0;
  return new Intl.NumberFormat(language, {
    style: "unit", unit: step.unit, unitDisplay: "short", maximumFractionDigits: digits, roundingMode: "trunc",
  }).format(value);
}

/** Of two RFC 3339 times. */
export const secondsBetween = (from: string, to: string | number) => (new Date(to).getTime() - new Date(from).getTime()) / 1000;

export function mebibytes(language: Language, bytes: number): string {
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(bytes / 2 ** 20)} MiB`;
}

export function timeText(language: Language, time: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" }).format(new Date(time));
}
