// Chooses songs on the device itself: the matcher of the server, on the lines that GET /v1/catalogue gives.
// Answers have the shapes of docs/openapi.yaml, so that a screen takes them from either place; their numbers
// are those of the server before it rounds them. song_packet.h states the layout of what goes in and out.
import { CoreError, Instance } from "./instance.js";
import type { RangeEnd, Declined, VoiceReport } from "./report.js";

export interface Karaoke {
  tj?: string;
  ky?: string;
  dam?: string;
  joysound?: string;
}

export interface Song {
  id: string;
  title: string;
  artist: string;
  year: number | null;
  language: string;
  lowest_midi: number | null;
  highest_midi: number | null;
  octave_uncertain: boolean;
  karaoke: Karaoke;
  source: string;
}

export interface Fact {
  code: string;
  key: number;
  limit_midi?: number;
  low_limit_midi?: number;
  note_midi?: number;
  low_note_midi?: number;
  seconds?: number;
  seconds_at_note?: number;
  margin_semitones?: number;
  share?: number;
  octaves?: number;
  chart_peak?: number;
  album_rank?: number;
}

export interface End {
  midi: number | null;
  uncertainty_semitones?: number;
  moved_by?: string[];
}

export interface Profile {
  takes: string[];
  lowest: End;
  highest: End;
  comfortable_low: End;
  comfortable_high: End;
  seconds_per_semitone: Record<string, number>;
}

export type Verdict = "easy" | "fits" | "too_hard" | "not_for_me";

export interface Feedback {
  song: string;
  verdict: Verdict;
  key_shift: number;
  octave_shift: number;
  /** RFC 3339. */
  at: string;
}

export interface Match {
  song: Song;
  key_shift: number;
  octave_shift: number;
  fit: number;
  fit_uncertainty: number;
  confident: boolean;
  reasons: Fact[];
  feedback: Feedback | null;
}

export interface Recommendations {
  profile: Profile | null;
  songs: Match[];
  octave_apart: Match[];
  nothing_fits: boolean;
  why_nothing: Fact[];
  cautions: Fact[];
}

export interface SongPage {
  song: Song;
  seconds_per_semitone: Record<string, number>;
  profile: Profile | null;
  keys: { key_shift: number; fit: number; fit_uncertainty: number }[];
  feedback: Feedback | null;
}

/** One finished take of this singer. */
export interface SungTake {
  /** What Profile.takes calls it. */
  id: string;
  report: Pick<VoiceReport, "range" | "tessituraSeconds">;
  when: Date;
  /** Ends that the singer calls wrong. */
  struck?: readonly ("lowest" | "highest")[];
}

export interface Singer {
  takes: readonly SungTake[];
  /** The latest word on each song. */
  said?: readonly Feedback[];
}

/** As MatchOptions of the server; what is left out is as there. */
export interface Wishes {
  lowestKey?: number;
  highestKey?: number;
  decades?: readonly number[];
  languages?: readonly string[];
  preferLanguages?: readonly string[];
  hideUncertainOctave?: boolean;
  /** 1 to 1,000. */
  limit?: number;
}

/** A line of the catalogue: formats/song_fields.h. */
interface Line {
  id: string;
  title: string;
  artist?: string;
  year?: number;
  language?: string;
  lowest_midi?: number;
  highest_midi?: number;
  seconds_per_semitone?: Record<string, number>;
  octave?: "as_sung" | "uncertain";
  highest_is_falsetto?: boolean;
  adlib_highest_midi?: number;
  us_chart_peak?: number;
  rs500_rank?: number;
  tj?: string;
  ky?: string;
  dam?: string;
  joysound?: string;
  source?: string;
}

const packetVersion = 1;
const felt: Record<Exclude<Verdict, "not_for_me">, number> = { easy: 0, fits: 1, too_hard: 2 };
const factFields = [
  "limit_midi", "low_limit_midi", "note_midi", "low_note_midi", "seconds", "seconds_at_note", "margin_semitones",
  "share", "octaves", "chart_peak", "album_rank",
] as const;

/** Numbers and texts for the core. */
class Packet {
  readonly #numbers: number[] = [];
  #texts = "";

  number(...values: (number | null | undefined)[]): this {
    for (const value of values) this.#numbers.push(value ?? NaN);
    return this;
  }
  flag(value: boolean | undefined): this {
    return this.number(value ? 1 : 0);
  }
  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.number(items.length);
    items.forEach(write);
    return this;
  }
  text(text: string): this {
    this.#texts += text.replaceAll("\0", " ") + "\0";
    return this;
  }

  fill(instance: Instance): void {
    const { core } = instance;
    const texts = new TextEncoder().encode(this.#texts);
    const numbersAt = core.song_numbers(this.#numbers.length);
    const textsAt = core.song_texts(texts.length);
    if ((numbersAt === 0 && this.#numbers.length > 0) || (textsAt === 0 && texts.length > 0))
      throw new CoreError("catalogue_too_large: the catalogue is larger than this device can choose from");
    instance.doubles(numbersAt, this.#numbers.length).set(this.#numbers);
    instance.bytes(textsAt, texts.length).set(texts);
  }
}

/** What the core answered. */
class Answer {
  #at = 0;
  #codeAt = 0;
  readonly #codes: string[];

  constructor(
    readonly numbers: Float64Array,
    codes: string,
  ) {
    this.#codes = codes.split("\0");
  }

  number(): number {
    const value = this.numbers[this.#at++];
    if (value === undefined) throw new RangeError("the answer ends early: rebuild core and loader together");
    return value;
  }
  known(): number | null {
    const value = this.number();
    return Number.isNaN(value) ? null : value;
  }
  code(): string {
    const value = this.#codes[this.#codeAt++];
    if (value === undefined) throw new RangeError("the answer lacks a code: rebuild core and loader together");
    return value;
  }
  list<T>(read: () => T): T[] {
    return Array.from({ length: this.number() }, read);
  }
  end(): void {
    if (this.#at !== this.numbers.length || this.#codeAt !== this.#codes.length - 1)
      throw new RangeError("the answer holds more than its version says: rebuild core and loader together");
  }

  profileEnd(): End {
    const midi = this.known();
    const uncertainty = this.number();
    this.number(); // how far words moved it: `midi` holds that already
    const movedBy = this.list(() => this.code());
    return midi === null ? { midi } : { midi, uncertainty_semitones: uncertainty, moved_by: movedBy };
  }
  fact(): Fact {
    const fact: Fact = { code: this.code(), key: this.number() };
    for (const field of factFields) {
      const value = this.known();
      if (value !== null) fact[field] = value;
    }
    return fact;
  }
}

function writeSong(packet: Packet, line: Line): void {
  packet
    .number(line.year, line.lowest_midi, line.highest_midi)
    .flag(line.octave === "uncertain")
    .flag(line.highest_is_falsetto)
    .number(line.adlib_highest_midi, line.us_chart_peak, line.rs500_rank)
    .list(Object.entries(line.seconds_per_semitone ?? {}), ([midi, seconds]) => packet.number(Number(midi), seconds))
    .text(line.title)
    .text(line.artist ?? "")
    .text(line.language ?? "");
}

function writeTake(packet: Packet, take: SungTake): void {
  const end = (its: RangeEnd | Declined): void => {
    if ("declined" in its) packet.number(null, null);
    else packet.number(its.midi, its.uncertaintySemitones);
  };
  packet
    .number(take.when.getTime() / 1000)
    .flag(take.struck?.includes("lowest"))
    .flag(take.struck?.includes("highest"));
  const { lowest, highest, comfortableLow, comfortableHigh } = take.report.range;
  [lowest, highest, comfortableLow, comfortableHigh].forEach(end);
  packet.number(...take.report.tessituraSeconds);
}

function songOf(line: Line): Song {
  const karaoke: Karaoke = {};
  for (const machine of ["tj", "ky", "dam", "joysound"] as const) if (line[machine]) karaoke[machine] = line[machine];
  return {
    id: line.id,
    title: line.title,
    artist: line.artist ?? "",
    year: line.year ?? null,
    language: line.language ?? "",
    lowest_midi: line.lowest_midi ?? null,
    highest_midi: line.highest_midi ?? null,
    octave_uncertain: line.octave === "uncertain",
    karaoke,
    source: line.source ?? "",
  };
}

const nobody = (): Recommendations => ({
  profile: null, songs: [], octave_apart: [], nothing_fits: false, why_nothing: [], cautions: [],
});

const tellsAnEnd = ({ report: { range } }: SungTake): boolean =>
  Object.values(range).some((end: RangeEnd | Declined) => !("declined" in end));

export class SongCore {
  readonly #instance: Instance;
  readonly #lines: Line[];
  readonly #byId: Map<string, number>;

  private constructor(instance: Instance, lines: Line[]) {
    this.#instance = instance;
    this.#lines = lines;
    this.#byId = new Map(lines.map((line, index) => [line.id, index]));
  }

  /** source: as VoiceCore.load. catalogue: the text of GET /v1/catalogue. */
  static async load(source: BufferSource | WebAssembly.Module, catalogue: string): Promise<SongCore> {
    const module = source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
    const instance = await Instance.of(module);
    const lines = catalogue.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Line);
    const packet = new Packet();
    for (const line of lines) writeSong(packet, line);
    packet.fill(instance);
    const loaded = instance.checkedSongs(instance.core.load_songs());
    if (loaded !== lines.length)
      throw new CoreError("catalogue_not_merged: the catalogue names a song twice or one without a pitch; load it from the server");
    return new SongCore(instance, lines);
  }

  /** As GET /v1/songs: those with such a title or artist, the best first, `limit` of them at most. */
  find(search: string, limit: number): Song[] {
    const instance = this.#instance;
    const text = new TextEncoder().encode(search.normalize("NFC"));
    const at = instance.core.song_texts(text.length);
    instance.bytes(at, text.length).set(text);
    const count = instance.checkedSongs(instance.core.find_songs());
    const indices = instance.doubles(instance.core.answer_numbers(), count);
    return Array.from(indices.subarray(0, limit), (index) => songOf(this.#lines[index] as Line));
  }

  /** As GET /v1/recommendations. Throws CoreError "bad_option". */
  recommend(singer: Singer, wishes: Wishes = {}): Recommendations {
    const usable = singer.takes.filter(tellsAnEnd);
    if (usable.length === 0) return nobody();
    this.#request({ ...singer, takes: usable }, wishes);
    const answer = this.#answer(this.#instance.core.match_songs());
    if (!answer) return nobody();
    const match = (): Match => this.#match(answer, singer);
    const recommendations = {
      profile: this.#profile(answer, usable),
      songs: answer.list(match),
      octave_apart: answer.list(match),
      nothing_fits: answer.number() !== 0,
      why_nothing: answer.list(() => answer.fact()),
      cautions: answer.list(() => answer.fact()),
    };
    answer.end();
    return recommendations;
  }

  /** As GET /v1/songs/{song}; undefined where there is no such song. */
  songPage(id: string, singer: Singer): SongPage | undefined {
    const index = this.#byId.get(id);
    const line = index === undefined ? undefined : this.#lines[index];
    if (index === undefined || line === undefined) return undefined;
    const page: SongPage = {
      song: songOf(line),
      seconds_per_semitone: line.seconds_per_semitone ?? {},
      profile: null,
      keys: [],
      feedback: saidOf(singer, id),
    };
    const usable = singer.takes.filter(tellsAnEnd);
    if (usable.length === 0) return page;
    this.#request({ ...singer, takes: usable }, {});
    const answer = this.#answer(this.#instance.core.fit_song(index));
    if (!answer) return page;
    page.profile = this.#profile(answer, usable);
    page.keys = answer.list(() => ({ key_shift: answer.number(), fit: answer.number(), fit_uncertainty: answer.number() }));
    answer.end();
    return page;
  }

  #request(singer: Singer, wishes: Wishes): void {
    const packet = new Packet().number(packetVersion);
    packet.list(singer.takes, (take) => writeTake(packet, take));
    const words: { index: number; felt: number; said: Feedback }[] = [];
    const hidden: number[] = [];
    for (const said of singer.said ?? []) {
      const index = this.#byId.get(said.song);
      if (index === undefined) continue;
      if (said.verdict === "not_for_me") hidden.push(index);
      else words.push({ index, felt: felt[said.verdict], said });
    }
    packet.list(words, ({ index, felt: how, said }) =>
      packet.number(index, how, said.key_shift + 12 * said.octave_shift, Date.parse(said.at) / 1000));
    packet.number(wishes.lowestKey ?? -6, wishes.highestKey ?? 6, 1).flag(wishes.hideUncertainOctave);
    packet.number(5, wishes.limit ?? 10, 2); // popularity and songs of one artist: as the server has them
    packet.list(wishes.decades ?? [], (decade) => packet.number(decade)).list([], () => undefined);
    packet.list(hidden.sort((a, b) => a - b), (index) => packet.number(index));
    const languages = wishes.languages ?? [];
    const preferred = wishes.preferLanguages ?? [];
    packet.number(languages.length, preferred.length);
    for (const language of [...languages, ...preferred]) packet.text(language);
    packet.fill(this.#instance);
  }

  /** null where the takes leave no profile: every end is struck out. */
  #answer(result: number): Answer | null {
    const instance = this.#instance;
    const { core } = instance;
    if (result === -1 && instance.songError().code === "profile_empty") return null;
    const count = instance.checkedSongs(result);
    const answer = new Answer(
      instance.doubles(core.answer_numbers(), count).slice(),
      instance.text(core.answer_codes(), core.answer_codes_length()),
    );
    const version = answer.number();
    if (version !== packetVersion)
      throw new RangeError(`the core speaks packet version ${version}, this loader ${packetVersion}: rebuild them together`);
    return answer;
  }

  #profile(answer: Answer, takes: readonly SungTake[]): Profile | null {
    const count = answer.number();
    const ends = {
      lowest: answer.profileEnd(),
      highest: answer.profileEnd(),
      comfortable_low: answer.profileEnd(),
      comfortable_high: answer.profileEnd(),
    };
    const seconds: Record<string, number> = {};
    for (let midi = 0; midi < 128; ++midi) {
      const sung = answer.number();
      if (sung > 0) seconds[String(midi)] = sung;
    }
    if (count === 0) return null;
    const newest = [...takes].sort((a, b) => b.when.getTime() - a.when.getTime());
    return { takes: newest.map(({ id }) => id), ...ends, seconds_per_semitone: seconds };
  }

  #match(answer: Answer, singer: Singer): Match {
    const line = this.#lines[answer.number()];
    if (line === undefined) throw new RangeError("the answer names no song of the catalogue");
    return {
      song: songOf(line),
      key_shift: answer.number(),
      octave_shift: answer.number(),
      fit: answer.number(),
      fit_uncertainty: answer.number(),
      confident: answer.number() !== 0,
      reasons: answer.list(() => answer.fact()),
      feedback: saidOf(singer, line.id),
    };
  }
}

function saidOf(singer: Singer, song: string): Feedback | null {
  return singer.said?.find((said) => said.song === song) ?? null;
}
