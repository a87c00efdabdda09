// What was given up, what to do about it, and what was done.
import { useRef, useState } from "react";

import { answer, api, type Schema } from "../api/client";
import { Button, Card, Note, Row, Soft } from "../look/parts";
import { useOpsText } from "../text/ops";
import { by, useOperator, usePolled } from "./operator";
import styles from "./ops.module.css";
import { Decide, Shown, When } from "./parts";
import { Timeline } from "./timeline";

function Letter({ letter, done }: { letter: Schema["DeadLetter"]; done: (name: string) => void }) {
  const t = useOpsText();
  const { token } = useOperator();
  const [open, setOpen] = useState(false);
  const options = (why: string) => ({ params: { path: { id: letter.id } }, body: { why }, ...by(token) });
  const ways = [
    { name: t.replay, run: (why: string) => answer(api.POST("/v1/ops/dead-letters/{id}/replay", options(why))) },
    { name: t.discard, danger: true, run: (why: string) => answer(api.POST("/v1/ops/dead-letters/{id}/discard", options(why))) },
  ];
  return (
    <li className={styles.line}>
      <code>{letter.upload}</code>
      <strong>
        {letter.stage}: {letter.code}
      </strong>
      <span>{letter.detail}</span>
      <span>
        {t.attempts(letter.attempts)} · <When at={letter.at} /> · {t.trace} <code>{letter.trace_id ?? ""}</code>
      </span>
      <Decide ways={ways} done={done} />
      <Row>
        <Button weight="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t.history}
        </Button>
      </Row>
      {open && <Timeline id={letter.upload} />}
    </li>
  );
}

export function DeadLetters({ onDecided }: { onDecided: () => void }) {
  const t = useOpsText();
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [{ data, fault }, again] = usePolled("letters", (token) => answer(api.GET("/v1/ops/dead-letters", by(token))));
  const done = (name: string) => {
    setSaid(name === t.replay ? t.replayed : t.discarded);
    heading.current?.focus(); // the line with the button goes
    again();
    onDecided();
  };
  return (
    <Card>
      <h2 ref={heading} tabIndex={-1}>
        {t.deadLetters}
      </h2>
      <Soft small>{t.whyHelp}</Soft>
      {said !== null && (
        <Note tone="good" live>
          {said}
        </Note>
      )}
      {fault !== null && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {data?.items.length === 0 && <Soft>{t.noDeadLetters}</Soft>}
      <ul className={styles.lines}>
        {data?.items.map((letter) => (
          <Letter key={letter.id} letter={letter} done={done} />
        ))}
      </ul>
    </Card>
  );
}

/** The audit trail. round: raised when something was decided here. */
export function Decisions({ round }: { round: number }) {
  const t = useOpsText();
  const [polled] = usePolled(`decisions ${round}`, (token) =>
    answer(api.GET("/v1/ops/decisions", { params: { query: { limit: 20 } }, ...by(token) })),
  );
  return (
    <Shown title={t.decisions} polled={polled} none={({ items }) => (items.length === 0 ? t.noDecisions : null)}>
      {({ items }) => (
        <ul className={styles.lines}>
          {items.map(({ at, who, why, action, job, stage, code }) => (
            <li key={`${job} ${at}`} className={styles.line}>
              <strong>
                {who}: {action}
              </strong>
              <span>{why}</span>
              <span>
                {stage}: {code} · <When at={at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Shown>
  );
}
