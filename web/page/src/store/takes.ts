// The takes that this browser keeps until the server has finished with them. Audio is written as it is recorded,
// a chunk every second or so, each in its own row: a closed tab or a crash loses at most the last one.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { VoiceReport } from "@orakgarak/core";

import { wavHeader } from "./wav";

/** recording: being written, or cut short (see isInterrupted). recorded: whole. */
export type TakeState = "recording" | "recorded";

export interface Backing {
  sha256: string;
  /** Position of the take at which the accompaniment began; negative: it ran already. */
  startedSeconds: number;
  /** Where the singer said to send it along, until that is done. */
  file?: File | null;
}

/** What the range test saw of one end, for the singer to listen to. */
export interface HeldNote {
  midi: number;
  startSeconds: number;
  endSeconds: number;
  register: "chest" | "falsetto" | null;
}

export interface LocalTake {
  id: string;
  kind: "range_test" | "free" | "file";
  state: TakeState;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Without parameters: audio/webm, audio/mp4, audio/wav or what a chosen file says. */
  contentType: string;
  fileName: string;
  durationSeconds: number;
  /** Of the blob that takeBlob gives. */
  sizeBytes: number;
  backing: Backing | null;
  /** Present where the samples were written raw: takeBlob puts a WAV header before them. */
  pcmRate: number | null;
  lowest: HeldNote | null;
  highest: HeldNote | null;
  /** Ends that the singer called wrong before the take was sent; the server is told once the upload is there. */
  struck: ("lowest" | "highest")[];
  /** The singer said: send it. The uploader takes up every whole take that says so and goes on after a reload. */
  send: boolean;
  /** The server's row for it, once there is one. */
  uploadId: string | null;
  /** SHA-256 of the blob in hex, once it was computed. */
  sha256: string | null;
}

/** What the voice core in this browser made of the take, from the samples themselves. */
export interface LocalAnalysis {
  id: string;
  report: VoiceReport;
  curve: { hopSeconds: number; midi: (number | null)[]; heardBy?: string };
}

interface Chunk {
  take: string;
  index: number;
  data: Blob;
}

interface Schema extends DBSchema {
  takes: { key: string; value: LocalTake; indexes: { uploadId: string } };
  chunks: { key: [string, number]; value: Chunk };
  analyses: { key: string; value: LocalAnalysis };
}

const databaseName = "orakgarak";
let opened: Promise<IDBPDatabase<Schema>> | null = null;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(databaseName, 1, {
    upgrade(db) {
      db.createObjectStore("takes", { keyPath: "id" }).createIndex("uploadId", "uploadId");
      db.createObjectStore("chunks", { keyPath: ["take", "index"] });
      db.createObjectStore("analyses", { keyPath: "id" });
    },
    blocking: (_old, _next, event) => (event.target as IDBDatabase).close(),
    terminated: () => (opened = null),
  });
  return opened;
}

const everyChunkOf = (id: string) => IDBKeyRange.bound([id, 0], [id, Infinity]);

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("orakgarak.takes");
const watchers = new Set<() => void>();
channel?.addEventListener("message", () => {
  for (const watcher of watchers) watcher();
});

function changed(): void {
  channel?.postMessage(null);
  for (const watcher of watchers) watcher();
}

/** Called after every change of any take, in this tab or another one. Gives how to stop that. */
export function watchTakes(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Newest first. */
export async function listTakes(): Promise<LocalTake[]> {
  const takes = await (await database()).getAll("takes");
  return takes.sort((a, b) => b.startedAt - a.startedAt);
}

export async function getTake(id: string): Promise<LocalTake | undefined> {
  return (await database()).get("takes", id);
}

export async function takeOfUpload(uploadId: string): Promise<LocalTake | undefined> {
  return (await database()).getFromIndex("takes", "uploadId", uploadId);
}

/** Changes some fields of a take; undefined where it was deleted meanwhile. */
export async function updateTake(id: string, change: Partial<Omit<LocalTake, "id">>): Promise<LocalTake | undefined> {
  const transaction = (await database()).transaction("takes", "readwrite");
  const take = await transaction.store.get(id);
  if (!take) return undefined;
  const next = { ...take, ...change };
  await transaction.store.put(next);
  await transaction.done;
  changed();
  return next;
}

/** The audio as it would be sent; undefined where there is none. A blob is read from disk slice by slice. */
export async function takeBlob(id: string): Promise<Blob | undefined> {
  const transaction = (await database()).transaction(["takes", "chunks"]);
  const take = await transaction.objectStore("takes").get(id);
  const chunks = await transaction.objectStore("chunks").getAll(everyChunkOf(id));
  if (!take || chunks.length === 0) return undefined;
  const parts: BlobPart[] = chunks.map((chunk) => chunk.data);
  if (take.pcmRate !== null) parts.unshift(wavHeader(take.pcmRate, new Blob(parts).size));
  return new Blob(parts, { type: take.contentType });
}

export async function deleteTake(id: string): Promise<void> {
  const transaction = (await database()).transaction(["takes", "chunks", "analyses"], "readwrite");
  await Promise.all([
    transaction.objectStore("takes").delete(id),
    transaction.objectStore("chunks").delete(everyChunkOf(id)),
    transaction.objectStore("analyses").delete(id),
    transaction.done,
  ]);
  changed();
}

/** Frees the room that the audio takes, and leaves what is known of the take: for takes that are COMPLETED. */
export async function deleteAudio(id: string): Promise<void> {
  await (await database()).delete("chunks", everyChunkOf(id));
  changed();
}

/** Everything that this browser holds of anybody's voice. */
export async function deleteAllTakes(): Promise<void> {
  (await database()).close();
  opened = null;
  await deleteDB(databaseName);
  changed();
}

export async function saveAnalysis(analysis: LocalAnalysis): Promise<void> {
  await (await database()).put("analyses", analysis);
  changed();
}

export async function getAnalysis(id: string): Promise<LocalAnalysis | undefined> {
  return (await database()).get("analyses", id);
}

export async function listAnalyses(): Promise<LocalAnalysis[]> {
  return (await database()).getAll("analyses");
}

export type NewTake = Pick<LocalTake, "kind" | "contentType" | "fileName"> & Partial<Pick<LocalTake, "backing" | "pcmRate">>;

/** A UUID as crypto.randomUUID makes them, which is missing where the page came by plain http from another machine. */
function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function freshTake(made: NewTake): LocalTake {
  return {
    backing: null, pcmRate: null, ...made,
    id: freshId(), state: "recording", startedAt: Date.now(),
    durationSeconds: 0, sizeBytes: 0, lowest: null, highest: null, struck: [], send: false, uploadId: null, sha256: null,
  };
}

const lockOf = (id: string) => `orakgarak.recording.${id}`;

/** Writes one take. Chunks are kept in the order of the calls, each by itself on disk when its promise ends. */
export interface TakeWriter {
  readonly id: string;
  append(data: Blob, durationSeconds: number): Promise<void>;
  /** The take is whole. */
  finish(change: Partial<Pick<LocalTake, "durationSeconds" | "lowest" | "highest" | "backing">>): Promise<LocalTake>;
  /** The take is not wanted. */
  discard(): Promise<void>;
  /** Stops here; what there is counts as interrupted, and is offered again. */
  leave(): Promise<void>;
}

export async function startTake(made: NewTake): Promise<TakeWriter> {
  const take = freshTake(made);
  const release = await holdLock(lockOf(take.id));
  await (await database()).put("takes", take);
  changed();
  let index = 0;
  let audioBytes = 0;
  let last: Promise<unknown> = Promise.resolve();
  const sizeNow = () => audioBytes + (take.pcmRate !== null ? wavHeader(take.pcmRate, 0).byteLength : 0);
  const write = async (chunk: Chunk, durationSeconds: number) => {
    const transaction = (await database()).transaction(["takes", "chunks"], "readwrite", { durability: "strict" });
    audioBytes += chunk.data.size;
    await transaction.objectStore("chunks").put(chunk);
    const known = await transaction.objectStore("takes").get(take.id);
    if (known) await transaction.objectStore("takes").put({ ...known, durationSeconds, sizeBytes: sizeNow() });
    else transaction.abort(); // it was deleted meanwhile: nothing of it may come back
    await transaction.done;
  };
  return {
    id: take.id,
    append(data, durationSeconds) {
      const chunk = { take: take.id, index: index++, data };
      const written = last.then(() => write(chunk, durationSeconds));
      last = written.catch(() => undefined); // told to the caller of this append; the next one is tried all the same
      return written;
    },
    async finish(change) {
      await last;
      const whole = await updateTake(take.id, { ...change, state: "recorded" });
      release();
      if (!whole) throw new Error("the take was deleted while it was recorded");
      return whole;
    },
    async discard() {
      await last;
      release();
      await deleteTake(take.id);
    },
    async leave() {
      await last;
      release();
      changed();
    },
  };
}

/** A file that the singer chose, as a take. */
export async function takeFromFile(file: File): Promise<LocalTake> {
  const writer = await startTake({
    kind: "file", fileName: file.name, contentType: file.type.split(";")[0] || "application/octet-stream",
  });
  await writer.append(file, 0);
  return writer.finish({});
}

/** Takes whose recording was cut short by a closed tab or a crash: none of the open tabs writes them. */
export async function interruptedTakes(): Promise<LocalTake[]> {
  if (!isSecureContext) return []; // no locks, and no microphone that could be cut short
  const held = new Set((await navigator.locks.query()).held?.map((lock) => lock.name));
  return (await listTakes()).filter((take) => take.state === "recording" && !held.has(lockOf(take.id)));
}

/** Keeps what there is of an interrupted take. */
export async function recoverTake(id: string): Promise<LocalTake | undefined> {
  return updateTake(id, { state: "recorded" });
}

/** Held until released, or until the tab is gone, however it goes. */
async function holdLock(name: string): Promise<() => void> {
  if (!isSecureContext) return () => undefined;
  return new Promise((granted) => {
    void navigator.locks.request(name, () => new Promise<void>((release) => granted(release)));
  });
}
