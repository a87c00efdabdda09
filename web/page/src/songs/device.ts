// Songs chosen in this browser: the matcher in WebAssembly, the catalogue as the server gives it to anybody, and
// the takes that were measured here.
import coreUrl from "@orakgarak/core.wasm?url";
import { SongCore, type Singer } from "@orakgarak/core";

import { ApiError } from "../api/client";
import { listAnalyses, listTakes } from "../store/takes";
import type { SongSource } from "./source";
import { saidHere, sayHere } from "./words_here";

/** The browser's own cache asks only whether the catalogue has changed. */
async function fetched(url: string): Promise<Response> {
  const response = await fetch(url, { cache: "no-cache" }).catch(() => {
    throw new ApiError("offline", "the server cannot be reached");
  });
  if (!response.ok) throw new ApiError("http", `the server answered ${response.status}`, response.status);
  return response;
}

let loading: Promise<SongCore> | null = null;

function core(): Promise<SongCore> {
  loading ??= Promise.all([fetch(coreUrl).then((r) => r.arrayBuffer()), fetched("/v1/catalogue").then((r) => r.text())])
    .then(([bytes, catalogue]) => SongCore.load(bytes, catalogue))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}

async function singer(): Promise<Singer> {
  const takes = new Map((await listTakes()).map((take) => [take.id, take]));
  const sung = (await listAnalyses()).flatMap(({ id, report }) => {
    const take = takes.get(id);
    return take ? [{ id, report, when: new Date(take.startedAt), struck: take.struck }] : [];
  });
  return { takes: sung, said: saidHere() };
}

export const deviceSongs: SongSource = {
  place: "device",
  async recommend(filters, language, limit) {
    return (await core()).recommend(await singer(), {
      lowestKey: filters.lowKey,
      highestKey: filters.highKey,
      decades: filters.decades,
      languages: filters.languages,
      preferLanguages: filters.ownFirst ? [language] : [],
      hideUncertainOctave: filters.hideUncertain,
      limit,
    });
  },
  async song(id) {
    const page = (await core()).songPage(id, await singer());
    if (!page) throw new ApiError("no_such_song", "the catalogue has no such song", 404);
    return page;
  },
  async find(search) {
    return (await core()).find(search, 20);
  },
  say(song, { verdict, key_shift, octave_shift = 0 }) {
    const said = { song, verdict, key_shift, octave_shift, at: new Date().toISOString() };
    sayHere(song, said);
    return Promise.resolve(said);
  },
  unsay(song) {
    sayHere(song, null);
    return Promise.resolve();
  },
};
