// What a song shows wherever it stands: its key, how well it fits, its numbers on karaoke machines.
import { cx } from "../look/parts";
import { usePreferences } from "../settings/preferences";
import { number, useText, type Language } from "../text";
import { keyName } from "./fact_words";
import type { Song } from "./source";
import styles from "./songs.module.css";

export function KeyBadge({ keyShift }: { keyShift: number }) {
  const t = useText();
  return (
    <p className={cx(styles.key, keyShift !== 0 && styles.shifted)}>
      <span className={styles.keyWord}>{keyShift === 0 ? t.songs.originalKey : t.songs.key}</span>
      <strong>{keyName(keyShift)}</strong>
    </p>
  );
}

/** "± 3"; nothing where the fit could as well be the other half of the scale: the bar shows that. */
export function doubt(language: Language, uncertainty: number) {
  return uncertainty < 50 ? ` ± ${number(language, uncertainty)}` : "";
}

/** A number, how sure it is, and both as a bar. */
export function Fit({ fit, uncertainty }: { fit: number; uncertainty: number }) {
  const t = useText();
  const { language } = usePreferences();
  const from = Math.max(0, fit - uncertainty);
  const to = Math.min(100, fit + uncertainty);
  return (
    <div className={styles.fit}>
      <p>
        <span className={styles.fitWord}>{t.songs.fit}</span> <strong>{number(language, fit)}</strong>
        <span className={styles.plusMinus}>{doubt(language, uncertainty)}</span>
      </p>
      <div className={styles.fitBar} aria-hidden="true">
        <div className={cx(styles.fitFill, fit < 50 && styles.poor)} style={{ width: `${fit}%` }} />
        <div className={styles.fitDoubt} style={{ left: `${from}%`, width: `${to - from}%` }} />
      </div>
    </div>
  );
}

const korean = ["tj", "ky"] as const;
const japanese = ["dam", "joysound"] as const;
/** Those that stand where the reader sings come first. */
const machinesFor = (language: Language) => (language === "ja" ? [...japanese, ...korean] : [...korean, ...japanese]);

export function KaraokeNumbers({ song, large }: { song: Song; large?: boolean }) {
  const t = useText();
  const { language } = usePreferences();
  const known = machinesFor(language).filter((machine) => song.karaoke[machine]);
  if (known.length === 0) return null;
  return (
    <dl className={cx(styles.karaoke, large && styles.large)} aria-label={t.songs.karaoke}>
      {known.map((machine) => (
        <div key={machine}>
          <dt>{t.songs.machines[machine]}</dt>
          <dd>{song.karaoke[machine]}</dd>
        </div>
      ))}
    </dl>
  );
}

export function byline(song: Song): string {
  return song.year === null ? song.artist : `${song.artist} · ${song.year}`;
}
