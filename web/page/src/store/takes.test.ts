import "fake-indexeddb/auto";

import { beforeEach, describe, expect, test, vi } from "vitest";

import {
  deleteAllTakes, deleteAudio, deleteTake, getTake, interruptedTakes, listTakes, recoverTake, startTake, takeBlob,
  takeFromFile, takeOfUpload, updateTake, watchTakes,
} from "./takes";
import { toPcm16 } from "./wav";

/** Locks as the browser has them, of tabs that may die: their locks go with them. */
const held = new Map<string, () => void>();
const locks = {
  request: async (name: string, hold: () => Promise<void>) => {
    const gone = new Promise<void>((resolve) => held.set(name, resolve));
    await Promise.race([hold(), gone]);
    held.delete(name);
  },
  query: async () => ({ held: [...held.keys()].map((name) => ({ name })), pending: [] }),
};
vi.stubGlobal("navigator", { locks });
vi.stubGlobal("isSecureContext", true);
const closeTab = () => {
  for (const release of held.values()) release();
};

const webm = { kind: "free", contentType: "audio/webm", fileName: "a.webm" } as const;
const bytes = (...values: number[]) => new Blob([new Uint8Array(values)]);
const read = async (id: string) => new Uint8Array((await (await takeBlob(id))?.arrayBuffer()) ?? new ArrayBuffer(0));

beforeEach(deleteAllTakes);

describe("the store of takes", () => {
  test("gives back what was written, in order", async () => {
    const writer = await startTake(webm);
    await Promise.all([writer.append(bytes(1, 2), 1), writer.append(bytes(3), 2), writer.append(bytes(4, 5), 3)]);
    const take = await writer.finish({ durationSeconds: 3.2 });
    expect(take).toMatchObject({ state: "recorded", sizeBytes: 5, durationSeconds: 3.2, send: false });
    expect([...(await read(take.id))]).toEqual([1, 2, 3, 4, 5]);
    expect((await takeBlob(take.id))?.type).toBe("audio/webm");
  });

  test("keeps a take whose tab was closed, up to its last chunk", async () => {
    const writer = await startTake(webm);
    await writer.append(bytes(1, 2), 1);
    expect(await interruptedTakes()).toEqual([]); // it is being recorded
    closeTab();
    await vi.waitFor(async () => expect(await interruptedTakes()).toHaveLength(1));
    expect(await recoverTake(writer.id)).toMatchObject({ state: "recorded", durationSeconds: 1, sizeBytes: 2 });
    expect([...(await read(writer.id))]).toEqual([1, 2]);
    expect(await interruptedTakes()).toEqual([]);
  });

  test("offers a take that was left in the middle, with all that came until then", async () => {
    const writer = await startTake(webm);
    void writer.append(bytes(1, 2, 3), 1.5);
    await writer.leave();
    await vi.waitFor(async () => expect(await interruptedTakes()).toMatchObject([{ id: writer.id, sizeBytes: 3 }]));
  });

  test("puts a header before raw samples, and counts it", async () => {
    const writer = await startTake({ ...webm, contentType: "audio/wav", pcmRate: 8000 });
    await writer.append(new Blob([toPcm16(Float32Array.of(0, 1, -1, 7, NaN))]), 1);
    const take = await writer.finish({});
    const wav = new DataView((await read(take.id)).buffer);
    expect(take.sizeBytes).toBe(wav.byteLength);
    expect([wav.getUint32(4, true), wav.getUint32(24, true), wav.getUint32(40, true)]).toEqual([46, 8000, 10]);
    expect([0, 1, 2, 3, 4].map((i) => wav.getInt16(44 + 2 * i, true))).toEqual([0, 32767, -32767, 32767, 0]);
  });

  test("finds a take by its upload, and forgets the audio alone when that is asked", async () => {
    const take = await takeFromFile(new File([new Uint8Array([9])], "song.mp3", { type: "audio/mpeg" }));
    await updateTake(take.id, { uploadId: "u1", send: true });
    expect(await takeOfUpload("u1")).toMatchObject({ id: take.id, kind: "file", fileName: "song.mp3", contentType: "audio/mpeg" });
    await deleteAudio(take.id);
    expect(await takeBlob(take.id)).toBeUndefined();
    expect(await getTake(take.id)).toBeDefined();
  });

  test("deletes a take whole, and tells who watches", async () => {
    const [one, two] = [await takeFromFile(new File(["a"], "a")), await takeFromFile(new File(["b"], "b"))];
    const seen = vi.fn();
    const stop = watchTakes(seen);
    await deleteTake(one.id);
    expect(seen).toHaveBeenCalled();
    stop();
    expect((await listTakes()).map(({ id }) => id)).toEqual([two.id]);
    expect(await takeBlob(one.id)).toBeUndefined();
    expect(await updateTake(one.id, { send: true })).toBeUndefined();
  });

  test("tells whoever records that its take was deleted meanwhile", async () => {
    const writer = await startTake(webm);
    await writer.append(bytes(1), 1);
    await deleteTake(writer.id);
    await expect(writer.append(bytes(2), 2)).rejects.toThrow();
    expect(await takeBlob(writer.id)).toBeUndefined();
    await expect(writer.finish({})).rejects.toThrow(/deleted/);
  });
});
