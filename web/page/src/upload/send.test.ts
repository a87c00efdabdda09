import { bytesToHex } from "@noble/hashes/utils.js";
import { beforeEach, describe, expect, test } from "vitest";

import { ApiError, type Schema } from "../api/client";
import { digest, partCount, partOf } from "./digest";
import { send, Stopped, type Outgoing, type Progress, type SendOptions } from "./send";

const partBytes = 1000;
const expires = "2026-01-01T00:00:00Z";
type Sendable = Schema["UploadAndSend"];

/** The server and its store, in memory; `breaks` says what happens to the next transfers. */
class Server {
  state: Schema["State"] | "deleted" = "PENDING";
  created = 0;
  parts = new Map<number, string>();
  form: Blob | null = null;
  sentBytes = 0;
  waited: number[] = [];
  time = 0;
  /** Status of the next transfers; "drop": half goes and the line breaks; otherwise 200. */
  breaks: (number | "drop")[] = [];
  refusals: ApiError[] = [];
  signs: number[][] = [];

  constructor(
    readonly take: Blob,
    readonly sha256: string,
  ) {}

  upload(): Schema["Upload"] {
    if (this.state === "deleted") throw new ApiError("no_such_upload", "gone", 404);
    return {
      id: "u1", kind: "take", state: this.state, version: 1, size: this.take.size, content_type: "audio/webm",
      sha256: this.sha256, created: expires, changed: expires, failure: null, struck: [],
    };
  }

  answer(wanted: { number: number; sha256: string }[]): Sendable {
    const count = partCount(this.take.size, partBytes);
    if (count === 0) return { upload: this.upload(), send: { how: "form", url: "form", fields: { key: "k" }, expires } };
    const have = [...this.parts].map(([number, sha256]) => ({
      number, sha256, size: partOf(this.take, number, partBytes).size,
    }));
    const parts = wanted.map(({ number, sha256 }) => ({ number, url: `${number}`, headers: { "x-sha": sha256 } }));
    return { upload: this.upload(), send: { how: "parts", part_bytes: partBytes, part_count: count, have, parts, expires } };
  }

  refuse(): void {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
  }

  transfer(bytes: number, take: () => void): number {
    const fate = this.breaks.shift() ?? 200;
    if (fate === "drop") {
      this.sentBytes += bytes / 2;
      return 0;
    }
    if (fate !== 200) return fate;
    this.sentBytes += bytes;
    take();
    return 204;
  }

  options(controller = new AbortController()): SendOptions & { progress: Progress[] } {
    const progress: Progress[] = [];
    return {
      progress,
      partBytes,
      signatureSeconds: 900,
      signal: controller.signal,
      onProgress: (p) => progress.push(p),
      digest: (blob, bytes, onBytes) => digest(blob, bytes, onBytes),
      remember: async () => undefined,
      clock: {
        now: () => this.time,
        online: () => true,
        wait: async (ms, signal) => {
          signal.throwIfAborted();
          this.waited.push(ms);
          this.time += ms;
        },
      },
      api: {
        create: async () => {
          this.refuse();
          this.created++;
          this.state = "PENDING";
          return this.answer([]);
        },
        sign: async (_id, wanted) => {
          this.refuse();
          this.signs.push(wanted.map((part) => part.number));
          this.upload();
          if (this.state !== "PENDING") throw new ApiError("not_pending", "no", 409);
          return this.answer(wanted);
        },
        sent: async () => {
          this.refuse();
          if (this.form === null && this.parts.size < partCount(this.take.size, partBytes))
            throw new ApiError("part_missing", "no", 409);
          this.state = "UPLOADED";
          return this.upload();
        },
        find: async () => this.upload(),
      },
      line: {
        form: async (_url, _fields, file) => this.transfer(file.size, () => (this.form = file)),
        put: async (url, headers, part) =>
          this.transfer(part.size, () => this.parts.set(Number(url), headers["x-sha"] ?? "")),
      },
    };
  }
}

const takeOf = (bytes: number): Blob => new Blob([new Uint8Array(bytes).map((_, i) => i * 31)]);
const outgoing = (blob: Blob, uploadId: string | null = null): Outgoing => ({
  blob, uploadId, about: { kind: "take", content_type: "audio/webm" },
});

let small: Server;
let large: Server;
beforeEach(async () => {
  const make = async (bytes: number) => {
    const blob = takeOf(bytes);
    return new Server(blob, (await digest(blob, partBytes, () => undefined)).whole);
  };
  small = await make(1000);
  large = await make(3500);
});

describe("a take on its way", () => {
  test("goes as one form up to the size of a part, in parts beyond it", async () => {
    await send(outgoing(small.take), small.options());
    expect(small.form?.size).toBe(1000);
    await send(outgoing(large.take), large.options());
    expect([...large.parts.keys()]).toEqual([1, 2, 3, 4]);
    expect(large.sentBytes).toBe(3500);
    expect(large.state).toBe("UPLOADED");
  });

  test("sends only what is missing when it goes on after a reload", async () => {
    const digests = await digest(large.take, partBytes, () => undefined);
    large.parts.set(1, digests.parts[0]!).set(3, digests.parts[2]!);
    const options = large.options();
    await send(outgoing(large.take, "u1"), options);
    expect(large.created).toBe(0);
    expect(large.sentBytes).toBe(1500);
    expect(options.progress.find((p) => p.phase === "sending")).toMatchObject({ done: 2000, total: 3500 });
  });

  test("sends again a part that the store holds with other bytes", async () => {
    large.parts.set(1, "0".repeat(64));
    await send(outgoing(large.take, "u1"), large.options());
    expect(large.sentBytes).toBe(3500);
  });

  test("sends at most one part again when the line breaks", async () => {
    large.breaks = [200, "drop"];
    await send(outgoing(large.take), large.options());
    expect(large.sentBytes).toBe(3500 + 500);
  });

  test("waits longer after each break, and from the start after a success", async () => {
    large.breaks = ["drop", "drop", 200, "drop"];
    await send(outgoing(large.take), large.options());
    expect(large.waited).toEqual([1000, 2000, 1000]);
    small.breaks = Array<"drop">(7).fill("drop");
    await send(outgoing(small.take), small.options());
    expect(small.waited).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  test("signs again after its signature has run out", async () => {
    small.breaks = [403];
    await send(outgoing(small.take), small.options());
    expect(small.signs).toEqual([[]]);
    expect(small.form).not.toBeNull();
  });

  test("uses no signature that is about to run out", async () => {
    const options = large.options();
    const put = options.line.put.bind(options.line);
    options.line.put = (...args) => {
      large.time += 850_000;
      return put(...args);
    };
    await send(outgoing(large.take), options);
    expect(large.signs.filter((parts) => parts.length > 0)).toEqual([[1, 2, 3, 4], [2, 3, 4], [3, 4], [4]]);
  });

  test("gives up where every new signature is refused", async () => {
    small.breaks = Array<number>(20).fill(403);
    await expect(send(outgoing(small.take), small.options())).rejects.toMatchObject({ reason: "refused" });
    expect(small.signs.length).toBe(3);
  });

  test("says at once that there is nothing in it", async () => {
    const empty = new Server(new Blob([]), "");
    await expect(send(outgoing(empty.take), empty.options())).rejects.toMatchObject({ reason: "empty" });
    expect(empty.created).toBe(0);
  });

  test("gives up at once where the store says that these are not the bytes", async () => {
    small.breaks = [400];
    await expect(send(outgoing(small.take), small.options())).rejects.toMatchObject({ reason: "changed" });
  });

  test("is not sent a second time where only the answer was lost", async () => {
    const options = small.options();
    options.line.form = async (_url, _fields, file) => {
      small.form = file;
      small.state = "UPLOADED";
      return 0;
    };
    expect((await send(outgoing(small.take), options)).state).toBe("UPLOADED");
  });

  test("is declared anew where its upload is gone", async () => {
    small.state = "deleted";
    await send(outgoing(small.take, "u1"), small.options());
    expect(small.created).toBe(1);
    expect(small.form).not.toBeNull();
  });

  test("waits as long as the server says where it comes too often", async () => {
    small.refusals = [new ApiError("too_many", "later", 429, 90)];
    const options = small.options();
    await send(outgoing(small.take), options);
    expect(small.waited).toEqual([90_000]);
    expect(options.progress).toContainEqual({ phase: "waiting", why: "too_many", until: 90_000, done: 0, total: 1000 });
  });

  test.each([
    [413, "too_large"],
    [415, "wrong_type"],
    [507, "full"],
    [401, "no_session"],
    [400, "refused"],
  ] as const)("stops where the server answers %i: %s", async (status, reason) => {
    small.refusals = [new ApiError("code", "detail", status)];
    const error: unknown = await send(outgoing(small.take), small.options()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Stopped);
    expect(error).toMatchObject({ reason });
  });

  test("tries again where the server is away or broken", async () => {
    small.refusals = [new ApiError("offline", "", 0), new ApiError("broken", "", 500), new ApiError("away", "", 503)];
    await send(outgoing(small.take), small.options());
    expect(small.waited).toEqual([1000, 2000, 4000]);
  });

  test("pauses between parts, and goes on from there", async () => {
    const pause = new AbortController();
    const options = large.options(pause);
    const put = options.line.put.bind(options.line);
    options.line.put = async (...args) => {
      const status = await put(...args);
      if (large.parts.size === 2) pause.abort();
      args[4].throwIfAborted();
      return status;
    };
    await expect(send(outgoing(large.take), options)).rejects.toMatchObject({ name: "AbortError" });
    await send(outgoing(large.take, "u1"), large.options());
    expect(large.sentBytes).toBe(3500);
  });
});

test("digests do not depend on where the slices fall", async () => {
  const blob = takeOf(2500);
  const { whole, parts } = await digest(blob, partBytes, () => undefined);
  const hex = async (part: Blob) =>
    bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-256", await part.arrayBuffer())));
  expect(whole).toBe(await hex(blob));
  expect(parts).toEqual(await Promise.all([1, 2, 3].map((n) => hex(partOf(blob, n, partBytes)))));
});
