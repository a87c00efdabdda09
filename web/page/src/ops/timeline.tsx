// What became of one upload, and how long each state took.
import { useState, type FormEvent } from "react";

import { answer, api, type Schema } from "../api/client";
import { Button, Card, Note, Soft } from "../look/parts";
import { usePreferences } from "../settings/preferences";
import { useOpsText } from "../text/ops";
import { ends } from "./glance";
import { by, usePolled } from "./operator";
import styles from "./ops.module.css";
import { When } from "./parts";
import { secondsBetween, span } from "./units";

export function Timeline({ id }: { id: string }) {
  const t = useOpsText();
  const { language } = usePreferences();
  const [{ data, fault }] = usePolled(id, async (token) => {
    const options = { params: { path: { id } }, ...by(token) };
    const [one, history] = await Promise.all([
      answer(api.GET("/v1/ops/uploads/{id}", options)), answer(api.GET("/v1/ops/uploads/{id}/history", options)),
    ]);
    return { ...one, history: history.items, now: Date.now() };
  });
  const lasted = (at: string, next: string | undefined, to: Schema["State"]) => {
    if (next === undefined && ends.includes(to)) return null;
    return span(language, secondsBetween(at, next ?? data?.now ?? at));
  };
  return (
    <>
      {fault !== null && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {data && (
        <>
          <Soft small>
            {t.trace} <code>{data.upload.trace_id ?? ""}</code>
          </Soft>
          <ol className={styles.history}>
            {data.history.map((entry, index) => (
              <li key={entry.version}>
                <When at={entry.at} /> <strong>{entry.to}</strong> {lasted(entry.at, data.history[index + 1]?.at, entry.to)}{" "}
                <span>{entry.why}</span>
              </li>
            ))}
          </ol>
          {data.jobs.map((job) => (
            <Soft key={job.id} small>
              {t.job(job.stage, job.attempt, job.lease_until !== null)}
              {job.last_code !== undefined && ` · ${job.last_code}`}
            </Soft>
          ))}
        </>
      )}
    </>
  );
}

export function OneUpload() {
  const t = useOpsText();
  const [typed, setTyped] = useState("");
  const [id, setId] = useState<string | null>(null);
  const show = (event: FormEvent) => {
    event.preventDefault();
    setId(typed.trim());
  };
  return (
    <Card>
      <h2>{t.one}</h2>
      <form className={styles.enter} onSubmit={show}>
        <label className={styles.field}>
          {t.id}
          <input value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.target.value)} />
        </label>
        <Button type="submit" disabled={typed.trim() === ""}>
          {t.show}
        </Button>
      </form>
      {id !== null && <Timeline key={id} id={id} />}
    </Card>
  );
}
