// What the cards of this page are made of.
import { useState, type ReactNode } from "react";

import { ApiError } from "../api/client";
import { Button, Card, Note, Soft } from "../look/parts";
import { TraceNumber } from "../look/trace_number";
import { usePreferences } from "../settings/preferences";
import { useOpsText } from "../text/ops";
import { isRefused, useOperator, type Polled } from "./operator";
import styles from "./ops.module.css";
import { timeText } from "./units";

/** A card of what is polled: its rows, that there are none, or why what is shown is old. */
export function Shown<T>({ title, polled, none, children }: { title: string; polled: Polled<T>; none?: (data: T) => string | null; children: (data: T) => ReactNode }) {
  const t = useOpsText();
  const empty = polled.data !== null && none ? none(polled.data) : null;
  return (
    <Card className={styles.card}>
      <h2>{title}</h2>
      {polled.fault !== null && (
        <Note tone="bad" live>
          {t.stale}
          {polled.fault}
        </Note>
      )}
      {empty !== null && <Soft>{empty}</Soft>}
      {polled.data !== null && empty === null && children(polled.data)}
    </Card>
  );
}

export function Table({ heads, children }: { heads: readonly string[]; children: ReactNode }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export function When({ at }: { at: string }) {
  const { language } = usePreferences();
  return <time dateTime={at}>{timeText(language, at)}</time>;
}

/** What is done with a reason, which is recorded: one button for each way. */
export function Decide({ ways, done }: { ways: readonly { name: string; danger?: boolean; run: (why: string) => Promise<unknown> }[]; done: (name: string) => void }) {
  const t = useOpsText();
  const { refuse } = useOperator();
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const decide = async (name: string, run: (why: string) => Promise<unknown>) => {
    setBusy(true);
    try {
      await run(why.trim());
      done(name);
    } catch (error) {
      if (isRefused(error)) refuse();
      setFailed(error);
    }
    setBusy(false);
  };
  return (
    <>
      <div className={styles.enter}>
        <label className={styles.field}>
          {t.why}
          <input value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
        </label>
        {ways.map(({ name, danger, run }) => (
          <Button key={name} {...(danger && { weight: "danger" })} disabled={busy || why.trim() === ""} onClick={() => void decide(name, run)}>
            {name}
          </Button>
        ))}
      </div>
      {failed !== null && (
        <Note tone="bad" live>
          <p>{failed instanceof ApiError ? failed.message : t.failed}</p>
          <TraceNumber of={failed} />
        </Note>
      )}
    </>
  );
}
