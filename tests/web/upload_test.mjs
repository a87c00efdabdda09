// A take on a bad line, in a real browser against the real server: what is sent, byte for byte.
import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser, openPage, startServer, temporary, until } from "./harness.mjs";
import { Line } from "./line.mjs";

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

let browser, server, line;
const large = path.join(temporary, "large.wav");
const small = path.join(temporary, "small.wav");

before(async () => {
  noise(large, 32 * mega);
  noise(small, 2 * mega);
  line = await Line.open();
  // A signature holds for three seconds only, so that it runs out on a slow line.
  server = await startServer(["--public-objects-url", line.url, "--presign-seconds", "3"]);
  line.port = server.objectsPort;
  browser = await openBrowser(null);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  line?.close();
});

/** A fresh person, who has agreed and chosen a file. */
async function choose(file) {
  line.bytes = 0;
  line.bytesPerSecond = Infinity;
  const { context, page } = await openPage(browser);
  await page.goto(`${server.url}/sing`);
  await page.getByRole("button", { name: "I agree" }).click();
  await page.getByLabel("Use a recording that I have").setInputFiles(file);
  await page.waitForURL(/\/takes\//);
  return { context, page };
}

/** The server has all of it. */
function arrived(page) {
  return until("the take to arrive", 60, async () => {
    const { items } = await page.evaluate(async () => (await fetch("/v1/uploads")).json());
    return items.length === 1 && items[0].state !== "PENDING";
  });
}

describe("a take on a bad line", { timeout: 400_000 }, () => {
  test("is sent once where the line is good", async () => {
    const { context, page } = await choose(large);
    await arrived(page);
    assert.ok(line.bytes >= 32 * mega && line.bytes < 32 * mega + overhead, `${line.bytes} bytes went up`);
    await context.close();
  });

  test("goes on after a reload in the middle of it, and at most one part is sent again", async () => {
    const { context, page } = await choose(large);
    line.bytesPerSecond = 20 * mega;
    await line.reached(18 * mega);
    await page.reload();
    line.bytesPerSecond = Infinity;
    await arrived(page);
    assert.ok(line.bytes < 32 * mega + partBytes + overhead, `${line.bytes} bytes went up`);
    assert.ok(line.bytes > 32 * mega + mega, "nothing was sent again, so the reload was not in the middle");
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
    assert.ok(line.bytes < 32 * mega + partBytes + overhead, `${line.bytes} bytes went up`);
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
    await line.reached(18 * mega);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused. Nothing is lost").waitFor();
    const paused = await line.quiet();
    await page.reload();
    await page.getByText("Paused. Nothing is lost").waitFor();
    await new Promise((ended) => setTimeout(ended, 1000)); // what would come meanwhile
    assert.equal(line.bytes, paused, "bytes went up during the pause");
    line.bytesPerSecond = Infinity;
    await page.getByRole("button", { name: "Go on" }).click();
    await arrived(page);
    assert.ok(line.bytes < 32 * mega + partBytes + overhead, `${line.bytes} bytes went up`);
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
