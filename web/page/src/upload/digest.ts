// SHA-256 of a take, whole and of each part, in one pass that never holds more than a slice of it.
// crypto.subtle wants everything at once, so the hash comes from @noble/hashes.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const sliceBytes = 4 * 1024 * 1024;

/** 64 lower-case hexadecimal digits each. `parts` is empty where the file goes by one form. */
export interface Digests {
  whole: string;
  parts: string[];
}

/** Files over partBytes go in parts of it; the last is what is left. */
export function partCount(size: number, partBytes: number): number {
  return size > partBytes ? Math.ceil(size / partBytes) : 0;
}

/** Part `number` counts from 1. */
export function partOf(blob: Blob, number: number, partBytes: number): Blob {
  return blob.slice((number - 1) * partBytes, Math.min(number * partBytes, blob.size));
}

export async function digest(blob: Blob, partBytes: number, onBytes: (done: number) => void): Promise<Digests> {
  const whole = sha256.create();
  const count = partCount(blob.size, partBytes);
  const parts: string[] = [];
  let done = 0;
  const pieces = count > 0 ? Array.from({ length: count }, (_, i) => partOf(blob, i + 1, partBytes)) : [blob];
  for (const piece of pieces) {
    const ofPart = sha256.create();
    for (let at = 0; at < piece.size; at += sliceBytes) {
      const bytes = new Uint8Array(await piece.slice(at, at + sliceBytes).arrayBuffer());
      whole.update(bytes);
      if (count > 0) ofPart.update(bytes);
      done += bytes.length;
      onBytes(done);
    }
    if (count > 0) parts.push(bytesToHex(ofPart.digest()));
  }
  return { whole: bytesToHex(whole.digest()), parts };
}
