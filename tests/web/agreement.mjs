// The voice core in WebAssembly and the native one must report the same: same sources, no contracted
// arithmetic, our own elementary functions. The promise is at most 0.1 % of frames apart by more than 0.1 cent
// and no range end by more than 0.05 semitone; what is checked is stronger, every bit of the report.
//
// agreement.mjs --core DIR --native BINARY [--eval DIR --python PYTHON --work DIR]
// Without --eval: the demo singer's six voices. With it: every condition that eval.py builds.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { readWav } from "./wav.mjs";

const skipped = 77;
const { values: options } = parseArgs({
  options: {
    core: { type: "string" }, native: { type: "string" },
    eval: { type: "string" }, python: { type: "string" }, work: { type: "string" },
  },
});

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(skipped);
}
const loader = path.resolve(options.core, "core.js");
const moduleFile = path.resolve(options.core, "orakgarak_core.wasm");
if (!fs.existsSync(loader) || !fs.existsSync(moduleFile)) skip(`${options.core} holds no core; build the wasm preset`);
const evalScript = options.eval && path.join(options.eval, "eval.py");
if (evalScript && !fs.existsSync(evalScript)) skip(`no ${evalScript}`);

const { VoiceCore, readReport } = await import(loader);
const core = await VoiceCore.load(fs.readFileSync(moduleFile));

function native(words, input) {
  const run = spawnSync(options.native, words, { input, maxBuffer: 1 << 30 });
  if (run.error || run.status !== 0) throw new Error(`native_dump ${words.join(" ")}: ${run.error ?? run.stderr}`);
  return run.stdout;
}

function readFrames(bytes, at, count) {
  const column = (offset, read) => Array.from({ length: count }, (_, i) => read.call(bytes, at + 24 * i + offset));
  return {
    count,
    f0Hz: Float64Array.from(column(0, bytes.readDoubleLE)),
    confidence: Float32Array.from(column(8, bytes.readFloatLE)),
    periodicity: Float32Array.from(column(12, bytes.readFloatLE)),
    levelDb: Float32Array.from(column(16, bytes.readFloatLE)),
    judge: Uint8Array.from(column(20, bytes.readUInt8)),
  };
}

function analyseNatively(samples, rate, chunk) {
  const bytes = native(["analyse", `${rate}`, `${chunk}`], Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  const [live, frames, numbers, codes] = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
  const numbersAt = 16 + 24 * (live + frames);
  const report = readReport(
    Float64Array.from({ length: numbers }, (_, i) => bytes.readDoubleLE(numbersAt + 8 * i)),
    bytes.toString("utf8", numbersAt + 8 * numbers, numbersAt + 8 * numbers + codes),
  );
  return { provisional: readFrames(bytes, 16, live), frames: readFrames(bytes, 16 + 24 * live, frames), report };
}

/** chunk 0: cut at odd places that no native run has, since the report must not depend on the cut. */
async function analyseInWasm(samples, rate, chunk) {
  const take = await core.startTake(rate, { live: chunk > 0 });
  const live = [];
  for (let at = 0, odd = 1; at < samples.length; ) {
    const count = chunk > 0 ? chunk : (odd = (odd * 75 + 74) % 65537);
    live.push(take.push(samples.subarray(at, at + count)));
    at += count;
  }
  const join = (name, type) => type.from(live.flatMap((part) => Array.from(part[name])));
  const provisional = {
    count: live.reduce((sum, part) => sum + part.count, 0),
    f0Hz: join("f0Hz", Float64Array), confidence: join("confidence", Float32Array),
    periodicity: join("periodicity", Float32Array), levelDb: join("levelDb", Float32Array), judge: join("judge", Uint8Array),
  };
  return { provisional, ...take.finish() };
}

const sameBits = (a, b) => Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
const sameFrames = (a, b) =>
  a.count === b.count && ["f0Hz", "confidence", "periodicity", "levelDb", "judge"].every((name) => sameBits(a[name], b[name]));

/** Share of frames whose voicing differs or whose pitch is more than 0.1 cent apart. */
function shareApart(a, b) {
  if (a.count !== b.count) return 1;
  let apart = 0;
  for (let i = 0; i < a.count; ++i) {
    const [x, y] = [a.f0Hz[i], b.f0Hz[i]];
    if (x > 0 !== y > 0 || (x > 0 && Math.abs(1200 * Math.log2(x / y)) > 0.1)) ++apart;
  }
  return apart / Math.max(1, a.count);
}

function widestRangeGap(a, b) {
  return Math.max(...Object.keys(a.range).map((end) => {
    const [x, y] = [a.range[end].midi, b.range[end].midi];
    return x === undefined && y === undefined ? 0 : x === undefined || y === undefined ? Infinity : Math.abs(x - y);
  }));
}

let failures = 0;
async function compare(name, samples, rate, chunk = 0) {
  const [a, b] = [analyseNatively(samples, rate, chunk), await analyseInWasm(samples, rate, chunk)];
  const same = sameFrames(a.frames, b.frames) && sameFrames(a.provisional, b.provisional) &&
    JSON.stringify(a.report) === JSON.stringify(b.report);
  if (!same) ++failures;
  console.log(`${same ? "same bits" : "DIFFERENT"}  ${name}: ${a.frames.count} frames, ` +
    `${(100 * shareApart(a.frames, b.frames)).toFixed(3)} % apart, range ends ${widestRangeGap(a.report, b.report)} semitones apart`);
}

if (evalScript) {
  fs.mkdirSync(options.work, { recursive: true });
  const built = spawnSync(options.python, [evalScript, "build"], {
    env: { ...process.env, ORAKGARAK_EVAL_WORK: options.work }, encoding: "utf8",
  });
  if (built.status !== 0) skip(`eval.py build failed: ${built.error ?? built.stderr.slice(-500)}`);
  const wavs = path.join(options.work, "wavs");
  for (const file of fs.readdirSync(wavs).filter((f) => f.endsWith(".wav")).sort()) {
    const { rate, samples } = readWav(fs.readFileSync(path.join(wavs, file)));
    await compare(path.basename(file, ".wav"), samples, rate);
  }
} else {
  for (const [voice, rate] of [["bass", 8000], ["baritone", 16000], ["tenor", 22050], ["alto", 44100], ["mezzo", 48000], ["soprano", 96000]]) {
    const { samples } = await core.singDemo(voice, rate, 3);
    const index = ["bass", "baritone", "tenor", "alto", "mezzo", "soprano"].indexOf(voice);
    const sung = native(["sing", `${index}`, `${rate}`, "3"]);
    const same = sung.equals(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    if (!same) ++failures;
    console.log(`${same ? "same bits" : "DIFFERENT"}  ${voice} sings ${samples.length} samples at ${rate} Hz`);
    await compare(`${voice}, cut anywhere`, samples, rate);
    await compare(`${voice}, live`, samples, rate, 1024);
  }
}
console.log(failures === 0 ? "all agree" : `${failures} disagree`);
process.exit(failures === 0 ? 0 : 1);
