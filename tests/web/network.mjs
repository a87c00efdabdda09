// Calls the pitch network in its module for tests and benchmarks (network_exports.cpp).
import fs from "node:fs";

const floatsOfFrame = 96; // 95 likelihoods, voicing

/** The module takes no file and prints nothing: whatever it imports of WASI is never reached. */
export async function loadNetwork(file) {
  const module = await WebAssembly.compile(fs.readFileSync(file));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  const { exports } = await WebAssembly.instantiate(module, imports);
  exports._initialize();
  return exports;
}

/** Frames of a whole take at 16 kHz, 96 floats each. */
export function hear(network, samples) {
  const at = network.samples(samples.length);
  new Float32Array(network.memory.buffer, at, samples.length).set(samples);
  const frames = network.hear();
  return new Float32Array(network.memory.buffer, network.frames(), frames * floatsOfFrame).slice();
}
