import { useEffect, useMemo, useReducer, useRef, useState } from "react";

import { useFocusMode } from "../look/focus_mode";
import { Page } from "../look/page";
import { Button, Card, Choice, Note, Soft } from "../look/parts";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { noteName } from "../text/notation";
import { CurrentNote } from "./current_note";
import type { LiveFrame } from "./messages";
import type { ReadyMicrophone } from "./microphone_check";
import { NoteLane } from "./note_lane";
import { endWay, hear, patienceSeconds, startRangeTest, waitLonger, type RangeTest, type Way } from "./range_test";
import { faultOf, record, type Recording, type RecordingFault } from "./recording";
import { falsettoFrom } from "./registers";
import type { FinishedTake } from "./review";
import styles from "./sing.module.css";
import { playTone } from "./tone";

type Event = { type: "heard"; frames: LiveFrame[] } | { type: "end" } | { type: "wait" };

function advance(test: RangeTest, event: Event): RangeTest {
  if (event.type === "end") return endWay(test);
  if (event.type === "wait") return waitLonger(test);
  return event.frames.reduce(hear, test);
}

/** What the test asks for at this moment. */
function Asked({ test }: { test: RangeTest }) {
  const t = useText();
  const { notation } = usePreferences();
  const way = { find: t.sing.find, down: t.sing.down, up: t.sing.up, done: "" }[test.phase];
  const glide = { find: t.sing.find, down: t.sing.downGlide, up: t.sing.upGlide, done: "" }[test.phase];
  const what =
    test.target === null ? (test.way === "glide" ? glide : way) : t.sing.holdTarget(noteName(test.target, notation));
  return (
    <div className={styles.asked}>
      <span className={styles.askedWhat}>{what}</span>
      <span className={styles.askedHow}>
        {test.target === null ? (test.progress > 0 ? t.sing.hints.hold : "") : t.sing.hints[test.hint]}
      </span>
    </div>
  );
}

/** Said to a screen reader, and to nobody else: what was reached, and what comes next. */
function Said({ test }: { test: RangeTest }) {
  const t = useText();
  const { notation } = usePreferences();
  const last = test.holds.at(-1);
  const reached = last ? t.sing.held(noteName(last.semitone, notation)) : "";
  const next = test.target === null ? "" : t.sing.holdTarget(noteName(test.target, notation));
  const way = { find: t.sing.find, down: t.sing.down, up: t.sing.up, done: t.sing.saving }[test.phase];
  return (
    <p className="visually-hidden" role="status">
      {[reached, way, next].filter((part) => part !== "").join(". ")}
    </p>
  );
}

function Tally({ test, breakAt }: { test: RangeTest; breakAt: number | null }) {
  const t = useText();
  const { notation } = usePreferences();
  const left = Math.ceil(patienceSeconds - (test.now - test.waitingFrom));
  const closing = test.phase !== "find" && test.phase !== "done" && left <= 5 && left > 0;
  return (
    <div className={styles.tally}>
      <span>
        {test.lowest !== null &&
          test.highest !== null &&
          t.sing.fromTo(noteName(test.lowest, notation), noteName(test.highest, notation))}
      </span>
      <span>{closing && t.sing.endsSoon(left)}</span>
      {breakAt !== null && (
        <span className={styles.legend}>
          <span>{t.sing.chest}</span>
          <span className={styles.isFalsetto}>{t.sing.falsetto}</span>
        </span>
      )}
    </div>
  );
}

interface RunningProps {
  ready: ReadyMicrophone;
  recording: Recording;
  way: Way;
  fault: RecordingFault | null;
  onDone: (done: FinishedTake) => void;
  onStop: () => void;
}

function Running({ ready, recording, way, fault, onDone, onStop }: RunningProps) {
  const t = useText();
  const [test, tell] = useReducer(advance, way, startRangeTest);
  const [toneOn, setToneOn] = useState(false);
  const ended = useRef(false);
  const breakAt = useMemo(() => falsettoFrom(test.holds), [test.holds]);
  const { listener, latency } = ready;
  useFocusMode(true);

  useEffect(() => listener.onBlock(({ frames }) => frames.length > 0 && tell({ type: "heard", frames })), [listener]);
  useEffect(() => {
    if ((test.phase !== "done" && !fault) || ended.current) return;
    ended.current = true;
    void recording.stop().then(({ take, heard }) => onDone({ take, heard, holds: test.holds, fault }));
  }, [test, fault, recording, onDone]);

  const tone = async () => {
    if (test.target === null) return;
    setToneOn(true);
    tell({ type: "wait" });
    await playTone(listener, test.target, latency.seconds);
    setToneOn(false);
  };
  if (test.phase === "done" || fault)
    return (
      <Page title={t.sing.rangeTitle}>
        <p role="status">{t.sing.saving}</p>
      </Page>
    );
  const band = test.lowest !== null && test.highest !== null ? { low: test.lowest, high: test.highest } : null;
  return (
    <Page title={t.sing.rangeTitle} quiet wide>
      <Said test={test} />
      <div className={styles.stageTop}>
        <CurrentNote listener={listener} compact />
        <Asked test={test} />
      </div>
      <NoteLane
        listener={listener}
        startSeconds={recording.startSeconds}
        target={test.target}
        progress={test.progress}
        band={band}
        falsettoFrom={breakAt}
      />
      <Tally test={test} breakAt={breakAt} />
      <div className={styles.controls}>
        {test.phase !== "find" && (
          <Button weight="primary" wide className={styles.main} onClick={() => tell({ type: "end" })}>
            {test.phase === "down" ? t.sing.endLow : t.sing.endHigh}
          </Button>
        )}
        {test.phase !== "find" && (
          <Button wide onClick={() => tell({ type: "wait" })}>
            {t.sing.waitLonger}
          </Button>
        )}
        {test.target !== null && (
          <Button wide disabled={toneOn} onClick={() => void tone()}>
            {t.sing.playNote}
          </Button>
        )}
        <Button weight="plain" wide className={styles.stopAll} onClick={onStop}>
          {t.sing.stopTest}
        </Button>
      </div>
    </Page>
  );
}

interface RangeTakeProps {
  ready: ReadyMicrophone;
  onDone: (done: FinishedTake) => void;
  onBack: () => void;
}

/** The range test: how it goes, then the test itself. The recording of it is a take like any other. */
export function RangeTake({ ready, onDone, onBack }: RangeTakeProps) {
  const t = useText();
  const [way, setWay] = useState<Way>("steps");
  const [recording, setRecording] = useState<Recording | null>(null);
  const [fault, setFault] = useState<RecordingFault | null>(null);
  const [busy, setBusy] = useState(false);
  const running = useRef<Recording | null>(null);
  const finished = useRef(false);
  useEffect(() => () => void (finished.current || running.current?.abandon()), []);

  const begin = async () => {
    setBusy(true);
    setFault(null);
    try {
      const made = await record(ready.listener, { kind: "range_test", fileName: t.sing.rangeTitle, onFault: setFault });
      running.current = made;
      setRecording(made);
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };
  const stop = async () => {
    finished.current = true;
    await running.current?.discard();
    onBack();
  };
  if (recording) {
    const done = (result: FinishedTake) => {
      finished.current = true;
      onDone(result);
    };
    return (
      <Running ready={ready} recording={recording} way={way} fault={fault} onDone={done} onStop={() => void stop()} />
    );
  }
  return (
    <Page title={t.sing.rangeTitle}>
      <Card>
        <Choice
          legend={t.sing.wayLegend}
          name="way"
          value={way}
          onChange={setWay}
          options={[
            { value: "steps", label: t.sing.waySteps },
            { value: "glide", label: t.sing.wayGlide },
          ]}
        />
        <p>{way === "steps" ? t.sing.wayStepsNote : t.sing.wayGlideNote}</p>
        <Soft>{t.sing.rangeBeginNote}</Soft>
        {fault && (
          <Note tone="bad" live>
            {t.sing.recordingFaults[fault]}
          </Note>
        )}
        <Button weight="primary" wide disabled={busy} onClick={() => void begin()}>
          {t.sing.rangeBegin}
        </Button>
        <Button weight="plain" wide onClick={onBack}>
          {t.common.back}
        </Button>
      </Card>
    </Page>
  );
}
