// Plays a moment of a take. The recording is decoded once and kept while its screen is open: what a browser's
// recorder writes has no index to jump by.
import { useEffect, useRef, useState } from "react";

import { takeBlob } from "../store/takes";

const around = 0.3; // seconds before and after, so that the ear gets its bearings

export interface Listening {
  /** Which moment sounds now; null: none. */
  playing: string | null;
  /** false once the sound turned out not to be here. */
  there: boolean;
  toggle(name: string, fromSeconds: number, toSeconds: number): void;
}

async function decode(context: AudioContext, take: string): Promise<AudioBuffer | null> {
  const blob = await takeBlob(take);
  if (!blob) return null;
  return context.decodeAudioData(await blob.arrayBuffer()).catch(() => null);
}

class Player {
  readonly #context = new AudioContext();
  #sound: Promise<AudioBuffer | null> | null = null;
  #source: AudioBufferSourceNode | null = null;

  constructor(readonly take: string) {}

  stop(): void {
    if (this.#source) this.#source.onended = null;
    this.#source?.stop();
    this.#source = null;
  }

  /** false: the sound is not here, or cannot be decoded. */
  async play(from: number, to: number, ended: () => void): Promise<boolean> {
    this.stop();
    await this.#context.resume();
    this.#sound ??= decode(this.#context, this.take);
    const sound = await this.#sound;
    if (!sound) return false;
    const source = this.#context.createBufferSource();
    source.buffer = sound;
    source.connect(this.#context.destination);
    source.onended = ended;
    const start = Math.max(0, from - around);
    source.start(0, start, to + around - start);
    this.#source = source;
    return true;
  }

  close(): void {
    this.stop();
    void this.#context.close();
  }
}

export function useListening(take: string | null): Listening {
  const player = useRef<Player | null>(null);
  const [playing, setPlaying] = useState<string | null>(null);
  const [there, setThere] = useState(true);
  useEffect(
    () => () => {
      player.current?.close();
      player.current = null;
    },
    [take],
  );
  const toggle = (name: string, from: number, to: number): void => {
    if (take === null) return;
    player.current ??= new Player(take);
    player.current.stop();
    if (playing === name) return setPlaying(null);
    setPlaying(name);
    void player.current.play(from, to, () => setPlaying(null)).then((played) => {
      if (played) return;
      setPlaying(null);
      setThere(false);
    });
  };
  return { playing, there: there && take !== null, toggle };
}
