// Uploads of one state, at first those that failed, each with its timeline and a way on.
import { useState } from "react";

import { answer, api, type Schema } from "../api/client";
import { Button, Card, Note, Row, Soft } from "../look/parts";
import { useOpsText } from "../text/ops";
import { states } from "./glance";
import { by, useOperator, usePolled } from "./operator";
import styles from "./ops.module.css";
import { Decide, When } from "./parts";
import { Timeline } from "./timeline";

type State = Schema["State"];

function UploadLine({ upload, onMoved }: { upload: Schema["Upload"]; onMoved: () => void }) {
  const t = useOpsText();
  const { token } = useOperator();
  const [open, setOpen] = useState(false);
  const redrive = (why: string) =>
    answer(
      api.POST("/v1/ops/uploads/{id}/redrive", { params: { path: { id: upload.id } }, body: { why }, ...by(token) }),
    );
  return (
    <li className={styles.line}>
      <code>{upload.id}</code>
      <strong>{upload.state}</strong>
      <span>
        {upload.kind} · {(upload.size / 1e6).toFixed(1)} MB · <When at={upload.changed} />
      </span>
      {upload.failure && (
        <span>
          {upload.failure.stage}: {upload.failure.code} · {t.trace} <code>{upload.trace_id ?? ""}</code>
        </span>
      )}
      {upload.failure?.can_redrive && <Decide ways={[{ name: t.redrive, run: redrive }]} done={onMoved} />}
      <Row>
        <Button weight="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t.history}
        </Button>
      </Row>
      {open && <Timeline id={upload.id} />}
    </li>
  );
}

export function Uploads() {
  const t = useOpsText();
  const [state, setState] = useState<State | "">("FAILED");
  const [{ data, fault }, again] = usePolled(state || "any", (token) =>
    answer(api.GET("/v1/ops/uploads", { params: { query: { ...(state !== "" && { state }) } }, ...by(token) })),
  );
  return (
    <Card>
      <h2>{t.uploads}</h2>
      <label className={styles.field}>
        {t.state}
        <select value={state} onChange={(event) => setState(states.find((known) => known === event.target.value) ?? "")}>
          <option value="">{t.any}</option>
          {states.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {fault !== null && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {data?.items.length === 0 && <Soft>{t.noUploads}</Soft>}
      <ul className={styles.lines}>
        {data?.items.map((upload) => (
          <UploadLine key={upload.id} upload={upload} onMoved={again} />
        ))}
      </ul>
    </Card>
  );
}
