// Speed of the pitch network in WebAssembly: prints "wasm" and times real time, by processor time.
//
// network_speed.mjs NETWORK.WASM FILE    FILE: mono float samples at 16 kHz without a header
import fs from "node:fs";

import { hear, loadNetwork } from "../tests/web/network.mjs";

const [moduleFile, samplesFile] = process.argv.slice(2);
const network = await loadNetwork(moduleFile);
const bytes = fs.readFileSync(samplesFile);
const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const seconds = samples.length / 16000;
hear(network, samples.subarray(0, 160000)); // compiled outside the clock
const before = process.cpuUsage();
hear(network, samples);
const { user, system } = process.cpuUsage(before);
console.log(`wasm ${((1e6 * seconds) / (user + system)).toFixed(1)}`);
