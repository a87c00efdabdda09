// The loader's own rules, on the compiled core: core_test.mjs DIR
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const dir = path.resolve(process.argv[2]);
if (!fs.existsSync(path.join(dir, "core.js")) || !fs.existsSync(path.join(dir, "orakgarak_core.wasm"))) {
  console.log(`skipped: ${dir} holds no core; build the wasm preset`);
  process.exit(77);
}
const { VoiceCore, CoreError, readReport, frameHopSeconds } = await import(path.join(dir, "core.js"));
const core = await VoiceCore.load(fs.readFileSync(path.join(dir, "orakgarak_core.wasm")));

const failsWith = (code) => (error) => error instanceof CoreError && error.code === code && error.message.length > 20;

test("the demo singer's range is heard", async () => {
  const rate = 16000;
  const { samples, f0Hz } = await core.singDemo("tenor", rate);
  const take = await core.startTake(rate);
  take.push(samples);
  const { frames, report } = take.finish();
  // Sung from C3 to C5; vibrato and intonation reach up to half a semitone further.
  assert.ok(Math.abs(report.range.lowest.midi - 48) < 0.6, JSON.stringify(report.range.lowest));
  assert.ok(Math.abs(report.range.highest.midi - 72) < 0.6, JSON.stringify(report.range.highest));
  assert.ok(Math.abs(report.durationSeconds - samples.length / rate) < 1e-9);
  assert.ok(Math.abs(frames.count - f0Hz.length) <= 1);
  const errors = [];
  for (let i = 0; i < Math.min(frames.count, f0Hz.length); ++i)
    if (frames.f0Hz[i] > 0 && f0Hz[i] > 0) errors.push(Math.abs(1200 * Math.log2(frames.f0Hz[i] / f0Hz[i])));
  errors.sort((a, b) => a - b);
  assert.ok(errors.length > 1000 && errors[errors.length >> 1] < 2, `median error ${errors[errors.length >> 1]} cents`);
});

test("a live take gives frames before it ends", async () => {
  const rate = 48000;
  const { samples } = await core.singDemo("alto", rate);
  const take = await core.startTake(rate, { live: true });
  let known = 0, latest = 0;
  for (let at = 0; at < 10 * rate; at += 480) {
    known += take.push(samples.subarray(at, at + 480)).count;
    latest = Math.max(latest, (at + 480) / rate - (known - 1) * frameHopSeconds);
  }
  assert.ok(latest <= 0.08 + 0.01 + 1e-9, `${latest} s late`);  // 80 ms, and the 10 ms that one push holds
});

test("a push longer than the core's input is cut and joined", async () => {
  const rate = 96000;
  const samples = new Float32Array((1 << 20) + 12345);
  const take = await core.startTake(rate, { live: true });
  const frames = take.push(samples);
  assert.ok(frames.count > 1000 && frames.f0Hz.length === frames.count);
});

test("wrong calls are answered with a code and a sentence", async () => {
  await assert.rejects(core.startTake(7999), failsWith("sample_rate"));
  await assert.rejects(core.startTake(384001), failsWith("sample_rate"));
  await assert.rejects(core.startTake(NaN), failsWith("sample_rate"));
  await assert.rejects(core.singDemo("countertenor", 16000), failsWith("voice_type"));
  await assert.rejects(core.singDemo("bass", 192001), failsWith("sample_rate"));
  const take = await core.startTake(16000);
  take.finish();
  assert.throws(() => take.push(new Float32Array(10)), failsWith("no_take"));
  assert.throws(() => take.finish(), failsWith("no_take"));
});

test("a take ends after twenty minutes", async () => {
  const take = await core.startTake(8000, { pitchOnly: true });
  const minute = new Float32Array(60 * 8000);
  for (let i = 0; i < 20; ++i) take.push(minute);
  assert.throws(() => take.push(new Float32Array(1)), failsWith("take_too_long"));
});

test("an empty take is a report without a range", async () => {
  const { frames, report } = (await core.startTake(44100)).finish();
  assert.ok(frames.count <= 1);
  assert.equal(report.voicedSeconds, 0);
  for (const end of Object.values(report.range)) assert.match(end.declined, /^[a-z_]+$/);
});

test("a packet of another version is refused", () => {
  assert.throws(() => readReport(Float64Array.of(99), ""), RangeError);
  assert.throws(() => readReport(Float64Array.of(1, 1, 0), ""), RangeError);
});
