import type { Declined, RangeEnd } from "@orakgarak/core";
import { useEffect, useState } from "react";

import { Page } from "../look/page";
import { Button, Card, Dialog, Note, Soft, Stack } from "../look/parts";
import { Evidence } from "../results/evidence";
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
  /** null where the voice core failed: the take can be sent all the same. */
  heard: HeardTake | null;
  /** What the range test saw held, in order; empty of other takes. */
  holds: Hold[];
  fault: RecordingFault | "limit" | null;
}

function heldNote(end: RangeEnd | Declined | undefined, breakAt: number | null): HeldNote | null {
  return !end || "declined" in end ? null : { midi: end.midi, ...end.listen, register: registerOf(end.midi, breakAt) };
}

/** What the voice core says of the whole take, in a line or two. */
function Heard({ heard, kind, breakAt }: { heard: HeardTake; kind: LocalTake["kind"]; breakAt: number | null }) {
  const t = useText();
  const { notation } = usePreferences();
  const { lowest, highest } = heard.report.range;
  const whole = !("declined" in lowest) && !("declined" in highest);
  return (
    <>
      {whole && (
        <p className={styles.askedWhat}>
          {t.sing.reviewRange(
            noteName(lowest.midi, notation),
            noteName(highest.midi, notation),
            semitonesBetween(lowest.midi, highest.midi),
          )}
        </p>
      )}
      {kind === "range_test" && (
        <Soft>{breakAt === null ? t.sing.falsettoUnknown : t.sing.falsettoFrom(noteName(breakAt, notation))}</Soft>
      )}
      {heard.report.capture.advice.map(({ fault, blocking }) => (
        <Note key={fault} tone={blocking ? "bad" : "warn"}>
          {t.capture[fault as CaptureCode] ?? fault}
        </Note>
      ))}
    </>
  );
}

function Playback({ take }: { take: string }) {
  const t = useText();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let wanted = true;
    void takeBlob(take).then((blob) => {
      if (!blob || !wanted) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    });
    return () => {
      wanted = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [take]);
  return url && <audio className={styles.player} controls src={url} aria-label={t.sing.listenAll} />;
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
  const { take, heard, holds, fault } = done;
  const range = heard?.report.range;
  const breakAt = falsettoFrom(holds);
  const [struck, setStruck] = useState<LocalTake["struck"]>([]);
  const [asking, setAsking] = useState(false);

  const keep = async () => {
    void navigator.storage.persist(); // some browsers ask: here nobody is singing
    const held = { lowest: heldNote(range?.lowest, breakAt), highest: heldNote(range?.highest, breakAt) };
    onKeep((await updateTake(take.id, { ...held, struck, send: !onDevice })) ?? take);
  };
  const throwAway = async () => {
    setAsking(false);
    await deleteTake(take.id);
    onAgain();
  };
  const strike = async (ends: LocalTake["struck"]) => {
    setStruck(ends);
    await updateTake(take.id, { struck: ends });
  };
  return (
    <Page title={t.sing.reviewTitle}>
      <Card>
        {fault && (
          <Note tone="warn" live>
            {t.sing.recordingFaults[fault]}
          </Note>
        )}
        {heard && <Heard heard={heard} kind={take.kind} breakAt={breakAt} />}
        <Playback take={take.id} />
        <Stack>
          <Button weight="primary" wide onClick={() => void keep()}>
            {onDevice ? t.sing.showDevice : t.sing.send}
          </Button>
          <Button weight="plain" wide onClick={() => setAsking(true)}>
            {t.sing.again}
          </Button>
        </Stack>
      </Card>
      {range && (
        <Evidence lowest={range.lowest} highest={range.highest} take={take.id} struck={struck} onStruck={strike} />
      )}
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
    </Page>
  );
}
