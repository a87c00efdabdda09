// Sends every whole take that its singer said to send, one tab at a time, and goes on after a reload. Pausing
// takes that word back; whatever was sent until then stays at the store.
import { useSyncExternalStore } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { deleteAudio, getTake, listTakes, takeBlob, updateTake, watchTakes, type LocalTake } from "../store/takes";
import { sendBacking } from "./backing";
import { digestInWorker } from "./digest_worker";
import { learn } from "./life";
import { browserClock, browserLine } from "./line";
import { persist, send, Stopped, type Outgoing, type Progress, type SendOptions, type StopReason, type UploadApi } from "./send";

type Upload = Schema["Upload"];
export type Sending = Progress | { phase: "stopped"; reason: StopReason | "broken"; traceId: string | null };

const running = new Map<string, AbortController>();
const shown = new Map<string, Sending>();
const redraw = new Set<() => void>();

function show(take: string, sending: Sending | null): void {
  if (sending) shown.set(take, sending);
  else shown.delete(take);
  for (const listener of redraw) listener();
}

// Tabs that do not send show what the sending one tells.
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("orakgarak.sending");
channel?.addEventListener("message", (message) => {
  const { take, sending } = message.data as { take: string; sending: Sending | null };
  if (!running.has(take)) show(take, sending);
});
function tell(take: string, sending: Sending | null): void {
  show(take, sending);
  channel?.postMessage({ take, sending });
}

const uploads: UploadApi = {
  create: (body) => answer(api.POST("/v1/uploads", { body })),
  sign: (id, parts) => answer(api.POST("/v1/uploads/{id}/sign", { params: { path: { id } }, body: { parts } })),
  sent: (id) => answer(api.POST("/v1/uploads/{id}/sent", { params: { path: { id } } })),
  find: (id) => answer(api.GET("/v1/uploads/{id}", { params: { path: { id } } })),
};

const sentBackings = async () =>
  (await answer(api.GET("/v1/uploads", { params: { query: { kind: "backing" } } }))).items;

/** How this browser sends to this server. */
async function ways(size: number, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Omit<SendOptions, "remember">> {
  const { limits } = await persist(about, { clock: browserClock, signal, onProgress }, 0, size);
  return {
    api: uploads,
    line: browserLine,
    clock: browserClock,
    partBytes: limits.part_bytes,
    signatureSeconds: limits.presign_seconds,
    digest: digestInWorker,
    signal,
    onProgress,
  };
}

/** A file that is no take, and that nobody sends on after a reload. */
export async function sendFile(file: File, about: Outgoing["about"]): Promise<{ upload: Upload; how: Omit<SendOptions, "remember"> }> {
  const how = await ways(file.size, new AbortController().signal, () => undefined);
  const upload = await send({ blob: file, uploadId: null, about }, { ...how, remember: async () => undefined });
  return { upload, how };
}

async function bring(take: LocalTake, signal: AbortSignal): Promise<void> {
  const blob = await takeBlob(take.id);
  if (!blob) throw new Stopped("gone", "no audio of this take is kept");
  const backing = take.backing && { sha256: take.backing.sha256, started_seconds: take.backing.startedSeconds };
  const how = await ways(blob.size, signal, (progress) => tell(take.id, progress));
  const file = take.uploadId === null ? take.backing?.file : null;
  if (take.backing && file) await sendBacking(file, take.backing.sha256, file.name, { ...how, sent: sentBackings });
  const upload = await send(
    {
      blob,
      uploadId: take.uploadId,
      about: { kind: "take", content_type: take.contentType, file_name: take.fileName, ...(backing && { backing }) },
    },
    {
      ...how,
      remember: async (what) => void (await updateTake(take.id, what)),
    },
  );
  learn(upload);
  const struck = (await getTake(take.id))?.struck ?? [];
  if (struck.length > 0)
    learn(await answer(api.PATCH("/v1/uploads/{id}", { params: { path: { id: upload.id } }, body: { struck } })));
  await updateTake(take.id, { send: false, ...(take.backing && { backing: { ...take.backing, file: null } }) });
}

let aboutServer: ReturnType<typeof askAbout> | null = null;
const askAbout = () => answer(api.GET("/v1/about"));
/** Limits and versions of the server; asked for once. Throws ApiError. */
export function about(): ReturnType<typeof askAbout> {
  aboutServer ??= askAbout().catch((error: unknown) => {
    aboutServer = null;
    throw error;
  });
  return aboutServer;
}

function reasonOf(error: unknown): StopReason | "broken" | null {
  if (error instanceof Stopped) return error.reason;
  if (error instanceof DOMException && error.name === "AbortError") return null;
  if (error instanceof ApiError && error.status === 401) return "no_session";
  return "broken";
}

/** In one tab only: the others wait for the lock, and find the take sent when they get it. */
async function run(id: string, controller: AbortController): Promise<void> {
  const { signal } = controller;
  let sending: Sending | null = null;
  try {
    await navigator.locks.request(`orakgarak.sending.${id}`, { signal }, async () => {
      const take = await getTake(id);
      if (take?.send) await bring(take, signal);
    });
  } catch (error) {
    const reason = reasonOf(error);
    const traceId = error instanceof Stopped || error instanceof ApiError ? error.traceId : null;
    if (reason) sending = { phase: "stopped", reason, traceId };
  }
  running.delete(id);
  tell(id, sending);
}

async function look(): Promise<void> {
  const takes = await listTakes();
  const wanted = new Set(takes.filter((take) => take.send && take.state === "recorded").map((take) => take.id));
  for (const [id, controller] of running) if (!wanted.has(id)) controller.abort();
  for (const id of wanted) {
    if (running.has(id) || shown.get(id)?.phase === "stopped") continue;
    const controller = new AbortController();
    running.set(id, controller);
    void run(id, controller);
  }
}

const keptForListening = 3;

/** The sound of takes that are COMPLETED goes, but for the latest, whose ends one may still want to hear. */
async function tidy(): Promise<void> {
  const sent = (await listTakes()).filter((take) => take.uploadId !== null && !take.send && take.sizeBytes > 0);
  for (const take of sent.slice(keptForListening)) {
    const upload = await uploads.find(take.uploadId ?? "").catch(() => null);
    if (upload?.state !== "COMPLETED") continue;
    await deleteAudio(take.id);
    await updateTake(take.id, { sizeBytes: 0 });
  }
}

/** From the start of the page on. */
export function startSending(): void {
  watchTakes(() => void look());
  void look().then(tidy);
}

/** anew: what an earlier upload of it became does not matter any more. */
export async function sendTake(id: string, how: "on" | "anew" = "on"): Promise<void> {
  show(id, null); // a reason to stop no longer holds
  await updateTake(id, { send: true, ...(how === "anew" && { uploadId: null }) });
}

export async function pauseTake(id: string): Promise<void> {
  await updateTake(id, { send: false });
}

function subscribe(listener: () => void): () => void {
  redraw.add(listener);
  return () => redraw.delete(listener);
}

export function useSending(take: string | null): Sending | null {
  return useSyncExternalStore(subscribe, () => (take === null ? null : (shown.get(take) ?? null)));
}
