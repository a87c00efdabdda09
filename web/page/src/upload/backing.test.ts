import { describe, expect, test } from "vitest";

import { ApiError, type Schema } from "../api/client";
import { sendBacking, type BackingOptions } from "./backing";
import { digest } from "./digest";
import { Stopped } from "./send";

type Upload = Schema["Upload"];

const sha256 = "a".repeat(64);
const file = new Blob([new Uint8Array(100)], { type: "audio/mpeg" });

/** A server that needs three looks at what came. */
class Server {
  declared: Schema["NewUpload"][] = [];
  forms = 0;
  looks = 0;
  refusal: ApiError | null = null;
  constructor(readonly before: Upload[] = []) {}

  upload(state: Upload["state"]): Upload {
    const at = "2026-01-01T00:00:00Z";
    return {
      id: "b1", kind: "backing", state, version: 1, size: file.size, content_type: "audio/mpeg", sha256,
      created: at, changed: at, failure: null, struck: [],
    };
  }
  options(): BackingOptions {
    const form = { how: "form" as const, url: "form", fields: {}, expires: "2026-01-01T00:00:00Z" };
    return {
      partBytes: 1000,
      signatureSeconds: 900,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      digest: (blob, bytes, onBytes) => digest(blob, bytes, onBytes),
      clock: { now: () => 0, online: () => true, wait: async () => undefined },
      sent: async () => this.before,
      line: { form: async () => (this.forms++, 204), put: async () => 204 },
      api: {
        create: async (body) => {
          if (this.refusal) throw this.refusal;
          this.declared.push(body);
          return { upload: this.upload("PENDING"), send: form };
        },
        sign: async () => ({ upload: this.upload("PENDING"), send: form }),
        sent: async () => this.upload("UPLOADED"),
        find: async () => this.upload(++this.looks < 3 ? "AUDIO_CONVERTING" : "COMPLETED"),
      },
    };
  }
}

describe("sending an accompaniment", () => {
  test("declares it as one, and waits until the server has looked at it", async () => {
    const server = new Server();
    await sendBacking(file, sha256, "song.mp3", server.options());
    expect(server.declared).toMatchObject([{ kind: "backing", content_type: "audio/mpeg", file_name: "song.mp3", size: 100 }]);
    expect(server.forms).toBe(1);
    expect(server.looks).toBe(3);
  });

  test("sends none that is there already, for one serves many takes", async () => {
    const server = new Server([new Server().upload("COMPLETED")]);
    await sendBacking(file, sha256, "song.mp3", server.options());
    expect([server.declared.length, server.looks]).toEqual([0, 0]);
  });

  test("sends one anew that failed before", async () => {
    const server = new Server([new Server().upload("FAILED")]);
    await sendBacking(file, sha256, "song.mp3", server.options());
    expect(server.declared).toHaveLength(1);
  });

  test("hinders no take where the server does not want it, but where it would not want the take either", async () => {
    const server = new Server();
    server.refusal = new ApiError("unsupported_type", "no", 415);
    await sendBacking(file, sha256, "song.mid", server.options());
    server.refusal = new ApiError("no_session", "no", 401);
    await expect(sendBacking(file, sha256, "song.mp3", server.options())).rejects.toThrow();
    server.refusal = new ApiError("store_full", "no", 507);
    await expect(sendBacking(file, sha256, "song.mp3", server.options())).rejects.toThrow(Stopped);
  });
});
