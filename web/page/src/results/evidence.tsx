// The two ends of a take's range, each with the moment that it rests on, to be heard and, where it is wrong,
// struck out.
import { useState } from "react";
import type { Declined, RangeEnd } from "@orakgarak/core";

import { PlayIcon, StopIcon } from "../look/icons";
import { Button, Card, cx, Note, Row, Soft } from "../look/parts";
import { clock } from "../look/time";
import { usePreferences } from "../settings/preferences";
import { number, useText } from "../text";
import { noteName } from "../text/notation";
import type { DeclineCode } from "../text/voice";
import { useListening, type Listening } from "./listen";
import { isTold } from "./report";
import styles from "./results.module.css";

export type End = "lowest" | "highest";

interface EndProps {
  name: End;
  end: RangeEnd | Declined;
  struck: boolean;
  listening: Listening;
  onStrike: (struck: boolean) => void;
}

function Declination({ name, end }: { name: End; end: Declined }) {
  const t = useText();
  const why = t.voice.declined[end.declined as DeclineCode] ?? t.voice.declined.unknown;
  return (
    <div className={styles.end}>
      <h3 className={styles.endTitle}>{t.results[name]}</h3>
      <p className={styles.untold}>{t.results.notTold}</p>
      <Note tone="warn">{why}</Note>
    </div>
  );
}

function ToldEnd({ name, end, struck, listening, onStrike }: EndProps & { end: RangeEnd }) {
  const t = useText();
  const { language, notation } = usePreferences();
  const { startSeconds, endSeconds } = end.listen;
  const sounds = listening.playing === name;
  return (
    <div className={styles.end}>
      <h3 className={styles.endTitle}>{t.results[name]}</h3>
      <p className={styles.endNote}>
        <span className={cx(struck && styles.struck)}>{noteName(end.midi, notation)}</span>
        <span className={styles.uncertainty}>{t.results.plusMinus(number(language, end.uncertaintySemitones, 1))}</span>
      </p>
      <Soft small>
        {t.results.at(clock(startSeconds), clock(Math.ceil(endSeconds)))} · {t.results.heldFor(number(language, end.steadySeconds, 1))}
      </Soft>
      <Row>
        {listening.there && (
          <Button onClick={() => listening.toggle(name, startSeconds, endSeconds)} aria-label={`${sounds ? t.results.stop : t.results.play}: ${t.results[name]}`}>
            {sounds ? <StopIcon /> : <PlayIcon />}
            {sounds ? t.results.stop : t.results.play}
          </Button>
        )}
        <Button aria-label={`${struck ? t.results.notWrong : t.results.wrong}: ${t.results[name]}`} onClick={() => onStrike(!struck)}>
          {struck ? t.results.notWrong : t.results.wrong}
        </Button>
      </Row>
      {struck && <Note tone="info" live>{t.results.struck}</Note>}
    </div>
  );
}

interface Props {
  lowest: RangeEnd | Declined;
  highest: RangeEnd | Declined;
  /** The local take whose sound may be here. */
  take: string | null;
  struck: readonly End[];
  /** Rejects where it could not be kept. */
  onStruck: (struck: End[]) => Promise<void>;
}

export function Evidence({ lowest, highest, take, struck, onStruck }: Props) {
  const t = useText();
  const listening = useListening(take);
  const [failed, setFailed] = useState(false);
  const strike = (name: End, on: boolean) => {
    const next = (["lowest", "highest"] as const).filter((end) => (end === name ? on : struck.includes(end)));
    setFailed(false);
    onStruck(next).catch(() => setFailed(true));
  };
  const show = (name: End, end: RangeEnd | Declined) =>
    isTold(end) ? (
      <ToldEnd name={name} end={end} struck={struck.includes(name)} listening={listening} onStrike={(on) => strike(name, on)} />
    ) : (
      <Declination name={name} end={end} />
    );
  return (
    <Card>
      <h2>{t.results.evidence}</h2>
      {(isTold(lowest) || isTold(highest)) && <Soft>{t.results.evidenceHelp}</Soft>}
      <div className={styles.ends}>
        {show("lowest", lowest)}
        {show("highest", highest)}
      </div>
      {!listening.there && <Soft small>{t.results.noAudio}</Soft>}
      {failed && <Note tone="bad" live>{t.results.strikeFailed}</Note>}
    </Card>
  );
}
