// One recording to listen to: a button, its waveform, and where one is in it.
import type { Schema } from "../api/client";
import { PauseIcon, PlayIcon } from "../look/icons";
import { Button } from "../look/parts";
import { clock } from "../look/time";
import { useText } from "../text";
import type { Player } from "./player";
import styles from "./people.module.css";

type Wave = Schema["Waveform"];

export function PlayButton({ id, title, player }: { id: string; title: string; player: Player }) {
  const t = useText();
  const playing = player.playing && player.current === id;
  return (
    <Button className={styles.play} aria-label={playing ? t.people.pause(title) : t.people.play(title)} onClick={() => player.toggle(id)}>
      {playing ? <PauseIcon /> : <PlayIcon />}
    </Button>
  );
}

/** Bars to both sides of the middle, one for each peak; the loudest fills the height. */
function outline(peaks: readonly number[]): string {
  const loudest = Math.max(1, ...peaks);
  return peaks
    .map((peak) => Math.max(1, (peak / loudest) * 48))
    .map((half, i) => `M${i + 0.5} ${50 - half}V${50 + half}`)
    .join("");
}

export function WaveformBar({ id, wave, player }: { id: string; wave: Wave; player: Player }) {
  const t = useText();
  const at = player.current === id ? Math.min(player.atSeconds, wave.seconds) : 0;
  const bars = outline(wave.peaks);
  const view = `0 0 ${Math.max(1, wave.peaks.length)} 100`;
  const share = wave.seconds > 0 ? (100 * at) / wave.seconds : 0;
  return (
    <div className={styles.wave}>
      <svg viewBox={view} preserveAspectRatio="none" aria-hidden="true">
        <path d={bars} />
      </svg>
      <svg className={styles.past} style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }} viewBox={view} preserveAspectRatio="none" aria-hidden="true">
        <path d={bars} />
      </svg>
      <input
        type="range"
        min={0}
        max={wave.seconds}
        step={0.1}
        value={at}
        aria-label={t.people.position}
        aria-valuetext={`${clock(at)} / ${clock(wave.seconds)}`}
        onChange={(event) => player.seek(id, Number(event.target.value))}
      />
      <span className={styles.times}>
        {clock(at)} / {clock(wave.seconds)}
      </span>
    </div>
  );
}
