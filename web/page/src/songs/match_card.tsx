import { useState } from "react";

import { cx, Note } from "../look/parts";
import { Link } from "../router";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { factText } from "./fact_words";
import { FeedbackButtons } from "./feedback_buttons";
import { byline, Fit, KaraokeNumbers, KeyBadge } from "./song_parts";
import type { Match, SongSource } from "./source";
import styles from "./songs.module.css";

const reasonsAtFirst = 2;

function Reasons({ texts }: { texts: readonly string[] }) {
  const t = useText();
  const list = (some: readonly string[]) => (
    <ul className={styles.reasons}>
      {some.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
  return (
    <div className={styles.why}>
      {list(texts.slice(0, reasonsAtFirst))}
      {texts.length > reasonsAtFirst && (
        <details>
          <summary>{t.songs.moreReasons(texts.length - reasonsAtFirst)}</summary>
          {list(texts.slice(reasonsAtFirst))}
        </details>
      )}
    </div>
  );
}

/** One song that can be sung: which, in what key, how well, and why. */
export function MatchCard({ match, source }: { match: Match; source: SongSource }) {
  const t = useText();
  const { language, notation } = usePreferences();
  const [said, setSaid] = useState(match.feedback);
  const { song } = match;
  const reasons = match.reasons.map((fact) => factText(fact, t, language, notation)).filter((text) => text !== null);
  const hidden = said?.verdict === "not_for_me";
  return (
    <li className={cx(styles.match, hidden && styles.hidden)}>
      <KeyBadge keyShift={match.key_shift} />
      <div className={styles.what}>
        <h3>
          <Link href={`/songs/${song.id}?key=${match.key_shift}`} lang={song.language || undefined}>
            {song.title}
          </Link>
        </h3>
        <p className={styles.by} lang={song.language || undefined}>
          {byline(song)}
        </p>
        {match.octave_shift !== 0 && (
          <p className={styles.octave}>{match.octave_shift > 0 ? t.songs.octaveUp : t.songs.octaveDown}</p>
        )}
      </div>
      <div className={styles.how}>
        <Fit fit={match.fit} uncertainty={match.fit_uncertainty} />
        {!match.confident && <p className={styles.unsure}>{t.songs.unsure}</p>}
      </div>
      <div className={styles.rest}>
        <Reasons texts={reasons} />
        <KaraokeNumbers song={song} />
        {hidden && <Note tone="info" live>{t.songs.hidden(song.title)}</Note>}
        <FeedbackButtons
          source={source}
          song={song.id}
          title={song.title}
          keyShift={match.key_shift}
          octaveShift={match.octave_shift}
          said={said}
          onSaid={setSaid}
        />
      </div>
    </li>
  );
}
