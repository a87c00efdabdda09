import { useEffect, useState } from "react";

import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { centsOff, nameNote } from "../text/notation";
import type { Listener } from "./listener";
import styles from "./sing.module.css";

/** A pitch is shown a little longer than it sounds, so that a consonant does not make the name flicker. */
const holdSeconds = 0.12;
const centsStep = 5;

interface Shown {
  semitone: number;
  cents: number;
}

/** The note being sung, large, in the reader's notation; a dash while nothing is. */
export function CurrentNote({ listener, compact }: { listener: Listener; compact?: boolean }) {
  const t = useText();
  const { notation } = usePreferences();
  const [shown, show] = useState<Shown | null>(null);
  useEffect(() => {
    let sungAt = -Infinity;
    return listener.onBlock(({ frames }) => {
      const last = frames.at(-1);
      if (!last) return;
      if (last.midi === null) {
        if (last.seconds - sungAt > holdSeconds) show(null);
        return;
      }
      sungAt = last.seconds;
      const cents = Math.round(centsOff(last.midi) / centsStep) * centsStep + 0; // −0 is shown as 0
      const semitone = Math.round(last.midi);
      show((old) => (old?.semitone === semitone && old.cents === cents ? old : { semitone, cents }));
    });
  }, [listener]);
  const name = shown && nameNote(shown.semitone, notation);
  const octave = name && <span className={styles.octave}>{name.octave}</span>;
  return (
    <div
      className={compact ? styles.noteCompact : styles.noteNow}
      role="img"
      aria-label={`${t.sing.now}: ${name?.full ?? t.sing.silent}`}
    >
      {name ? (
        <>
          {notation !== "scientific" && octave}
          <span className={styles.step}>{name.step}</span>
          {notation === "scientific" && octave}
          <span className={styles.cents}>{t.sing.cents(shown.cents)}</span>
        </>
      ) : (
        <span className={styles.rest}>–</span>
      )}
    </div>
  );
}
