// Sends a picture, and waits until the server has made it anew.
import type { Schema } from "../api/client";
import { untilEnded } from "./backing";
import { sendFile } from "./sender";

/** The upload's id. Throws where the picture is not taken. */
export async function sendPicture(file: File, kind: Extract<Schema["Kind"], "album_cover" | "profile_image">): Promise<string> {
  const { upload, how } = await sendFile(file, { kind, content_type: file.type, file_name: file.name });
  const ended = await untilEnded(upload, file.size, how);
  if (ended.state !== "COMPLETED") throw new Error(`the picture became ${ended.state}`);
  return ended.id;
}
