// One instance of the WebAssembly module with typed exports (exports.cpp, song_exports.cpp), and its errors.

/** The core's own words: a stable code, and one sentence that says what to do. */
export class CoreError extends Error {
  readonly code: string;

  constructor(message: string) {
    const colon = message.indexOf(": ");
    super(colon < 0 ? message : message.slice(colon + 2));
    this.name = "CoreError";
    this.code = colon < 0 ? "internal" : message.slice(0, colon);
  }
}

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  create(rateHz: number, live: number, pitchOnly: number): number;
  input(count: number): number;
  push(count: number): number;
  provisional(): number;
  finish(): number;
  frames(): number;
  numbers(): number;
  number_count(): number;
  codes(): number;
  codes_length(): number;
  error(): number;
  error_length(): number;
  song_numbers(count: number): number;
  song_texts(bytes: number): number;
  load_songs(): number;
  match_songs(): number;
  fit_song(song: number): number;
  find_songs(): number;
  answer_numbers(): number;
  answer_codes(): number;
  answer_codes_length(): number;
  song_error(): number;
  song_error_length(): number;
  sing_demo(voiceType: number, rateHz: number, seed: number): number;
  demo_samples(): number;
  demo_f0(): number;
  demo_f0_count(): number;
}

// The C library links these three to write its abort message; nothing else calls them.
const notSupported = 52; // ENOSYS in WASI's numbers
const wasi = {
  fd_close: () => notSupported,
  fd_seek: () => notSupported,
  fd_write: () => notSupported,
};

export class Instance {
  readonly core: Exports;

  private constructor(exports: WebAssembly.Exports) {
    this.core = exports as unknown as Exports;
    this.core._initialize();
  }

  static async of(module: WebAssembly.Module): Promise<Instance> {
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi });
    return new Instance(instance.exports);
  }

  // Memory may have grown, and moved, since the last call: views are made anew, results copied out.
  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.core.memory.buffer, at, count);
  }

  doubles(at: number, count: number): Float64Array {
    return new Float64Array(this.core.memory.buffer, at, count);
  }

  bytes(at: number, count: number): Uint8Array {
    return new Uint8Array(this.core.memory.buffer, at, count);
  }

  text(at: number, length: number): string {
    return new TextDecoder().decode(this.bytes(at, length));
  }

  checked(result: number, failed: number): number {
    if (result === failed) throw new CoreError(this.text(this.core.error(), this.core.error_length()));
    return result;
  }

  /** Of the calls that choose songs: −1 is a failure. */
  checkedSongs(result: number): number {
    if (result === -1) throw this.songError();
    return result;
  }

  songError(): CoreError {
    return new CoreError(this.text(this.core.song_error(), this.core.song_error_length()));
  }
}
