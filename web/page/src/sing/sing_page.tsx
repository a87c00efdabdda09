import { useEffect, useRef, useState, type ReactNode } from "react";

import { useServer } from "../api/session";
import { Page } from "../look/page";
import { Button, Note, Row, Soft, Stack } from "../look/parts";
import { navigate } from "../router";
import { usePreferences } from "../settings/preferences";
import { takeFromFile, updateTake, type LocalTake } from "../store/takes";
import { useText } from "../text";
import { Consent } from "./consent";
import { FilePicker } from "./file_picker";
import { FreeTake } from "./free_take";
import { InterruptedTakes } from "./interrupted";
import { MicrophoneCheck, type ReadyMicrophone } from "./microphone_check";
import { RangeTake } from "./range_take";
import { Review, type FinishedTake } from "./review";
import styles from "./sing.module.css";

/** What the voice core holds, where no server says otherwise. */
const longestTakeSeconds = 20 * 60;

type Stage = { at: "choose" } | { at: "range" } | { at: "free" } | { at: "review"; done: FinishedTake };

interface ChooseProps {
  minutes: number;
  onRange: () => void;
  onFree: () => void;
  children: ReactNode;
}

function Choose({ minutes, onRange, onFree, children }: ChooseProps) {
  const t = useText();
  return (
    <Page title={t.sing.chooseTitle}>
      <div className={styles.ways}>
        <button type="button" className={styles.way} onClick={onRange}>
          <span className={styles.tag}>{t.sing.recommended}</span>
          <strong>{t.sing.chooseRange}</strong>
          <span>{t.sing.chooseRangeNote}</span>
        </button>
        <button type="button" className={styles.way} onClick={onFree}>
          <strong>{t.sing.chooseFree}</strong>
          <span>{t.sing.chooseFreeNote(minutes)}</span>
        </button>
      </div>
      {children}
    </Page>
  );
}

interface SingingProps {
  limitSeconds: number;
  onDevice: boolean;
  onKeep: (take: LocalTake) => void;
  /** Other ways to a take, below those with the microphone. */
  children: ReactNode;
}

/** From the microphone to a take. The microphone stays open until one leaves the page. */
function Singing({ limitSeconds, onDevice, onKeep, children }: SingingProps) {
  const [ready, setReady] = useState<ReadyMicrophone | null>(null);
  const [stage, setStage] = useState<Stage>({ at: "choose" });
  const open = useRef<ReadyMicrophone | null>(null);
  useEffect(() => {
    open.current = ready;
  }, [ready]);
  useEffect(() => () => open.current?.listener.close(), []);

  if (!ready) return <MicrophoneCheck onReady={setReady}>{children}</MicrophoneCheck>;
  const choose = () => {
    if (ready.listener.microphone.track.readyState === "ended") setReady(null); // it is gone: look for another one
    setStage({ at: "choose" });
  };
  const review = (done: FinishedTake) => setStage({ at: "review", done });
  switch (stage.at) {
    case "choose":
      return (
        <Choose
          minutes={Math.floor(limitSeconds / 60)}
          onRange={() => setStage({ at: "range" })}
          onFree={() => setStage({ at: "free" })}
        >
          {children}
        </Choose>
      );
    case "range":
      return <RangeTake ready={ready} onDone={review} onBack={choose} />;
    case "free":
      return <FreeTake ready={ready} limitSeconds={limitSeconds} onDone={review} onBack={choose} />;
    case "review":
      return <Review done={stage.done} onDevice={onDevice} onKeep={onKeep} onAgain={choose} />;
  }
}

export function SingPage() {
  const t = useText();
  const onDevice = usePreferences().mode === "device";
  const [server, askAgain] = useServer(!onDevice);
  const keep = (take: LocalTake) => navigate(`/takes/${take.id}`);
  const keepFile = async (file: File) => {
    const take = await takeFromFile(file);
    keep((await updateTake(take.id, { send: !onDevice })) ?? take);
  };

  if (!onDevice && server.state === "asking")
    return (
      <Page title={t.sing.title}>
        <p role="status">{t.common.loading}</p>
      </Page>
    );
  if (!onDevice && server.state === "away")
    return (
      <Page title={t.sing.title}>
        <Note tone="bad" live>
          <Stack>
            <p>{t.common.offline}</p>
            <Row>
              <Button onClick={askAgain}>{t.common.retry}</Button>
            </Row>
          </Stack>
        </Note>
      </Page>
    );
  if (server.state === "there" && !onDevice && !server.consented)
    return <Consent about={server.about} onAgreed={askAgain} onOutdated={askAgain} />;
  const limitSeconds = server.state === "there" ? server.about.limits.take_seconds : longestTakeSeconds;
  return (
    <Singing limitSeconds={limitSeconds} onDevice={onDevice} onKeep={keep}>
      <InterruptedTakes send={!onDevice} onKept={keep} />
      <Row>
        <FilePicker
          accept="audio/*,video/webm,video/mp4"
          label={t.sing.chooseFile}
          onPick={(file) => void keepFile(file)}
        />
      </Row>
      {onDevice && <Soft>{t.sing.deviceMode}</Soft>}
    </Singing>
  );
}
