// Where songs come from: the server, or this browser alone. Screens take either.
import { answer, api, ApiError, type Schema } from "../api/client";
import type { Language } from "../text";

export type Song = Schema["Song"];
export type Match = Schema["Match"];
export type Profile = Schema["Profile"];
export type Recommendations = Schema["Recommendations"];
export type SongPageData = Schema["SongPage"];
export type Feedback = Schema["Feedback"];
export type NewFeedback = Schema["NewFeedback"];
export type Verdict = Feedback["verdict"];

export interface Filters {
  lowKey: number;
  highKey: number;
  decades: readonly number[];
  languages: readonly string[];
  /** The reader's language first. */
  ownFirst: boolean;
  hideUncertain: boolean;
}
export const noFilters: Filters = { lowKey: -6, highKey: 6, decades: [], languages: [], ownFirst: true, hideUncertain: false };

/** Throws ApiError. */
export interface SongSource {
  place: "server" | "device";
  recommend(filters: Filters, language: Language, limit: number): Promise<Recommendations>;
  song(id: string): Promise<SongPageData>;
  find(search: string): Promise<Song[]>;
  say(song: string, said: NewFeedback): Promise<Feedback>;
  unsay(song: string): Promise<void>;
}

const nobodyYet: Recommendations = {
  profile: null, songs: [], octave_apart: [], nothing_fits: false, why_nothing: [], cautions: [],
};

export const serverSongs: SongSource = {
  place: "server",
  async recommend(filters, language, limit) {
    const query = {
      keys: `${filters.lowKey}..${filters.highKey}`,
      limit,
      ...(filters.decades.length > 0 && { decade: [...filters.decades] }),
      ...(filters.languages.length > 0 && { language: [...filters.languages] }),
      ...(filters.ownFirst && { prefer_language: [language] }),
      ...(filters.hideUncertain && { hide_uncertain_octave: true }),
    };
    return answer(api.GET("/v1/recommendations", { params: { query } })).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return nobodyYet;
      throw error;
    });
  },
  song: (song) => answer(api.GET("/v1/songs/{song}", { params: { path: { song } } })),
  find: async (search) => (await answer(api.GET("/v1/songs", { params: { query: { search, limit: 20 } } }))).items,
  say: (song, body) => answer(api.PUT("/v1/songs/{song}/feedback", { params: { path: { song } }, body })),
  unsay: async (song) => void (await answer(api.DELETE("/v1/songs/{song}/feedback", { params: { path: { song } } }))),
};
