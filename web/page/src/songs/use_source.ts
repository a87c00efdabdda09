import { usePreferences } from "../settings/preferences";
import { serverSongs, type SongSource } from "./source";

export function useSongSource(): SongSource {
  usePreferences();
  return serverSongs;
}
