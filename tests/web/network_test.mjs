// The pitch network in WebAssembly and the native one give the same bits.
//
// network_test.mjs NETWORK.WASM NATIVE_DUMP
import { spawnSync } from "node:child_process";
import fs from "node:fs";

import { hear, loadNetwork } from "./network.mjs";

const skipped = 77;
const [moduleFile, program] = process.argv.slice(2);
if (!fs.existsSync(moduleFile)) {
  console.log(`skipped: no ${moduleFile}; build the wasm preset`);
  process.exit(skipped);
}
const network = await loadNetwork(moduleFile);

function native(words, input) {
  const run = spawnSync(program, words, { input, maxBuffer: 1 << 30 });
  if (run.error || run.status !== 0) throw new Error(`native_dump ${words.join(" ")}: ${run.error ?? run.stderr}`);
  return run.stdout;
}

function sing(voice) {
  const bytes = native(["sing", `${voice}`, "16000", "1"]);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4).slice(0, 16000 * 10);
}

const sung = sing(2);
const takes = {
  "a bass": sing(0), "a tenor": sung, "a soprano": sing(5),
  "a tenor far over full scale": sung.map((s) => s * 1000), "a whisper of a tenor": sung.map((s) => s * 1e-6),
  silence: new Float32Array(5000), "one sample": new Float32Array([0.5]), "no sample": new Float32Array(0),
};
let failed = 0;
for (const [name, samples] of Object.entries(takes)) {
  const here = hear(network, samples);
  const there = native(["network"], Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  const same = Buffer.from(here.buffer, here.byteOffset, here.byteLength).equals(there) && here.length > 0;
  console.log(`${same ? "ok" : "NOT THE SAME BITS"}: ${name}, ${here.length / 96} frames`);
  failed += same ? 0 : 1;
}
process.exit(failed ? 1 : 0);
