// Brings one take to the store: declares it, sends it as one form or in parts, says that it is all there.
// What breaks on the way is tried again, with longer and longer waits; what stays wrong ends it with a reason.
// Whoever was interrupted calls again with the upload's id and goes on where the store stopped.
import { ApiError, type Schema } from "../api/client";
import { partOf, type Digests } from "./digest";

type Upload = Schema["Upload"];
type NewUpload = Schema["NewUpload"];
type UploadAndSend = Schema["UploadAndSend"];
type SignedPart = Extract<Schema["Send"], { how: "parts" }>["parts"][number];

/** Functions throw ApiError; its status is 0 where the line is broken. */
export interface UploadApi {
  create(upload: NewUpload): Promise<UploadAndSend>;
  sign(id: string, parts: { number: number; sha256: string }[]): Promise<UploadAndSend>;
  sent(id: string): Promise<Upload>;
  find(id: string): Promise<Upload>;
}

/** HTTP status of the object store's answer; 0 where the line broke. */
export type StoreStatus = number;

export interface Line {
  form(url: string, fields: Record<string, string>, file: Blob, onBytes: OnBytes, signal: AbortSignal): Promise<StoreStatus>;
  put(url: string, headers: Record<string, string>, part: Blob, onBytes: OnBytes, signal: AbortSignal): Promise<StoreStatus>;
}
export type OnBytes = (sent: number) => void;

export interface Clock {
  now(): number;
  /** Ends early when the line comes back. Rejects with AbortError. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  online(): boolean;
}

export type StopReason = "empty" | "too_large" | "wrong_type" | "full" | "no_session" | "changed" | "refused" | "gone";

/** It goes no further by itself. */
export class Stopped extends Error {
  constructor(
    readonly reason: StopReason,
    detail: string,
    /** Of the call that was refused. */
    readonly traceId: string | null = null,
  ) {
    super(detail);
    this.name = "Stopped";
  }
}

export type WaitReason = "offline" | "unreachable" | "too_many";
export type Progress =
  | { phase: "reading"; done: number; total: number }
  | { phase: "sending"; done: number; total: number }
  | { phase: "waiting"; why: WaitReason; until: number; done: number; total: number }
  | { phase: "finishing"; done: number; total: number };

export interface Outgoing {
  blob: Blob;
  /** What is declared beside size and SHA-256. */
  about: Omit<NewUpload, "size" | "sha256">;
  /** Of an earlier try. */
  uploadId: string | null;
}

export interface SendOptions {
  api: UploadApi;
  line: Line;
  clock: Clock;
  partBytes: number;
  /** How long a signature holds; it is asked for anew a little earlier. */
  signatureSeconds: number;
  digest(blob: Blob, partBytes: number, onBytes: OnBytes, signal: AbortSignal): Promise<Digests>;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** Kept beside the take, so that a reload goes on from here. */
  remember(what: { uploadId: string; sha256: string }): Promise<void>;
}

const firstWait = 1000;
const longestWait = 30_000;
const mostRefusals = 4; // signed anew so often without one byte taken: it is not the signature
const mostRounds = 4; // put together, and the server still misses something
const signedAtOnce = 4; // parts; 64 MiB go within the time that a signature holds

type Waiting = Pick<SendOptions, "clock" | "signal" | "onProgress">;

async function pause(o: Waiting, why: WaitReason, milliseconds: number, done: number, total: number): Promise<void> {
  o.onProgress({ phase: "waiting", why, until: o.clock.now() + milliseconds, done, total });
  await o.clock.wait(milliseconds, o.signal);
}

/** The line broke, or the other side cannot just now. failures: how often in a row before this. */
function backOff(o: Waiting, failures: number, done: number, total: number): Promise<void> {
  const milliseconds = Math.min(longestWait, firstWait * 2 ** failures);
  return pause(o, o.clock.online() ? "unreachable" : "offline", milliseconds, done, total);
}

/** Asks until there is an answer that stays. Throws ApiError for what stays wrong. */
export async function persist<T>(request: () => Promise<T>, o: Waiting, done: number, total: number): Promise<T> {
  for (let failures = 0; ; ++failures) {
    o.signal.throwIfAborted();
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const busy = error.status === 0 || (error.status >= 500 && error.status !== 507);
      if (busy) await backOff(o, failures, done, total);
      else if (error.status === 429) await pause(o, "too_many", 1000 * (error.retryAfterSeconds ?? 60), done, total);
      else throw error;
    }
  }
}

class Delivery {
  done = 0;
  failures = 0; // of transfers, in a row
  refusals = 0;

  constructor(
    readonly take: Outgoing,
    readonly digests: Digests,
    readonly o: SendOptions,
  ) {}

  get total(): number {
    return this.take.blob.size;
  }

  show(phase: "sending" | "finishing", done = this.done): void {
    this.o.onProgress({ phase, done, total: this.total });
  }

  ask<T>(request: () => Promise<T>): Promise<T> {
    return persist(request, this.o, this.done, this.total);
  }

  /** The store took nothing of it: the signature has run out, or it never takes it. */
  refusedByStore(status: StoreStatus): void {
    // 404: the store no longer knows these parts; signing opens them anew. 403: run out.
    if (status !== 403 && status !== 404) throw new Stopped("changed", `the store answered ${status}`);
    if (++this.refusals >= mostRefusals) throw new Stopped("refused", `the store answered ${status} again and again`);
  }

  taken(bytes: number): void {
    this.done += bytes;
    this.failures = 0;
    this.refusals = 0;
  }

  /** After any answer but success: waits where waiting helps, throws where nothing does. */
  async recover(status: StoreStatus): Promise<void> {
    if (status === 0 || status >= 500 || status === 429 || status === 408)
      await backOff(this.o, this.failures++, this.done, this.total);
    else this.refusedByStore(status);
  }

  async form(url: string, fields: Record<string, string>): Promise<boolean> {
    this.done = 0;
    this.show("sending");
    const status = await this.o.line.form(url, fields, this.take.blob, (n) => this.show("sending", n), this.o.signal);
    if (status >= 200 && status < 300) {
      this.taken(this.total);
      return true;
    }
    await this.recover(status);
    return false;
  }

  /** One part after the other, so that a break costs at most one of them. false: sign again. */
  async parts(parts: SignedPart[], signedAt: number): Promise<boolean> {
    for (const part of parts) {
      if (this.o.clock.now() - signedAt > this.o.signatureSeconds * 900) return false;
      const piece = partOf(this.take.blob, part.number, this.o.partBytes);
      const before = this.done;
      const status = await this.o.line.put(part.url, part.headers, piece, (n) => this.show("sending", before + n), this.o.signal);
      if (status < 200 || status >= 300) {
        await this.recover(status);
        return false;
      }
      this.taken(piece.size);
      this.show("sending");
    }
    return true;
  }

  /** What is missing at the store, at most `signedAtOnce` of it; counts what is there. */
  missing(answer: UploadAndSend): { number: number; sha256: string }[] {
    if (answer.send.how !== "parts") return [];
    const { part_bytes, have } = answer.send;
    const there = new Map(have.map((part) => [part.number, part]));
    this.done = 0;
    const missing: { number: number; sha256: string }[] = [];
    this.digests.parts.forEach((sha256, index) => {
      const stored = there.get(index + 1);
      const size = partOf(this.take.blob, index + 1, part_bytes).size;
      // Some stores do not tell the checksum of a part; they held it to the signed one when it came.
      if (stored && stored.size === size && (stored.sha256 === "" || stored.sha256 === sha256)) this.done += size;
      else missing.push({ number: index + 1, sha256 });
    });
    return missing.slice(0, signedAtOnce);
  }

  /** Until the store has all of it. Gives the upload where the server has moved it on meanwhile. */
  async bytes(first: UploadAndSend): Promise<Upload | null> {
    let answer = first;
    for (;;) {
      const id = answer.upload.id;
      if (answer.upload.state !== "PENDING") return answer.upload;
      if (answer.send.how === "form") {
        if (await this.form(answer.send.url, answer.send.fields)) return null;
        const again = await this.again(id, []);
        if ("state" in again) return again;
        answer = again;
        continue;
      }
      const missing = this.missing(answer);
      this.show("sending");
      if (missing.length === 0) return null;
      const signedAt = this.o.clock.now();
      const signed = await this.again(id, missing);
      if ("state" in signed) return signed;
      if (signed.send.how !== "parts") throw new Stopped("refused", "the server signed no parts");
      await this.parts(signed.send.parts, signedAt);
      const next = await this.again(id, []);
      if ("state" in next) return next;
      answer = next;
    }
  }

  /** Signs; or the upload itself where it waits for no bytes any more. */
  async again(id: string, parts: { number: number; sha256: string }[]): Promise<UploadAndSend | Upload> {
    try {
      return await this.ask(() => this.o.api.sign(id, parts));
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return this.ask(() => this.o.api.find(id));
      throw error;
    }
  }

  async whole(first: UploadAndSend): Promise<Upload> {
    let answer = first;
    for (let round = 0; round < mostRounds; ++round) {
      const moved = await this.bytes(answer);
      if (moved) return moved;
      this.show("finishing");
      try {
        return await this.ask(() => this.o.api.sent(answer.upload.id));
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 409) throw error;
      }
      const again = await this.again(answer.upload.id, []);
      if ("state" in again) return again;
      answer = again;
    }
    throw new Stopped("refused", "the server misses bytes that the store took");
  }

  async declare(): Promise<UploadAndSend> {
    const declared = { ...this.take.about, size: this.total, sha256: this.digests.whole };
    const answer = await this.ask(() => this.o.api.create(declared));
    await this.o.remember({ uploadId: answer.upload.id, sha256: this.digests.whole });
    return answer;
  }

  async start(): Promise<UploadAndSend | Upload> {
    if (!this.take.uploadId) return this.declare();
    try {
      return await this.again(this.take.uploadId, []);
    } catch (error) {
      // Deleted, or of a session that has ended: what is here is sent anew.
      if (error instanceof ApiError && error.status === 404) return this.declare();
      throw error;
    }
  }
}

function stopped(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const reasons: Record<number, StopReason> = { 401: "no_session", 403: "no_session", 413: "too_large", 415: "wrong_type", 507: "full" };
  return new Stopped(reasons[error.status] ?? "refused", error.message, error.traceId);
}

/** The upload once all its bytes are at the store. Throws Stopped, or AbortError when it was paused. */
export async function send(take: Outgoing, o: SendOptions): Promise<Upload> {
  const total = take.blob.size;
  if (total === 0) throw new Stopped("empty", "the recording has no bytes");
  const reading = (done: number): void => o.onProgress({ phase: "reading", done, total });
  reading(0);
  const digests = await o.digest(take.blob, o.partBytes, reading, o.signal);
  const delivery = new Delivery(take, digests, o);
  try {
    const first = await delivery.start();
    return "state" in first ? first : await delivery.whole(first);
  } catch (error) {
    throw stopped(error);
  }
}
