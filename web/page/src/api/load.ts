// What a screen reads from somewhere: still coming, there, or failed and worth another try.
import { useCallback, useEffect, useState } from "react";

import { ApiError } from "./client";

export type Loaded<T> =
  | { state: "loading"; data: T | null }
  | { state: "ready"; data: T }
  | { state: "failed"; data: T | null; error: ApiError };

/** Loads anew whenever `key` changes, and on again(); what was there stays until the new is. null: do not. */
export function useLoad<T>(key: string | null, load: () => Promise<T>): [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading", data: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (key === null) return;
    let current = true;
    setLoaded((before) => ({ state: "loading", data: before.data }));
    load().then(
      (data) => current && setLoaded({ state: "ready", data }),
      (error: unknown) => {
        const known = error instanceof ApiError ? error : new ApiError("broken", String(error));
        if (current) setLoaded((before) => ({ state: "failed", data: before.data, error: known }));
      },
    );
    return () => {
      current = false;
    };
    // `load` is named by `key`.
  }, [key, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  return [loaded, again];
}
