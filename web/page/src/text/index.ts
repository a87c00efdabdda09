// const t = useText(); t.sing.start: everything that the page says, in the reader's language.
import { usePreferences } from "../settings/preferences";
import { account } from "./account";
import { capture } from "./capture";
import { common } from "./common";
import { facts } from "./facts";
import { home } from "./home";
import { people } from "./people";
import { results } from "./results";
import { settings } from "./settings";
import { sing } from "./sing";
import { songs } from "./songs";
import { upload } from "./upload";
import { voice } from "./voice";
import type { Language } from "./words";

export { languageNames, languages, number, plural, words, type Language } from "./words";

const areas = { common, capture, home, sing, upload, results, voice, songs, facts, settings, people, account };
export type Text = { [Area in keyof typeof areas]: (typeof areas)[Area][Language] };

export function text(language: Language): Text {
  return {
    common: common[language],
    capture: capture[language],
    home: home[language],
    sing: sing[language],
    upload: upload[language],
    results: results[language],
    voice: voice[language],
    songs: songs[language],
    facts: facts[language],
    settings: settings[language],
    people: people[language],
    account: account[language],
  };
}

const all = { ko: text("ko"), en: text("en"), ja: text("ja") };

export function useText(): Text {
  return all[usePreferences().language];
}
