// An accompaniment from the singer's own disk: decoded and played here; sent only where the singer says so.
export interface BackingFile {
  file: File;
  sha256: string;
  buffer: AudioBuffer;
}

/** Throws DOMException where the browser cannot decode the file. */
export async function readBacking(context: AudioContext, file: File): Promise<BackingFile> {
  const bytes = await file.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { file, sha256, buffer: await context.decodeAudioData(bytes) };
}

export interface PlayingBacking {
  /** When it began, in the context's time. */
  beganSeconds: number;
  setVolume(volume: number): void;
  stop(): void;
}

export function playBacking(context: AudioContext, { buffer }: BackingFile, volume: number): PlayingBacking {
  const source = new AudioBufferSourceNode(context, { buffer });
  const level = new GainNode(context, { gain: volume });
  source.connect(level).connect(context.destination);
  const beganSeconds = context.currentTime + 0.1; // from a moment ahead it starts exactly then
  source.start(beganSeconds);
  return {
    beganSeconds,
    setVolume: (wanted) => level.gain.setTargetAtTime(wanted, context.currentTime, 0.02),
    stop: () => source.stop(),
  };
}
