// One dictionary, cut by area so that each stays on a screen. An area lists its three languages side by side;
// a key that one of them lacks, or has beyond the others, is a type error.
export const languages = ["ko", "en", "ja"] as const;
export type Language = (typeof languages)[number];

/** Each language in its own words, for the switch. */
export const languageNames: Record<Language, string> = { ko: "한국어", en: "English", ja: "日本語" };

export function words<T extends object>(area: { en: T; ko: NoInfer<T>; ja: NoInfer<T> }): Record<Language, T> {
  return area;
}

/** "1 take", "2 takes". Korean and Japanese have one form only and need no call of this. */
export function plural(n: number, one: string, other: string): string {
  return `${number("en", n)} ${new Intl.PluralRules("en").select(n) === "one" ? one : other}`;
}

export function number(language: Language, value: number, digits = 0): string {
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}
