import type { Declined, RangeEnd } from "@orakgarak/core";
import { useEffect, useRef, useState } from "react";

import { Page } from "../look/page";
import { Button, Card, Dialog, Note, Row, Soft, Stack } from "../look/parts";
import { clock } from "../look/time";
import { usePreferences } from "../settings/preferences";
import { deleteTake, takeBlob, updateTake, type HeldNote, type LocalTake } from "../store/takes";
import { useText } from "../text";
import type { CaptureCode } from "../text/capture";
import { noteName, semitonesBetween } from "../text/notation";
import type { HeardTake } from "./listener";
import type { Hold } from "./range_test";
import type { RecordingFault } from "./recording";
import { falsettoFrom, registerOf } from "./registers";
import styles from "./sing.module.css";

export interface FinishedTake {
  take: LocalTake;
  heard: HeardTake;
  /** What the range test saw held, in order; empty of other takes. */
  holds: Hold[];
  fault: RecordingFault | "limit" | null;
}

type Side = "lowest" | "highest";

/** A little before and after the note, so that the ear finds its way into it. */
const around = 0.4;

function useClip(blob: Blob | null) {
  const [playing, setPlaying] = useState<string | null>(null);
  const audio = useRef<HTMLAudioElement | null>(null);
  useEffect(() => {
    if (!blob) return undefined;
    const url = URL.createObjectURL(blob);
    const element = new Audio(url);
    audio.current = element;
    return () => {
      element.pause();
      URL.revokeObjectURL(url);
    };
  }, [blob]);
  const stop = () => {
    audio.current?.pause();
    setPlaying(null);
  };
  const play = async (name: string, from: number, to: number) => {
    const element = audio.current;
    if (!element) return;
    element.currentTime = Math.max(0, from - around);
    setPlaying(name);
    const watch = () => {
      if (!element.paused && element.currentTime < to + around && !element.ended) return;
      element.removeEventListener("timeupdate", watch);
      stop();
    };
    element.addEventListener("timeupdate", watch);
    await element.play().catch(stop);
  };
  return { playing, play, stop };
}

interface EndProps {
  side: Side;
  end: RangeEnd | Declined;
  breakAt: number | null;
  struck: boolean;
  playing: boolean;
  onPlay: () => void;
  onStop: () => void;
  onStrike: () => void;
}

function End({ side, end, breakAt, struck, playing, onPlay, onStop, onStrike }: EndProps) {
  const t = useText();
  const { notation } = usePreferences();
  if ("declined" in end) {
    const why = t.sing.declinedEnds;
    return (
      <div className={styles.end}>
        <h2 className={styles.endTitle}>{t.sing[side]}</h2>
        <p>{why[end.declined as keyof typeof why] ?? why.other}</p>
      </div>
    );
  }
  const register = registerOf(end.midi, breakAt);
  const { startSeconds, endSeconds } = end.listen;
  return (
    <div className={styles.end} data-struck={struck}>
      <h2 className={styles.endTitle}>{t.sing[side]}</h2>
      <span className={styles.endNote}>{noteName(end.midi, notation)}</span>
      <Soft small>
        {[
          t.sing.give(end.uncertaintySemitones),
          t.sing.heldFor(end.steadySeconds),
          t.sing.between(clock(startSeconds), clock(Math.ceil(endSeconds))),
          register && t.sing[register],
        ]
          .filter(Boolean)
          .join(" · ")}
      </Soft>
      <Row>
        <Button onClick={playing ? onStop : onPlay}>{playing ? t.sing.stopListening : t.sing.listen}</Button>
        <Button weight="plain" aria-pressed={struck} onClick={onStrike}>
          {struck ? t.sing.unstrike : t.sing.strike}
        </Button>
      </Row>
      <p role="status" className={styles.aside}>
        {struck && t.sing.struck}
      </p>
    </div>
  );
}

function heldNote(end: RangeEnd | Declined, breakAt: number | null): HeldNote | null {
  return "declined" in end ? null : { midi: end.midi, ...end.listen, register: registerOf(end.midi, breakAt) };
}

interface ReviewProps {
  done: FinishedTake;
  onDevice: boolean;
  onKeep: (take: LocalTake) => void;
  onAgain: () => void;
}

/** After a take, before anything is sent: what was heard, with its evidence, and what to do with it. */
export function Review({ done, onDevice, onKeep, onAgain }: ReviewProps) {
  const t = useText();
  const { notation } = usePreferences();
  const { take, heard, holds, fault } = done;
  const { range, capture } = heard.report;
  const breakAt = falsettoFrom(holds);
  const [struck, setStruck] = useState<Side[]>([]);
  const [blob, setBlob] = useState<Blob | null>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const clip = useClip(blob);
  useEffect(() => void takeBlob(take.id).then((found) => setBlob(found ?? null)), [take.id]);
  useEffect(() => {
    if (!blob) return undefined;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);

  const keep = async () => {
    const change = {
      struck,
      send: !onDevice,
      lowest: heldNote(range.lowest, breakAt),
      highest: heldNote(range.highest, breakAt),
    };
    onKeep((await updateTake(take.id, change)) ?? take);
  };
  const throwAway = async () => {
    setAsking(false);
    await deleteTake(take.id);
    onAgain();
  };
  const toggle = (side: Side) =>
    setStruck((before) => (before.includes(side) ? before.filter((other) => other !== side) : [...before, side]));
  const { lowest, highest } = range;
  const whole = !("declined" in lowest) && !("declined" in highest);
  return (
    <Page title={t.sing.reviewTitle}>
      <Card>
        {fault && (
          <Note tone="warn" live>
            {t.sing.recordingFaults[fault]}
          </Note>
        )}
        {whole && (
          <p className={styles.askedWhat}>
            {t.sing.reviewRange(
              noteName(lowest.midi, notation),
              noteName(highest.midi, notation),
              semitonesBetween(lowest.midi, highest.midi),
            )}
          </p>
        )}
        <div className={styles.ends}>
          {(["lowest", "highest"] as const).map((side) => {
            const end = range[side];
            return (
              <End
                key={side}
                side={side}
                end={end}
                breakAt={breakAt}
                struck={struck.includes(side)}
                playing={clip.playing === side}
                onPlay={() => "declined" in end || void clip.play(side, end.listen.startSeconds, end.listen.endSeconds)}
                onStop={clip.stop}
                onStrike={() => toggle(side)}
              />
            );
          })}
        </div>
        {take.kind === "range_test" && (
          <Soft>{breakAt === null ? t.sing.falsettoUnknown : t.sing.falsettoFrom(noteName(breakAt, notation))}</Soft>
        )}
        {capture.advice.map(({ fault: code, blocking }) => (
          <Note key={code} tone={blocking ? "bad" : "warn"}>
            {t.capture[code as CaptureCode] ?? code}
          </Note>
        ))}
        {url && <audio className={styles.player} controls src={url} aria-label={t.sing.listenAll} />}
        <Stack>
          <Button weight="primary" wide onClick={() => void keep()}>
            {onDevice ? t.sing.showDevice : t.sing.send}
          </Button>
          <Button weight="plain" wide onClick={() => setAsking(true)}>
            {t.sing.again}
          </Button>
        </Stack>
        <Dialog
          open={asking}
          title={t.sing.discardSure}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button weight="danger" onClick={() => void throwAway()}>
                {t.sing.discard}
              </Button>
              <Button onClick={() => setAsking(false)}>{t.common.cancel}</Button>
            </>
          }
        >
          <p>{t.sing.discardSureNote}</p>
        </Dialog>
      </Card>
    </Page>
  );
}
