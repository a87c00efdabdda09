// Songs chosen on the device: the same answer, bit for bit, as the matcher of the server gives.
// songs_test.mjs DIR NATIVE_DUMP CATALOG
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const [dir, nativeDump, catalog] = process.argv.slice(2).map((arg) => path.resolve(arg));
if (!fs.existsSync(path.join(dir, "songs.js")) || !fs.existsSync(path.join(dir, "orakgarak_core.wasm"))) {
  console.log(`skipped: ${dir} holds no core; build the wasm preset`);
  process.exit(77);
}

// What went into the module and what came out, as bytes: the loader's calls are watched on their way.
const seen = { catalogue: null, request: null, answer: null };
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (module, imports) => {
  const { exports: core } = await instantiate(module, imports);
  const size = {}, at = {};
  const copy = (from, bytes) => Buffer.from(new Uint8Array(core.memory.buffer, from, bytes));
  const room = (name) => (count) => ((size[name] = count), (at[name] = core[name](count)));
  const input = () => ({ numbers: copy(at.song_numbers, 8 * size.song_numbers), texts: copy(at.song_texts, size.song_texts) });
  const answered = (call) => (song) => {
    seen.request = input();
    const count = core[call](song);
    if (count >= 0)
      seen.answer = { numbers: copy(core.answer_numbers(), 8 * count), codes: copy(core.answer_codes(), core.answer_codes_length()) };
    return count;
  };
  return {
    exports: {
      ...core,
      song_numbers: room("song_numbers"),
      song_texts: room("song_texts"),
      load_songs: () => ((seen.catalogue = input()), core.load_songs()),
      match_songs: answered("match_songs"),
      fit_song: answered("fit_song"),
    },
  };
};

const { SongCore, VoiceCore, CoreError } = await import(path.join(dir, "core.js"));
const module = await WebAssembly.compile(fs.readFileSync(path.join(dir, "orakgarak_core.wasm")));

/** songs::plain_name and songs::song_id, written a second time. */
function plainName(name) {
  let plain = "";
  for (const c of name) {
    const small = /[A-Z]/.test(c) ? c.toLowerCase() : c;
    if (c.codePointAt(0) >= 128 || /[a-z0-9]/.test(small)) plain += small;
    if (c === "&") plain += "and";
    if (c === " " && plain === "the") plain = "";
  }
  return plain;
}
function songId({ title, artist }) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(`${plainName(title)}\n${plainName(artist)}`))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}
const byId = new Map();
for (const name of fs.readdirSync(catalog).filter((file) => file.endsWith(".jsonl")).sort())
  for (const line of fs.readFileSync(path.join(catalog, name), "utf8").split("\n").filter(Boolean)) {
    const song = JSON.parse(line);
    const id = songId(song);
    if (!byId.has(id)) byId.set(id, { id, ...song });
  }
const lines = [...byId.values()].map((song) => JSON.stringify(song)).join("\n");
const songs = await SongCore.load(module, lines);

function expectNative(song) {
  const { catalogue, request, answer } = seen;
  const counts = Buffer.alloc(16);
  [catalogue.numbers.length / 8, catalogue.texts.length, request.numbers.length / 8, request.texts.length]
    .forEach((count, i) => counts.writeUInt32LE(count, 4 * i));
  const run = spawnSync(nativeDump, ["songs", ...(song === undefined ? [] : [`${song}`])], {
    input: Buffer.concat([counts, catalogue.numbers, catalogue.texts, request.numbers, request.texts]), maxBuffer: 1 << 28,
  });
  assert.equal(run.status, 0, `${run.stderr}`);
  const numbers = run.stdout.readUInt32LE(0);
  assert.equal(numbers, answer.numbers.length / 8);
  for (let i = 0; i < numbers; ++i) {
    const [there, here] = [run.stdout.subarray(8 + 8 * i, 16 + 8 * i), answer.numbers.subarray(8 * i, 8 * i + 8)];
    // Not known is not known, whatever bits this NaN has.
    if (Number.isNaN(there.readDoubleLE()) && Number.isNaN(here.readDoubleLE())) continue;
    assert.ok(there.equals(here), `number ${i}: ${there.readDoubleLE()} there, ${here.readDoubleLE()} here`);
  }
  assert.ok(run.stdout.subarray(8 + 8 * numbers).equals(answer.codes), "other codes");
}

const core = await VoiceCore.load(module);
async function demoTake(voice, when, struck = []) {
  const { samples } = await core.singDemo(voice, 16000);
  const take = await core.startTake(16000);
  take.push(samples);
  return { id: `${voice} ${when}`, report: take.finish().report, when: new Date(when), struck };
}
const tenor = await demoTake("tenor", "2026-11-24T12:00:00Z");
const baritone = await demoTake("baritone", "2026-06-01T12:00:00Z");

test("a singer's songs are those of the server's matcher", () => {
  const answer = songs.recommend({ takes: [tenor] }, { limit: 100 });
  expectNative();
  assert.equal(answer.songs.length, 100);
  assert.deepEqual(answer.profile.takes, [tenor.id]);
  assert.ok(Math.abs(answer.profile.highest.midi - 72) < 0.6);
  for (const match of answer.songs) {
    assert.ok(match.fit >= 0 && match.fit <= 100 && match.fit_uncertainty >= 1);
    assert.ok(match.key_shift >= -6 && match.key_shift <= 6 && match.octave_shift === 0);
    assert.ok(match.song.title && match.reasons.length > 0 && match.reasons[0].code);
    assert.equal(match.song.id, songId(match.song));
  }
  assert.deepEqual(answer.cautions.map(({ code }) => code), ["one_take"]);
});

test("wishes, several takes, struck ends and words weigh as there", () => {
  const said = (song, verdict, at) => ({ song, verdict, key_shift: -1, octave_shift: 0, at });
  const [first, second, third] = songs.recommend({ takes: [tenor] }).songs.map(({ song }) => song.id);
  const singer = {
    takes: [baritone, { ...tenor, struck: ["lowest"] }],
    said: [said(first, "too_hard", "2026-11-24T13:00:00Z"), said(second, "easy", "2026-11-20T13:00:00Z"),
      said(third, "not_for_me", "2026-11-24T14:00:00Z"), said("0123456789abcdef", "easy", "2026-11-24T14:00:00Z")],
  };
  const wishes = { lowestKey: -3, highestKey: 2, decades: [1970, 1980, 1990], languages: ["en", "ko"],
    preferLanguages: ["ko"], hideUncertainOctave: true, limit: 20 };
  const answer = songs.recommend(singer, wishes);
  expectNative();
  assert.deepEqual(answer.profile.takes, [tenor.id, baritone.id], "newest first");
  assert.ok(answer.songs.every(({ song }) => song.id !== third), "not for me is hidden");
  assert.ok(answer.songs.every(({ song, key_shift }) => song.year >= 1970 && song.year < 2000 && !song.octave_uncertain &&
    key_shift >= -3 && key_shift <= 2));
  const easy = songs.recommend({ takes: singer.takes }, wishes).profile;
  assert.notEqual(answer.profile.comfortable_high.midi, easy.comfortable_high.midi);
  assert.ok(answer.profile.comfortable_high.moved_by.length > 0);
  assert.deepEqual(easy.comfortable_high.moved_by, []);
});

test("songs are found as one types", () => {
  const all = lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const korean = all.find(({ title }) => title === "슬픈 인연");
  for (const typed of ["슬픈ㅇ", "슬픈 인여", "ㅅㅍㅇㅇ", "슬픈 인연".normalize("NFD")])
    assert.equal(songs.find(typed, 20)[0]?.id, songId(korean), typed);
  assert.equal(songs.find("nothing of this kind at all", 20).length, 0);
  assert.equal(songs.find("", 7).length, 7);
});

test("a song's page tells the fit in every key", () => {
  const { song } = songs.recommend({ takes: [tenor] }).songs[0];
  const page = songs.songPage(song.id, { takes: [tenor] });
  expectNative([...byId.keys()].indexOf(song.id));
  assert.deepEqual(page.keys.map(({ key_shift }) => key_shift), [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]);
  const best = songs.recommend({ takes: [tenor] }).songs[0];
  assert.equal(page.keys.find(({ key_shift }) => key_shift === best.key_shift).fit, best.fit);
  assert.deepEqual(page.song, song);
  assert.equal(songs.songPage("no such song", { takes: [tenor] }), undefined);
});

test("without a usable take there is no profile and no song", async () => {
  const silent = { id: "silent", when: new Date(0), report: (await core.startTake(16000)).finish().report };
  const end = (midi) => ({ midi, steadySeconds: 1, listen: { startSeconds: 0, endSeconds: 1 }, uncertaintySemitones: 0.2 });
  const narrow = { lowest: end(55), highest: end(60), comfortableLow: end(55.5), comfortableHigh: end(59.5) };
  const seconds = Array.from({ length: 128 }, (_, midi) => (midi === 55 || midi === 60 ? 9 : 0));
  const struck = { id: "struck", when: new Date(0), struck: ["lowest", "highest"],
    report: { range: narrow, tessituraSeconds: seconds } };
  for (const takes of [[], [silent], [struck]]) {
    const answer = songs.recommend({ takes });
    assert.equal(answer.profile, null);
    assert.deepEqual(answer.songs, []);
    assert.deepEqual(songs.songPage([...byId.keys()][0], { takes }).keys, []);
  }
});

test("wrong wishes and catalogues are answered with a code and a sentence", async () => {
  const failsWith = (code) => (error) => error instanceof CoreError && error.code === code && error.message.length > 20;
  assert.throws(() => songs.recommend({ takes: [tenor] }, { limit: 0 }), failsWith("bad_option"));
  assert.throws(() => songs.recommend({ takes: [tenor] }, { limit: 1001 }), failsWith("bad_option"));
  assert.throws(() => songs.recommend({ takes: [tenor] }, { lowestKey: -13 }), failsWith("bad_option"));
  assert.throws(() => songs.recommend({ takes: [tenor] }, { decades: [1995] }), failsWith("bad_option"));
  assert.throws(() => songs.recommend({ takes: [tenor] }, { decades: [NaN] }), failsWith("bad_packet"));
  const twice = lines.split("\n")[0];
  await assert.rejects(SongCore.load(module, `${twice}\n${twice}`), failsWith("catalogue_not_merged"));
  const empty = await SongCore.load(module, "");
  assert.deepEqual(empty.recommend({ takes: [tenor] }).why_nothing.map(({ code }) => code), ["empty_catalogue"]);
});
