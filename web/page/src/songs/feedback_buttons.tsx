// "Sung it?" and what one says of it. A later word takes the place of an earlier one.
import { useState } from "react";

import { cx, Note } from "../look/parts";
import { TraceNumber } from "../look/trace_number";
import { useText } from "../text";
import type { Feedback, SongSource, Verdict } from "./source";
import styles from "./songs.module.css";

const sung: readonly Verdict[] = ["easy", "fits", "too_hard"];

interface Props {
  source: SongSource;
  song: string;
  title: string;
  keyShift: number;
  octaveShift: number;
  said: Feedback | null;
  onSaid: (said: Feedback | null) => void;
}

export function FeedbackButtons({ source, song, title, keyShift, octaveShift, said, onSaid }: Props) {
  const t = useText();
  const [told, setTold] = useState<"said" | { failed: unknown } | null>(null);
  const press = async (verdict: Verdict) => {
    try {
      if (said?.verdict === verdict) {
        await source.unsay(song);
        onSaid(null);
        setTold(null);
      } else {
        onSaid(await source.say(song, { verdict, key_shift: keyShift, octave_shift: octaveShift }));
        setTold("said");
      }
    } catch (failed) {
      setTold({ failed });
    }
  };
  const button = (verdict: Verdict, look?: string) => (
    <button
      key={verdict}
      type="button"
      className={cx(styles.verdict, look, said?.verdict === verdict && styles.chosen)}
      aria-pressed={said?.verdict === verdict}
      onClick={() => void press(verdict)}
    >
      {t.songs.verdict[verdict]}
    </button>
  );
  return (
    <div className={styles.feedback} role="group" aria-label={`${t.songs.sungIt} ${title}`}>
      <div className={styles.feedbackAsk}>
        <span>{t.songs.sungIt}</span>
        {button("not_for_me", styles.notForMe)}
      </div>
      <div className={styles.verdicts}>{sung.map((verdict) => button(verdict))}</div>
      {told === "said" && (
        <p className={styles.told} role="status">
          {t.songs.said}
        </p>
      )}
      {told !== null && told !== "said" && (
        <Note tone="bad" live>
          <p>{t.songs.sayFailed}</p>
          <TraceNumber of={told.failed} />
        </Note>
      )}
    </div>
  );
}
