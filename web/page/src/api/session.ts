// What the server says of itself and of who asks. In on-device mode nobody asks it.
import { useEffect, useState } from "react";

import { answer, api, ApiError, type Schema } from "./client";

export type About = Schema["About"];

export type ServerState =
  | { state: "asking" }
  | { state: "there"; about: About; consented: boolean; guest: boolean }
  | { state: "away"; code: string };

/** asked false: the server is left alone. again(): asks once more, after a consent or a fault. */
export function useServer(asked: boolean): [ServerState, () => void] {
  const [server, setServer] = useState<ServerState>({ state: "asking" });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!asked) return undefined;
    let wanted = true;
    Promise.all([answer(api.GET("/v1/about")), answer(api.GET("/v1/session"))])
      .then(([about, { consented, account }]) => wanted && setServer({ state: "there", about, consented, guest: account === null }))
      .catch((error: unknown) => wanted && setServer({ state: "away", code: error instanceof ApiError ? error.code : "http" }));
    return () => void (wanted = false);
  }, [asked, turn]);
  return [server, () => setTurn((before) => before + 1)];
}
