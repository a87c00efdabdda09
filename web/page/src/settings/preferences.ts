// What the reader chose, kept in this browser alone: language, notation, and whether anything may be sent.
import { useSyncExternalStore } from "react";

import { notationOf, notations, type Notation } from "../text/notation";
import { languages, type Language } from "../text/words";

/** server: takes are sent and analysed there. device: nothing leaves this browser. */
export type Mode = "server" | "device";

export interface Preferences {
  language: Language;
  /** Follows the language until it is chosen by itself. */
  notation: Notation;
  mode: Mode;
}

interface Chosen {
  language?: Language;
  notation?: Notation;
  mode?: Mode;
}

const key = "orakgarak.preferences";

function oneOf<T extends string>(all: readonly T[], value: unknown): T | undefined {
  return all.find((known) => known === value);
}

/** The first of the browser's languages that the page has. */
export function languageOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const known = oneOf(languages, tag.toLowerCase().split("-")[0]);
    if (known) return known;
  }
  return "en";
}

function readChosen(): Chosen {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    if (typeof raw !== "object" || raw === null) return {};
    const value = raw as Record<string, unknown>;
    const language = oneOf(languages, value["language"]);
    const notation = oneOf(notations, value["notation"]);
    const mode = oneOf(["server", "device"] as const, value["mode"]);
    return { ...(language && { language }), ...(notation && { notation }), ...(mode && { mode }) };
  } catch {
    return {}; // storage is closed to us: the choice then lasts as long as the page
  }
}

function resolve(chosen: Chosen): Preferences {
  const language = chosen.language ?? languageOf(navigator.languages);
  return { language, notation: chosen.notation ?? notationOf(language), mode: chosen.mode ?? "server" };
}

let chosen: Chosen = readChosen();
let current: Preferences = resolve(chosen);
const listeners = new Set<() => void>();

function apply(next: Chosen): void {
  chosen = next;
  current = resolve(next);
  document.documentElement.lang = current.language;
  for (const listener of listeners) listener();
}

export function startPreferences(): void {
  document.documentElement.lang = current.language;
  addEventListener("storage", (event) => {
    if (event.key === key) apply(readChosen());
  });
}

export function preferences(): Preferences {
  return current;
}

export function choose(change: Chosen): void {
  const next = { ...chosen, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // kept for this page only
  }
  apply(next);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
