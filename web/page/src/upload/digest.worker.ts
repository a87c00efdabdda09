// Hashes away from the page, which goes on drawing.
import { digest, type Digests } from "./digest";

export interface DigestRequest {
  blob: Blob;
  partBytes: number;
}
export type DigestReply = { done: number } | { digests: Digests } | { failed: string };

const reply = (message: DigestReply): void => self.postMessage(message);

self.onmessage = (event: MessageEvent<DigestRequest>) => {
  digest(event.data.blob, event.data.partBytes, (done) => reply({ done })).then(
    (digests) => reply({ digests }),
    (error: unknown) => reply({ failed: String(error) }),
  );
};
