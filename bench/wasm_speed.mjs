// Speed of the WebAssembly core in Node, one core: the whole report of 5 minutes at 44.1 kHz, resampling
// included, as a ratio to real time. Build the wasm preset first.
//
// wasm_speed.mjs [DIR of orakgarak_core.wasm and core.js] [--least RATIO]   exit 1 below RATIO
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({ options: { least: { type: "string", default: "0" } }, allowPositionals: true });
const here = path.dirname(fileURLToPath(import.meta.url));
const dir = path.resolve(positionals[0] ?? path.join(here, "../build/wasm/web"));
const { VoiceCore } = await import(path.join(dir, "core.js"));
const core = await VoiceCore.load(fs.readFileSync(path.join(dir, "orakgarak_core.wasm")));

const rate = 44100, seconds = 300, runs = 7;
const samples = new Float32Array(seconds * rate);
const voices = ["bass", "baritone", "tenor", "alto", "mezzo", "soprano"];
for (let at = 0, i = 0; at < samples.length; ++i) {
  const { samples: sung } = await core.singDemo(voices[i % voices.length], rate, i + 1);
  samples.set(sung.subarray(0, samples.length - at), at);
  at += sung.length;
}

async function ratio(options) {
  const start = performance.now();
  const take = await core.startTake(rate, options);
  for (let at = 0; at < samples.length; at += 1 << 16) take.push(samples.subarray(at, at + (1 << 16)));
  take.finish();
  return (1000 * seconds) / (performance.now() - start);
}

let least = Infinity;
for (const [name, options] of [["whole report", {}], ["pitch and range alone", { pitchOnly: true }], ["whole report, live frames too", { live: true }]]) {
  const first = await ratio(options);
  const ratios = [];
  for (let i = 0; i < runs; ++i) ratios.push(await ratio(options));
  const median = ratios.sort((a, b) => a - b)[runs >> 1];
  console.log(`${name}: ${median.toFixed(0)} x real time (first run, compiling included, ${first.toFixed(0)} x)`);
  if (name === "whole report") least = median;
}
process.exit(least >= Number(values.least) ? 0 : 1);
