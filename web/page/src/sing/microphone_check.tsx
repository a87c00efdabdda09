import { useEffect, useRef, useState, type ReactNode } from "react";

import { Page } from "../look/page";
import { Button, Card, Note, Row, Soft, Stack } from "../look/parts";
import { useText, type Text } from "../text";
import type { CaptureCode } from "../text/capture";
import { CurrentNote } from "./current_note";
import { measureLatency, toldLatency, type Latency } from "./latency";
import { LevelMeter } from "./level_meter";
import { listen, type Delay, type HeardTake, type Listener } from "./listener";
import {
  listMicrophones,
  MicrophoneError,
  rememberMicrophone,
  type MicrophoneChoice,
  type MicrophoneFault,
} from "./microphone";
import styles from "./sing.module.css";

export interface ReadyMicrophone {
  listener: Listener;
  latency: Latency;
}

const quietSeconds = 1.2;
const checkSeconds = 5;

type Step = "off" | "opening" | "quiet" | "sing" | "working" | "done";

const wait = (seconds: number) => new Promise((ended) => setTimeout(ended, 1000 * seconds));
const milliseconds = (seconds: number) => Math.round(1000 * seconds);

function Verdict({ heard, t }: { heard: HeardTake; t: Text }) {
  const { advice } = heard.report.capture;
  if (advice.length === 0) return <Note tone="good">{t.sing.micGood}</Note>;
  return (
    <>
      {advice.map(({ fault, blocking }) => (
        <Note key={fault} tone={blocking ? "bad" : "warn"}>
          {t.capture[fault as CaptureCode] ?? fault}
        </Note>
      ))}
    </>
  );
}

function LatencyCheck({
  listener,
  latency,
  onMeasured,
}: {
  listener: Listener;
  latency: Latency;
  onMeasured: (latency: Latency) => void;
}) {
  const t = useText();
  const [state, setState] = useState<"untried" | "busy" | "measured">("untried");
  const measure = async () => {
    setState("busy");
    onMeasured(await measureLatency(listener));
    setState("measured");
  };
  const found = latency.how === "heard" ? t.sing.latencyHeard : t.sing.latencyTold;
  return (
    <details className={styles.details}>
      <summary>{t.sing.latencyTitle}</summary>
      <Stack>
        <Soft small>{t.sing.latencyWhy}</Soft>
        <Row>
          <Button disabled={state === "busy"} onClick={() => void measure()}>
            {state === "busy" ? t.sing.latencyMeasuring : t.sing.latencyMeasure}
          </Button>
          <span role="status">{state === "measured" && found(milliseconds(latency.seconds))}</span>
        </Row>
      </Stack>
    </details>
  );
}

/** Opens the microphone, hears five seconds through the voice core, and says in plain words what it found. */
export function MicrophoneCheck({
  onReady,
  children,
}: {
  onReady: (ready: ReadyMicrophone) => void;
  children?: ReactNode;
}) {
  const t = useText();
  const [step, setStep] = useState<Step>("off");
  const [listener, setListener] = useState<Listener | null>(null);
  const [heard, setHeard] = useState<HeardTake | null>(null);
  const [latency, setLatency] = useState<Latency | null>(null);
  const [fault, setFault] = useState<MicrophoneFault | null>(isSecureContext ? null : "insecure");
  const [devices, setDevices] = useState<MicrophoneChoice[]>([]);
  const [delay, setDelay] = useState<Delay | null>(null);
  const handedOn = useRef(false);
  const open = useRef<Listener | null>(null);
  useEffect(() => () => void (handedOn.current || open.current?.close()), []);

  const check = async (deviceId: string | null) => {
    setFault(null);
    setHeard(null);
    setStep("opening");
    try {
      open.current?.close();
      setListener(null);
      const next = await listen(deviceId);
      open.current = next;
      setListener(next);
      setLatency(toldLatency(next));
      setDevices(await listMicrophones());
      await next.startTake();
      setStep("quiet");
      await wait(quietSeconds);
      setStep("sing");
      await wait(checkSeconds - quietSeconds);
      if (open.current !== next) return;
      setStep("working");
      setDelay(next.delaySeconds());
      setHeard(await next.finishTake());
      setStep("done");
    } catch (error) {
      setStep("off");
      setFault(error instanceof MicrophoneError ? error.fault : "other");
    }
  };

  const choose = (deviceId: string) => {
    rememberMicrophone(deviceId);
    void check(deviceId);
  };
  const says: Record<Step, string> = {
    off: t.sing.micLead,
    opening: t.sing.micOpening,
    quiet: t.sing.micQuiet,
    sing: t.sing.micSing,
    working: t.sing.micListening,
    done: "",
  };
  const leftOn = listener?.microphone.leftOn ?? [];
  const blocked = heard?.report.capture.advice.some(({ blocking }) => blocking) ?? false;
  const goOn = () => {
    if (!listener || !latency) return;
    handedOn.current = true;
    onReady({ listener, latency });
  };
  return (
    <Page title={t.sing.micTitle}>
      <Card>
        {step !== "done" && (
          <p role="status" className={step === "quiet" || step === "sing" ? styles.ask : undefined}>
            {says[step]}
          </p>
        )}
        {fault && (
          <Note tone="bad" live>
            {t.sing.micFaults[fault]}
          </Note>
        )}
        {step === "off" && fault !== "insecure" && (
          <Button weight="primary" wide onClick={() => void check(null)}>
            {fault ? t.common.retry : t.sing.micStart}
          </Button>
        )}
        {listener && step !== "off" && (
          <>
            {step !== "done" && <CurrentNote listener={listener} />}
            <LevelMeter listener={listener} />
          </>
        )}
        {step === "done" && heard && listener && latency && (
          <>
            <div role="status">
              <Stack>
                <Verdict heard={heard} t={t} />
                {leftOn.length > 0 && (
                  <Note tone="warn">{t.sing.micLeftOn(t.sing.listAnd(leftOn.map((name) => t.sing[name])))}</Note>
                )}
              </Stack>
            </div>
            {devices.length > 1 && (
              <label className={styles.field}>
                <span>{t.sing.micDevice}</span>
                <select value={listener.microphone.deviceId} onChange={(event) => choose(event.target.value)}>
                  {devices.map(({ deviceId, label }, i) => (
                    <option key={deviceId} value={deviceId}>
                      {label || t.sing.micUnnamed(i + 1)}
                    </option>
                  ))}
                </select>
              </label>
            )}
            <Button weight="primary" wide onClick={goOn}>
              {blocked ? t.sing.micGoAnyway : t.sing.micGo}
            </Button>
            <Button weight="plain" wide onClick={() => void check(listener.microphone.deviceId || null)}>
              {t.sing.micAgain}
            </Button>
            <LatencyCheck listener={listener} latency={latency} onMeasured={setLatency} />
            {delay !== null && (
              <p className={styles.aside} data-delay-ms={milliseconds(delay.usual)} data-late-ms={milliseconds(delay.late)}>
                {t.sing.delay(milliseconds(delay.usual))}
              </p>
            )}
          </>
        )}
      </Card>
      {step === "off" && children}
    </Page>
  );
}
