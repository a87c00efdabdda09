import { useEffect, useRef, useState, type ChangeEvent } from "react";

import { useFocusMode } from "../look/focus_mode";
import { Page } from "../look/page";
import { Button, Card, Note, Row, Soft, Stack } from "../look/parts";
import { clock } from "../look/time";
import { useText } from "../text";
import { playBacking, readBacking, type BackingFile, type PlayingBacking } from "./backing";
import { CurrentNote } from "./current_note";
import { FilePicker } from "./file_picker";
import { LevelMeter } from "./level_meter";
import type { ReadyMicrophone } from "./microphone_check";
import { NoteLane } from "./note_lane";
import { faultOf, record, type Recording, type RecordingFault } from "./recording";
import type { FinishedTake } from "./review";
import styles from "./sing.module.css";

const warnSeconds = 60;
/** A take ends this long before the limit: a recorder writes a little more than it is told to. */
const spareSeconds = 2;

interface FreeTakeProps {
  ready: ReadyMicrophone;
  limitSeconds: number;
  onDone: (done: FinishedTake) => void;
  onBack: () => void;
}

interface BackingPickerProps {
  context: AudioContext;
  backing: BackingFile | null;
  onBacking: (backing: BackingFile | null) => void;
  /** It goes to the server with the take. */
  along: boolean;
  onAlong: (along: boolean) => void;
}

function BackingPicker({ context, backing, onBacking, along, onAlong }: BackingPickerProps) {
  const t = useText();
  const [state, setState] = useState<"idle" | "reading" | "broken">("idle");
  const pick = async (file: File) => {
    setState("reading");
    try {
      onBacking(await readBacking(context, file));
      setState("idle");
    } catch {
      onBacking(null);
      setState("broken");
    }
  };
  return (
    <details className={styles.details}>
      <summary>{t.sing.backing}</summary>
      <Stack>
        <Soft small>{t.sing.backingNote}</Soft>
        <Row>
          <FilePicker accept="audio/*,video/*" label={t.sing.backingChoose} onPick={(file) => void pick(file)} />
          <span role="status">{state === "reading" ? t.sing.backingReading : (backing?.file.name ?? "")}</span>
          {backing && (
            <Button weight="plain" onClick={() => onBacking(null)}>
              {t.sing.backingRemove}
            </Button>
          )}
        </Row>
        {backing && (
          <label>
            <input type="checkbox" checked={along} onChange={() => onAlong(!along)} /> {t.sing.backingAlong}
          </label>
        )}
        {state === "broken" && (
          <Note tone="bad" live>
            {t.sing.backingBroken}
          </Note>
        )}
      </Stack>
    </details>
  );
}

/** Seconds since the start, several times a second. */
function useElapsed(recording: Recording | null, context: AudioContext): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!recording) return undefined;
    const timer = setInterval(() => setSeconds(context.currentTime - recording.startSeconds), 200);
    return () => clearInterval(timer);
  }, [recording, context]);
  return seconds;
}

export function FreeTake({ ready, limitSeconds, onDone, onBack }: FreeTakeProps) {
  const t = useText();
  const { listener, latency } = ready;
  const { context } = listener;
  const [backing, setBacking] = useState<BackingFile | null>(null);
  const [along, setAlong] = useState(false);
  const [volume, setVolume] = useState(0.7);
  const [recording, setRecording] = useState<Recording | null>(null);
  const [fault, setFault] = useState<RecordingFault | null>(null);
  const [phase, setPhase] = useState<"before" | "starting" | "singing" | "ending">("before");
  const playing = useRef<PlayingBacking | null>(null);
  const current = useRef<Recording | null>(null);
  const seconds = useElapsed(recording, context);
  const left = Math.min(limitSeconds - spareSeconds, recording?.mostSeconds ?? Infinity) - seconds;

  useFocusMode(phase === "singing");
  useEffect(
    () => () => {
      playing.current?.stop();
      current.current?.abandon();
    },
    [],
  );

  const begin = async () => {
    setPhase("starting");
    setFault(null);
    try {
      const made = await record(listener, { kind: "free", fileName: t.sing.title, onFault: setFault });
      current.current = made;
      if (backing) playing.current = playBacking(context, backing, volume);
      setRecording(made);
    } catch (error) {
      setFault(faultOf(error));
      return setPhase("before");
    }
    setPhase("singing");
  };

  const silence = () => {
    playing.current?.stop();
    const began = playing.current?.beganSeconds ?? null;
    playing.current = null;
    return began;
  };

  const end = async (why: FinishedTake["fault"]) => {
    const made = current.current;
    if (!made) return;
    current.current = null;
    setPhase("ending");
    const began = silence();
    const played =
      backing && began !== null
        ? {
            sha256: backing.sha256,
            startedSeconds: began - made.startSeconds + latency.seconds,
            file: along ? backing.file : null,
          }
        : null;
    const { take, heard } = await made.stop({ backing: played });
    onDone({ take, heard, holds: [], fault: why });
  };

  useEffect(() => {
    if (fault) void end(fault);
    else if (phase === "singing" && left <= 0) void end("limit");
  });

  const discard = async () => {
    const made = current.current;
    current.current = null;
    silence();
    await made?.discard();
    onBack();
  };
  const changeVolume = (event: ChangeEvent<HTMLInputElement>) => {
    setVolume(event.target.valueAsNumber);
    playing.current?.setVolume(event.target.valueAsNumber);
  };

  if (phase === "ending")
    return (
      <Page title={t.sing.freeTitle}>
        <p role="status">{t.sing.saving}</p>
      </Page>
    );
  const volumeSlider = backing && (
    <label className={styles.volume}>
      <span>{t.sing.backingVolume}</span>
      <input type="range" min={0} max={1} step={0.05} value={volume} onChange={changeVolume} />
    </label>
  );
  if (recording)
    return (
      <Page title={t.sing.recording} quiet wide>
        <div className={styles.stageTop}>
          <CurrentNote listener={listener} compact />
          <div className={styles.asked}>
            <span className={styles.recordingDot}>{clock(seconds)}</span>
            <span className={styles.askedHow} role="status">
              {left <= warnSeconds && t.sing.left(clock(Math.ceil(left / 10) * 10))}
            </span>
          </div>
        </div>
        <NoteLane listener={listener} startSeconds={recording.startSeconds} />
        <LevelMeter listener={listener} />
        {volumeSlider}
        <div className={styles.controls}>
          <Button weight="primary" wide className={styles.main} onClick={() => void end(null)}>
            {t.sing.stop}
          </Button>
          <Button weight="plain" wide className={styles.stopAll} onClick={() => void discard()}>
            {t.sing.discard}
          </Button>
        </div>
      </Page>
    );
  return (
    <Page title={t.sing.freeTitle} lead={t.sing.freeLead}>
      <Card>
        <BackingPicker context={context} backing={backing} onBacking={setBacking} along={along} onAlong={setAlong} />
        {volumeSlider}
        {fault && (
          <Note tone="bad" live>
            {t.sing.recordingFaults[fault]}
          </Note>
        )}
        <Button weight="primary" wide disabled={phase === "starting"} onClick={() => void begin()}>
          {t.sing.record}
        </Button>
        <Button weight="plain" wide onClick={onBack}>
          {t.common.back}
        </Button>
      </Card>
    </Page>
  );
}
