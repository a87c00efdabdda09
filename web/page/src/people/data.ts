// What the server tells of recordings and albums, and how they are called.
import { answer, api, type Schema } from "../api/client";
import { whenText } from "../look/time";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";

export type Recording = Schema["Recording"];
export type Album = Schema["Album"];
export type WholeAlbum = Schema["WholeAlbum"];

interface Titled {
  title: string;
  sung: string;
}

/** What a recording is called where it has no title of its own. */
export function useTitleOf(): (recording: Titled) => string {
  const t = useText();
  const { language } = usePreferences();
  return ({ title, sung }) => (title === "" ? t.people.untitled(whenText(language, sung)) : title);
}

interface Page<T> {
  items: T[];
  next: string | null;
}
type Query = { limit: number; cursor?: string };

/** All pages of a list that is short by nature. */
export async function allOf<T>(load: (query: Query) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Page<T> = await load({ limit: 100, ...(cursor !== "" && { cursor }) });
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}

export const recordingSound = async (id: string, download = false): Promise<string> =>
  (await answer(api.GET("/v1/recordings/{id}/sound", { params: { path: { id }, query: { download } } }))).url;

/** null: none was kept of it. */
export async function recordingWaveform(id: string): Promise<Schema["Waveform"] | null> {
  const { data } = await api.GET("/v1/recordings/{id}/waveform", { params: { path: { id } } });
  return data ?? null;
}
