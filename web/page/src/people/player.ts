// Plays recordings one after the other. Where their bytes are is asked for when one is started, and anew where the
// address has expired meanwhile.
import { useCallback, useEffect, useRef, useState } from "react";

export interface Playing {
  /** Of the recording that plays, or stopped last. */
  current: string | null;
  playing: boolean;
  atSeconds: number;
  failed: boolean;
}

export interface Player extends Playing {
  toggle(id: string): void;
  seek(id: string, seconds: number): void;
}

const silent: Playing = { current: null, playing: false, atSeconds: 0, failed: false };

/** order: what goes on by itself. urlOf: where the bytes of one are. */
export function usePlayer(order: readonly string[], urlOf: (id: string) => Promise<string>): Player {
  const audio = useRef<HTMLAudioElement | null>(null);
  const latest = useRef({ order, urlOf, turn: 0, retried: false });
  Object.assign(latest.current, { order, urlOf });
  const [state, setState] = useState(silent);
  const shown = useRef(state);
  shown.current = state;
  const tell = useCallback((change: Partial<Playing>) => setState((before) => ({ ...before, ...change })), []);

  const start = useCallback(
    async (id: string, from: number) => {
      const sound = audio.current;
      if (!sound) return;
      const turn = ++latest.current.turn;
      tell({ current: id, playing: true, atSeconds: from, failed: false });
      try {
        const url = await latest.current.urlOf(id);
        if (turn !== latest.current.turn) return;
        sound.src = url;
        sound.currentTime = from;
        await sound.play();
      } catch {
        // Another was started meanwhile, or this one failed.
        if (turn === latest.current.turn) tell({ playing: false, failed: true });
      }
    },
    [tell],
  );

  useEffect(() => {
    const sound = new Audio();
    audio.current = sound;
    sound.ontimeupdate = () => {
      if (sound.currentTime > 0) latest.current.retried = false;
      tell({ atSeconds: sound.currentTime });
    };
    sound.onended = () => {
      const { order } = latest.current;
      const next = order[order.indexOf(shown.current.current ?? "") + 1];
      if (next !== undefined) void start(next, 0);
      else tell({ playing: false, atSeconds: 0 });
    };
    sound.onerror = () => {
      const { current, playing, atSeconds } = shown.current;
      if (!playing || current === null || latest.current.retried) return;
      latest.current.retried = true;
      void start(current, atSeconds);
    };
    return () => {
      ++latest.current.turn;
      sound.onerror = null;
      sound.pause();
      sound.removeAttribute("src");
      audio.current = null;
    };
  }, [start, tell]);

  const toggle = (id: string): void => {
    const sound = audio.current;
    if (!sound) return;
    if (state.current !== id || state.failed) void start(id, 0);
    else if (state.playing) {
      ++latest.current.turn;
      sound.pause();
      tell({ playing: false });
    } else void start(id, state.atSeconds);
  };
  const seek = (id: string, seconds: number): void => {
    const sound = audio.current;
    if (!sound) return;
    if (state.current === id && state.playing) sound.currentTime = seconds;
    tell(state.current === id ? { atSeconds: seconds } : { current: id, playing: false, atSeconds: seconds, failed: false });
  };
  return { ...state, toggle, seek };
}
