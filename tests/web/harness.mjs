// What the tests of the whole page share: the real server on free ports with a folder of its own, Debian's
// Chromium with a microphone that plays the demo singer, and the two questions asked of every screen.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const skipped = 77;
const { values: options } = parseArgs({
  options: { program: { type: "string" }, page: { type: "string" }, source: { type: "string" }, shots: { type: "string" } },
});

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(skipped);
}
const chromiumFile = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) => fs.existsSync(file));
if (!chromiumFile) skip("no Chromium is installed");
if (!fs.existsSync(path.join(options.page, "index.html"))) skip(`${options.page} holds no page; ./test builds it`);
if (!fs.existsSync(path.join(options.source, "node_modules", "playwright-core"))) skip("the page's packages are not installed");
const require = createRequire(path.join(options.source, "package.json"));
const { chromium } = require("playwright-core");
const axeSource = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "orakgarak-web-"));
process.on("exit", () => fs.rmSync(temporary, { recursive: true, force: true }));

export async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => probe.once("listening", ready));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** Asks until it holds; says what it waited for when the time is over. */
export async function until(what, seconds, holds) {
  for (const end = Date.now() + 1000 * seconds; ; ) {
    const got = await holds();
    if (got) return got;
    assert.ok(Date.now() < end, `waited ${seconds} s for ${what}`);
    await new Promise((ended) => setTimeout(ended, 100));
  }
}

/** A copy of the program in a folder of its own, whose decoder can be taken away. */
export function programOfItsOwn() {
  const folder = fs.mkdtempSync(path.join(temporary, "program-"));
  const from = path.dirname(options.program);
  for (const name of ["orakgarak", "orakgarak-picture", "orakgarak-decode"]) fs.copyFileSync(path.join(from, name), path.join(folder, name));
  const decoder = path.join(folder, "orakgarak-decode");
  return {
    file: path.join(folder, "orakgarak"),
    takeDecoderAway: () => fs.renameSync(decoder, `${decoder}.away`),
    putDecoderBack: () => fs.renameSync(`${decoder}.away`, decoder),
  };
}

/** orakgarak serve with a data folder of its own; more: further options, with --tls-cert among them it speaks TLS. */
export async function startServer(more = [], address = "127.0.0.1", program = options.program) {
  const [port, objectsPort] = [await freePort(), await freePort()];
  const data = fs.mkdtempSync(path.join(temporary, "data-"));
  const words = ["serve", "--listen", `${address}:${port}`, "--objects-listen", `${address}:${objectsPort}`, "--data", data, "--page", options.page];
  const server = spawn(program, [...words, ...more]);
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (part) => (said += part));
  const url = `${more.includes("--tls-cert") ? "https" : "http"}://${address}:${port}`;
  await until("the server", 60, () => {
    assert.equal(server.exitCode, null, said);
    return said.includes("Ctrl-C"); // a connection would prove less: a client can meet itself on a free port
  });
  return {
    url, port, objectsPort, data,
    said: () => said,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
    },
  };
}

/** The token of a new operator of this server. */
export function addOperator(server, name) {
  const made = spawnSync(options.program, ["--data", server.data, "operators", "add", name], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  return /[\w-]{43}/.exec(made.stdout)[0];
}

/** A WAV file of the demo singer. */
export function sampleOf(voice, seed = 1) {
  const file = path.join(temporary, `${voice}-${seed}.wav`);
  const made = spawnSync(options.program, ["sample", file, "--voice", voice, "--seed", `${seed}`], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  return file;
}

/** A browser whose microphone plays this file over and over; null: one that allows no microphone. */
export async function openBrowser(wav, more = []) {
  const microphone = wav
    ? ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${wav}`]
    : ["--deny-permission-prompts"];
  return chromium.launch({
    executablePath: chromiumFile,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", ...microphone, ...more,
    ],
  });
}

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 860 };

/** A page of a person of its own, which fails the test on any error of a script or of the content policy. */
export async function openPage(browser, { locale = "en-US", viewport = phone, colorScheme = "light", ...more } = {}) {
  const context = await browser.newContext({ locale, viewport, colorScheme, ...more });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => /Content Security Policy|Uncaught/.test(message.text()) && faults.push(message.text()));
  return { context, page, faults };
}

/** Kept for a person to look at. */
export async function picture(page, name) {
  if (!options.shots) return;
  fs.mkdirSync(options.shots, { recursive: true });
  await page.screenshot({ path: path.join(options.shots, `${name}.png`), fullPage: true });
}

/** No serious finding of axe, nothing wider than the screen, one heading of the first level. */
export async function assertSound(page, name) {
  await picture(page, name);
  await page.evaluate(axeSource);
  const findings = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  });
  assert.deepEqual(findings, [], `axe on ${name}`);
  const [content, screen, headings] = await page.evaluate(() => [
    document.documentElement.scrollWidth, document.documentElement.clientWidth, document.querySelectorAll("h1").length,
  ]);
  assert.ok(content <= screen, `${name} is ${content} px wide on a screen of ${screen}`);
  assert.equal(headings, 1, `${name} has one main heading`);
}
