// A take on a bad line, in a real browser against the real server: what is sent, byte for byte.
import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { launch } from "./browser.mjs";
import { Line } from "./line.mjs";
import { freePort, serve } from "./program.mjs";

const mega = 1 << 20;
const partBytes = 16 * mega;
const overhead = mega; // heads, the fields of forms, what is asked of the store beside

/** 16-bit mono noise at 48 kHz of exactly `bytes` bytes: every part of it differs. */
function noise(file, bytes) {
  const wav = Buffer.alloc(bytes);
  randomFillSync(wav, 44);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(bytes - 8, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(48_000, 24);
  wav.writeUInt32LE(96_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(bytes - 44, 40);
  writeFileSync(file, wav);
}

let browser, server, line, folder, large, small;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "orakgarak-takes-"));
  large = join(folder, "large.wav");
  small = join(folder, "small.wav");
  noise(large, 40 * mega);
  noise(small, 2 * mega);
  const objectsPort = await freePort();
  line = await Line.to(objectsPort);
  // A signature holds for three seconds only, so that it runs out on a slow line.
  server = await serve({ objectsPort, publicObjects: line.url, more: ["--presign-seconds", "3"] });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  line?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A fresh person, who has agreed and chosen a file. */
async function choose(file) {
  line.bytes = 0;
  line.bytesPerSecond = Infinity;
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  await page.goto(`${server.url}/sing`);
  await page.getByRole("button", { name: "I agree" }).click();
  await page.getByLabel("Use a recording that I have").setInputFiles(file);
  await page.waitForURL(/\/takes\//);
  return { context, page };
}

/** The server has all of it. */
async function arrived(page) {
  const id = await page.waitForFunction(async () => {
    const { items } = await (await fetch("/v1/uploads")).json();
    return items.length === 1 && items[0].state !== "PENDING" ? items[0].id : null;
  }, null, { timeout: 60_000, polling: 200 });
  return id.jsonValue();
}

describe("a take on a bad line", { timeout: 240_000 }, () => {
  test("is sent once where the line is good", async () => {
    const { context, page } = await choose(large);
    await arrived(page);
    assert.ok(line.bytes >= 40 * mega && line.bytes < 40 * mega + overhead, `${line.bytes} bytes went up`);
    await context.close();
  });

  test("goes on after a reload in the middle of it, and at most one part is sent again", async () => {
    const { context, page } = await choose(large);
    line.bytesPerSecond = 20 * mega;
    await line.reached(26 * mega);
    await page.reload();
    line.bytesPerSecond = Infinity;
    await arrived(page);
    assert.ok(line.bytes < 40 * mega + partBytes + overhead, `${line.bytes} bytes went up`);
    assert.ok(line.bytes > 40 * mega + mega, "nothing was sent again, so the reload was not in the middle");
    await context.close();
  });

  test("goes on by itself when the line is cut and comes back, and at most one part is sent again", async () => {
    const { context, page } = await choose(large);
    line.bytesPerSecond = 20 * mega;
    await line.reached(10 * mega);
    line.cut();
    await page.getByText("It is tried again by itself").waitFor();
    line.mend();
    line.bytesPerSecond = Infinity;
    await arrived(page);
    assert.ok(line.bytes < 40 * mega + partBytes + overhead, `${line.bytes} bytes went up`);
    await context.close();
  });

  test("says that there is no connection, and goes on at once when there is", async () => {
    const { context, page } = await choose(large);
    line.bytesPerSecond = 10 * mega;
    await line.reached(4 * mega);
    await context.setOffline(true);
    line.cut();
    await page.getByText("No connection").waitFor();
    line.mend();
    line.bytesPerSecond = Infinity;
    await context.setOffline(false);
    await arrived(page);
    await context.close();
  });

  test("sends nothing while it is paused, and goes on from there", async () => {
    const { context, page } = await choose(large);
    line.bytesPerSecond = 20 * mega;
    await line.reached(20 * mega);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused. Nothing is lost").waitFor();
    const paused = line.bytes;
    await page.reload();
    await page.getByText("Paused. Nothing is lost").waitFor();
    assert.ok(line.bytes - paused < mega, "bytes went up during the pause");
    line.bytesPerSecond = Infinity;
    await page.getByRole("button", { name: "Go on" }).click();
    await arrived(page);
    assert.ok(line.bytes < 40 * mega + partBytes + overhead, `${line.bytes} bytes went up`);
    await context.close();
  });

  test("is signed anew where its signature ran out on the way", async () => {
    line.delays = [4000]; // the store hears of it only then
    const { context, page } = await choose(small);
    await arrived(page);
    assert.equal(line.delays.length, 0);
    await context.close();
  });
});
