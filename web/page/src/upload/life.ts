// One's uploads as the server last told of them, kept fresh by the event stream.
import { useCallback, useSyncExternalStore } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { Events, type Hint } from "./events";
import { isEnd } from "./steps";

type Upload = Schema["Upload"];
/** null: still asked for. */
export type Known = Upload | "missing" | null;

const known = new Map<string, Known>();
const watched = new Map<string, number>();
const watchers = new Set<() => void>();
let events: Events | null = null;

function openEvents(): void {
  if (events) return;
  events = new Events({
    open: (after) => new EventSource(after === null ? "/v1/events" : `/v1/events?after=${after}`),
    poll: async (after, limit) =>
      (await answer(api.GET("/v1/transitions", { params: { query: { after, limit } } }))).items,
    locks: "locks" in navigator ? navigator.locks : null,
    channel: "BroadcastChannel" in globalThis ? new BroadcastChannel("orakgarak.events") : null,
    later: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  events.subscribe(hear);
}

function hear(hint: Hint): void {
  for (const watcher of watchers) watcher();
  if (hint.kind === "transition") {
    if (watched.has(hint.event.upload)) void refresh(hint.event.upload);
    return;
  }
  for (const id of watched.keys()) void refresh(id);
}

/** After any transition of any upload, and where some may have been missed. */
export function watchUploads(watcher: () => void): () => void {
  openEvents();
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

const redraw = new Set<() => void>();

/** What another call just told of an upload. */
export function learn(upload: Upload): void {
  const before = known.get(upload.id);
  if (before && before !== "missing" && before.version > upload.version) return;
  known.set(upload.id, upload);
  for (const listener of redraw) listener();
}

async function refresh(id: string): Promise<void> {
  try {
    learn(await answer(api.GET("/v1/uploads/{id}", { params: { path: { id } } })));
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 401)) return; // the next event asks again
    known.set(id, "missing");
    for (const listener of redraw) listener();
  }
}

/** The upload, as fresh as its last transition. */
export function useUpload(id: string | null): Known {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (id === null) return () => undefined;
      openEvents();
      watched.set(id, (watched.get(id) ?? 0) + 1);
      redraw.add(listener);
      const now = known.get(id);
      if (!now || now === "missing" || !isEnd(now.state)) void refresh(id);
      return () => {
        const left = (watched.get(id) ?? 1) - 1;
        if (left > 0) watched.set(id, left);
        else watched.delete(id);
        redraw.delete(listener);
      };
    },
    [id],
  );
  return useSyncExternalStore(subscribe, () => (id === null ? null : (known.get(id) ?? null)));
}

/** The session has ended: nothing of it is known any more. */
export function forgetUploads(): void {
  events?.close();
  events = null;
  known.clear();
}
