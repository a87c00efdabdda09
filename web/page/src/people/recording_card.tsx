// A finished take as a recording: to listen to, to name, to show, to keep.
import { useState, type FormEvent } from "react";

import { answer, api, ApiError } from "../api/client";
import { useLoad } from "../api/load";
import { Button, ButtonLink, Card, Note, Row, Soft, Stack } from "../look/parts";
import { useText } from "../text";
import { recordingSound, recordingWaveform, useTitleOf, type Recording } from "./data";
import { Field } from "./field";
import { usePlayer } from "./player";
import { PlayButton, WaveformBar } from "./sound_bar";
import styles from "./people.module.css";

function Listen({ recording }: { recording: Recording }) {
  const t = useText();
  const title = useTitleOf()(recording);
  const [wave] = useLoad(`wave ${recording.id}`, () => recordingWaveform(recording.id));
  const player = usePlayer([recording.id], recordingSound);
  const save = async () => {
    location.assign(await recordingSound(recording.id, true));
  };
  return (
    <>
      <div className={styles.soundBar}>
        <PlayButton id={recording.id} title={title} player={player} />
        {wave.data && <WaveformBar id={recording.id} wave={wave.data} player={player} />}
      </div>
      {player.failed && (
        <Note tone="bad" live>
          {t.people.soundFailed}
        </Note>
      )}
      <Row>
        <Button onClick={() => void save()}>{t.people.download}</Button>
      </Row>
    </>
  );
}

type Told = "saved" | "failed" | "nickname" | null;

function Naming({ recording, onChanged }: { recording: Recording; onChanged: () => void }) {
  const t = useText();
  const [title, setTitle] = useState(recording.title);
  const [shown, setShown] = useState(recording.shown);
  const [told, setTold] = useState<Told>(null);
  const change = async (body: { title?: string; shown?: boolean }) => {
    setTold(null);
    if (body.shown !== undefined) setShown(body.shown);
    try {
      await answer(api.PATCH("/v1/recordings/{id}", { params: { path: { id: recording.id } }, body }));
      onChanged();
      setTold("saved");
    } catch (error) {
      setShown(recording.shown);
      setTold(error instanceof ApiError && error.code === "nickname_needed" ? "nickname" : "failed");
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void change({ title });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={t.people.recordingTitle} help={t.people.titleHelp}>
        <input value={title} maxLength={60} onChange={(event) => setTitle(event.target.value)} />
      </Field>
      <Row>
        <Button type="submit">{t.people.save}</Button>
      </Row>
      <label className={styles.tick}>
        <input type="checkbox" checked={shown} onChange={(event) => void change({ shown: event.target.checked })} />
        {t.people.show}
      </label>
      <Soft small>{t.people.showHelp}</Soft>
      {told === "saved" && <Note tone="good" live>{t.people.saved}</Note>}
      {told === "failed" && <Note tone="bad" live>{t.people.saveFailed}</Note>}
      {told === "nickname" && <NicknameNeeded />}
    </form>
  );
}

export function NicknameNeeded() {
  const t = useText();
  return (
    <Note tone="warn" live>
      <Stack>
        <p>{t.people.needsNickname}</p>
        <Row>
          <ButtonLink href="/settings">{t.people.toNickname}</ButtonLink>
        </Row>
      </Stack>
    </Note>
  );
}

export function RecordingCard({ id }: { id: string }) {
  const t = useText();
  const [loaded, again] = useLoad(`recording ${id}`, () => answer(api.GET("/v1/recordings/{id}", { params: { path: { id } } })));
  if (!loaded.data) return null;
  return (
    <Card>
      <h2>{t.people.recording}</h2>
      <Listen recording={loaded.data} />
      <Naming recording={loaded.data} onChanged={again} />
    </Card>
  );
}
