// For who runs the server: uploads by state, and what was given up, with what to do about it. The token lives
// in this page's memory only; a reload asks for it again.
import { useState, type FormEvent } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { useLoad } from "../api/load";
import { Page } from "../look/page";
import { Button, Card, Note, Row, Soft, Stack } from "../look/parts";
import { whenText } from "../results/take_page";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import styles from "./ops.module.css";

type State = Schema["State"];
type DeadLetter = Schema["DeadLetter"];
const states: readonly State[] = [
  "PENDING", "UPLOADED", "AUDIO_CONVERTING", "AUDIO_CONVERTED", "VOICE_ANALYSIS_PENDING", "VOICE_ANALYZING",
  "VOICE_ANALYZED", "IMAGE_OPTIMIZING", "THUMBNAIL_GENERATING", "COMPLETED", "FAILED", "EXPIRED",
];
const by = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

function History({ token, id }: { token: string; id: string }) {
  const { language } = usePreferences();
  const [loaded] = useLoad(id, () =>
    answer(api.GET("/v1/ops/uploads/{id}/history", { params: { path: { id } }, ...by(token) })),
  );
  return (
    <ol className={styles.history}>
      {loaded.data?.items.map((entry) => (
        <li key={entry.version}>
          <time dateTime={entry.at}>{whenText(language, entry.at)}</time> {entry.to} <span>{entry.why}</span>
        </li>
      ))}
    </ol>
  );
}

function Why({ why, onChange }: { why: string; onChange: (why: string) => void }) {
  const t = useText();
  return (
    <label className={styles.field}>
      {t.ops.why}
      <input value={why} maxLength={500} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

function UploadLine({ token, upload, onMoved }: { token: string; upload: Schema["Upload"]; onMoved: () => void }) {
  const t = useText();
  const { language } = usePreferences();
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const [failed, setFailed] = useState<string | null>(null);
  const redrive = () =>
    answer(
      api.POST("/v1/ops/uploads/{id}/redrive", { params: { path: { id: upload.id } }, body: { why }, ...by(token) }),
    ).then(onMoved, (error: unknown) => setFailed(error instanceof ApiError ? error.message : t.ops.failed));
  return (
    <li className={styles.line}>
      <code>{upload.id}</code>
      <strong>{upload.state}</strong>
      <span>
        {upload.kind} · {(upload.size / 1e6).toFixed(1)} MB · {whenText(language, upload.changed)}
      </span>
      {upload.failure && (
        <span>
          {upload.failure.stage}: {upload.failure.code}
        </span>
      )}
      {upload.failure?.can_redrive && <Why why={why} onChange={setWhy} />}
      <Row>
        <Button weight="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t.ops.history}
        </Button>
        {upload.failure?.can_redrive && (
          <Button disabled={why.trim() === ""} onClick={() => void redrive()}>
            {t.ops.redrive}
          </Button>
        )}
      </Row>
      {failed !== null && <Note tone="bad" live>{failed}</Note>}
      {open && <History token={token} id={upload.id} />}
    </li>
  );
}

function Uploads({ token }: { token: string }) {
  const t = useText();
  const [state, setState] = useState<State | "">("FAILED");
  const [loaded, again] = useLoad(state || "any", () =>
    answer(api.GET("/v1/ops/uploads", { params: { query: { ...(state !== "" && { state }) } }, ...by(token) })),
  );
  return (
    <Card>
      <h2>{t.ops.uploads}</h2>
      <label className={styles.field}>
        {t.ops.state}
        <select value={state} onChange={(event) => setState(states.find((known) => known === event.target.value) ?? "")}>
          <option value="">{t.ops.any}</option>
          {states.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {loaded.state === "failed" && <Note tone="bad" live>{loaded.error.message}</Note>}
      {loaded.data?.items.length === 0 && <Soft>{t.ops.noUploads}</Soft>}
      <ul className={styles.lines}>
        {loaded.data?.items.map((upload) => (
          <UploadLine key={upload.id} token={token} upload={upload} onMoved={again} />
        ))}
      </ul>
    </Card>
  );
}

function Letter({ token, letter, onDecided }: { token: string; letter: DeadLetter; onDecided: () => void }) {
  const t = useText();
  const { language } = usePreferences();
  const [why, setWhy] = useState("");
  const [failed, setFailed] = useState<string | null>(null);
  const decide = (how: "replay" | "discard") => {
    const options = { params: { path: { id: letter.id } }, body: { why }, ...by(token) };
    const call: Promise<unknown> =
      how === "replay"
        ? answer(api.POST("/v1/ops/dead-letters/{id}/replay", options))
        : answer(api.POST("/v1/ops/dead-letters/{id}/discard", options));
    call.then(onDecided, (error: unknown) => setFailed(error instanceof ApiError ? error.message : t.ops.failed));
  };
  return (
    <li className={styles.line}>
      <code>{letter.upload}</code>
      <strong>
        {letter.stage}: {letter.code}
      </strong>
      <span>{letter.detail}</span>
      <span>
        {t.ops.attempts(letter.attempts)} · {whenText(language, letter.at)}
        {letter.trace_id && (
          <>
            {" · "}
            <code>{letter.trace_id}</code>
          </>
        )}
      </span>
      <Why why={why} onChange={setWhy} />
      <Row>
        <Button disabled={why.trim() === ""} onClick={() => decide("replay")}>
          {t.ops.replay}
        </Button>
        <Button weight="danger" disabled={why.trim() === ""} onClick={() => decide("discard")}>
          {t.ops.discard}
        </Button>
      </Row>
      {failed !== null && <Note tone="bad" live>{failed}</Note>}
    </li>
  );
}

function DeadLetters({ token }: { token: string }) {
  const t = useText();
  const [loaded, again] = useLoad("letters", () => answer(api.GET("/v1/ops/dead-letters", by(token))));
  return (
    <Card>
      <h2>{t.ops.deadLetters}</h2>
      <Soft small>{t.ops.whyHelp}</Soft>
      {loaded.state === "failed" && <Note tone="bad" live>{loaded.error.message}</Note>}
      {loaded.data?.items.length === 0 && <Soft>{t.ops.noDeadLetters}</Soft>}
      <ul className={styles.lines}>
        {loaded.data?.items.map((letter) => (
          <Letter key={letter.id} token={token} letter={letter} onDecided={again} />
        ))}
      </ul>
    </Card>
  );
}

function Enter({ onToken }: { onToken: (token: string) => void }) {
  const t = useText();
  const [typed, setTyped] = useState("");
  const [failed, setFailed] = useState<string | null>(null);
  const enter = (event: FormEvent) => {
    event.preventDefault();
    const token = typed.trim();
    answer(api.GET("/v1/ops/dead-letters", { params: { query: { limit: 1 } }, ...by(token) })).then(
      () => onToken(token),
      (error: unknown) => {
        const wrong = error instanceof ApiError && (error.status === 401 || error.status === 403);
        setFailed(wrong ? t.ops.wrongToken : t.common.offline);
      },
    );
  };
  return (
    <Card>
      <form className={styles.enter} onSubmit={enter}>
        <label className={styles.field}>
          {t.ops.token}
          <input type="password" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </label>
        <Button type="submit" weight="primary" disabled={typed.trim() === ""}>
          {t.ops.enter}
        </Button>
      </form>
      <Soft small>{t.ops.tokenHelp}</Soft>
      {failed !== null && <Note tone="bad" live>{failed}</Note>}
    </Card>
  );
}

export function OpsPage() {
  const t = useText();
  const [token, setToken] = useState<string | null>(null);
  return (
    <Page title={t.ops.title} wide>
      {token === null ? (
        <Enter onToken={setToken} />
      ) : (
        <Stack>
          <DeadLetters token={token} />
          <Uploads token={token} />
        </Stack>
      )}
    </Page>
  );
}
