// Speed of the WebAssembly core in Node, one core: the whole report of 5 minutes at 44.1 kHz, resampling
// included, as a ratio to real time: by the clock, and by the processor time of this process (compiler and
// collector threads included), which other programs on the machine disturb less. Build the wasm preset first.
//
// wasm_speed.mjs [DIR of orakgarak_core.wasm and core.js] [--least RATIO] [--native BENCH_VOICE_SPEED]
//   --least    exit 1 when the whole report is below RATIO
//   --native   the native program hears the same samples in this run: prints by how much it is ahead
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  options: { least: { type: "string", default: "0" }, native: { type: "string" } },
  allowPositionals: true,
});
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

async function ratios(options) {
  const start = performance.now(), cpu = process.cpuUsage();
  const take = await core.startTake(rate, options);
  for (let at = 0; at < samples.length; at += 1 << 16) take.push(samples.subarray(at, at + (1 << 16)));
  take.finish();
  const { user, system } = process.cpuUsage(cpu);
  return { clock: (1e3 * seconds) / (performance.now() - start), cpu: (1e6 * seconds) / (user + system) };
}

/** The lines of the native program, {set, pitch, report} each, on these samples. */
function nativeSpeeds(program) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "orakgarak-"));
  try {
    const file = path.join(folder, "samples.f32");
    fs.writeFileSync(file, samples);
    const lines = execFileSync(program, [file], { encoding: "utf8" }).trim().split("\n").slice(1);
    return lines.map((line) => line.split(/\s+/)).map(([set, pitch, whole]) => ({ set, pitch: Number(pitch), report: Number(whole) }));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
let report = 0;
for (const [name, options] of [["whole report", {}], ["pitch and range alone", { pitchOnly: true }], ["whole report, live frames too", { live: true }]]) {
  const first = await ratios(options);
  const all = [];
  for (let i = 0; i < runs; ++i) all.push(await ratios(options));
  const cpu = median(all.map((r) => r.cpu));
  console.log(`${name}: ${median(all.map((r) => r.clock)).toFixed(0)} x real time by the clock, ${cpu.toFixed(0)} x by ` +
    `processor time (first run ${first.cpu.toFixed(0)} x)`);
  if (name === "whole report") report = cpu;
}
for (const native of values.native ? nativeSpeeds(values.native) : [])
  console.log(`native ${native.set}: whole report ${native.report.toFixed(0)} x by processor time, ${(native.report / report).toFixed(1)} x WebAssembly`);
process.exit(report >= Number(values.least) ? 0 : 1);
