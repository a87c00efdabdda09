import { usePreferences } from "../settings/preferences";
import { deviceSongs } from "./device";
import { serverSongs, type SongSource } from "./source";

export function useSongSource(): SongSource {
  return usePreferences().mode === "device" ? deviceSongs : serverSongs;
}
