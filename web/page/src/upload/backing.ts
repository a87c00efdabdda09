// Sends an accompaniment before the take that was sung to it, so that the server can take it out of the take.
import type { Schema } from "../api/client";
import { persist, send, Stopped, type SendOptions } from "./send";

type Upload = Schema["Upload"];

export interface BackingOptions extends Omit<SendOptions, "remember"> {
  /** The accompaniments that were sent before. */
  sent(): Promise<Upload[]>;
}

const ended = ["COMPLETED", "FAILED", "EXPIRED"];
const lookEvery = 1000;
const mostLooks = 120;

/** The upload as it is when nothing more happens to it, or after two minutes. */
export async function untilEnded(upload: Upload, size: number, o: Omit<SendOptions, "remember">): Promise<Upload> {
  let now = upload;
  for (let looks = 0; !ended.includes(now.state) && looks < mostLooks; ++looks) {
    await o.clock.wait(lookEvery, o.signal);
    now = await persist(() => o.api.find(upload.id), o, size, size);
  }
  return now;
}

/** Ends when the server has looked at it, at once where it did before. What the server does not take hinders nothing:
 * the take is then measured with the accompaniment in it, and its report says so. */
export async function sendBacking(file: Blob, sha256: string, fileName: string, o: BackingOptions): Promise<void> {
  const known = (await persist(() => o.sent(), o, 0, file.size)).find(
    (upload) => upload.sha256 === sha256 && upload.state !== "FAILED" && upload.state !== "EXPIRED",
  );
  try {
    let upload = known ?? null;
    if (upload === null || upload.state === "PENDING")
      upload = await send(
        {
          blob: file,
          uploadId: upload?.id ?? null,
          about: { kind: "backing", content_type: file.type.split(";")[0] || "application/octet-stream", file_name: fileName },
        },
        { ...o, remember: async () => undefined },
      );
    await untilEnded(upload, file.size, o);
  } catch (error) {
    if (!(error instanceof Stopped) || error.reason === "no_session" || error.reason === "full") throw error;
  }
}
