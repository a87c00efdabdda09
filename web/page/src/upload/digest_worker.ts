import type { Digests } from "./digest";
import type { DigestReply, DigestRequest } from "./digest.worker";

/** digest() in a worker of its own, which ends with it. Rejects where the blob cannot be read. */
export function digestInWorker(
  blob: Blob,
  partBytes: number,
  onBytes: (done: number) => void,
  signal: AbortSignal,
): Promise<Digests> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./digest.worker.ts", import.meta.url), { type: "module" });
    const end = (): void => {
      worker.terminate();
      signal.removeEventListener("abort", aborted);
    };
    const aborted = (): void => {
      end();
      reject(new DOMException("Paused", "AbortError"));
    };
    if (signal.aborted) return aborted();
    signal.addEventListener("abort", aborted);
    worker.onmessage = (event: MessageEvent<DigestReply>) => {
      const message = event.data;
      if ("done" in message) return onBytes(message.done);
      end();
      if ("digests" in message) resolve(message.digests);
      else reject(new Error(message.failed));
    };
    worker.onerror = (event) => {
      end();
      reject(new Error(event.message));
    };
    const request: DigestRequest = { blob, partBytes };
    worker.postMessage(request);
  });
}
