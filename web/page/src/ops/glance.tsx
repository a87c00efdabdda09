// States, queues and memory: what GET /v1/ops/overview says.
import type { Schema } from "../api/client";
import { Progress, Soft } from "../look/parts";
import { usePreferences } from "../settings/preferences";
import { useOpsText } from "../text/ops";
import type { Polled } from "./operator";
import styles from "./ops.module.css";
import { Shown, Table } from "./parts";
import { mebibytes, secondsBetween, span } from "./units";

type Overview = Schema["Overview"];

export const states: readonly Schema["State"][] = [
  "PENDING", "UPLOADED", "AUDIO_CONVERTING", "AUDIO_CONVERTED", "VOICE_ANALYSIS_PENDING", "VOICE_ANALYZING",
  "VOICE_ANALYZED", "IMAGE_OPTIMIZING", "THUMBNAIL_GENERATING", "COMPLETED", "FAILED", "EXPIRED",
];

/** Where nothing more happens by itself. */
export const ends: readonly Schema["State"][] = ["COMPLETED", "FAILED", "EXPIRED"];

export function States({ overview }: { overview: Polled<Overview> }) {
  const t = useOpsText();
  const { language } = usePreferences();
  return (
    <Shown title={t.states} polled={overview}>
      {({ at, uploads }) => (
        <Table heads={[t.state, t.count, t.oldest]}>
          {states.map((state) => {
            const kinds = uploads.filter((one) => one.state === state);
            const oldest = ends.includes(state) ? undefined : kinds.map((one) => one.oldest).sort()[0];
            return (
              <tr key={state}>
                <th scope="row">
                  {state}
                  <span>{kinds.map(({ kind, count }) => `${kind} ${count}`).join(" · ")}</span>
                </th>
                <td>{kinds.reduce((sum, one) => sum + one.count, 0)}</td>
                <td>{oldest !== undefined && span(language, secondsBetween(oldest, at))}</td>
              </tr>
            );
          })}
        </Table>
      )}
    </Shown>
  );
}

export function Queues({ overview }: { overview: Polled<Overview> }) {
  const t = useOpsText();
  const { language } = usePreferences();
  return (
    <Shown title={t.queues} polled={overview}>
      {({ at, stages, events }) => (
        <>
          <Table heads={[t.stage, t.waiting, t.running, t.age]}>
            {stages.map(({ stage, waiting, running, due }) => (
              <tr key={stage}>
                <th scope="row">{stage}</th>
                <td>{waiting}</td>
                <td>{running}</td>
                <td>{due !== null && span(language, secondsBetween(due, at))}</td>
              </tr>
            ))}
          </Table>
          <Soft small>{t.unpublished(events.unpublished)}</Soft>
        </>
      )}
    </Shown>
  );
}

export function Memory({ overview }: { overview: Polled<Overview> }) {
  const t = useOpsText();
  const { language } = usePreferences();
  return (
    <Shown title={t.memory} polled={overview} none={({ devices }) => (devices.length === 0 ? t.noMemory : null)}>
      {({ devices }) => (
        <ul className={styles.lines}>
          {devices.map((one) => (
            <li key={one.name} className={styles.line}>
              <strong>{one.name}</strong>
              <Progress value={one.budget > 0 ? one.granted / one.budget : 0} label={one.name} />
              <span>{t.granted(mebibytes(language, one.granted), mebibytes(language, one.budget))}</span>
              <span>
                {one.waiting_jobs === 0
                  ? t.nobodyWaits
                  : t.wanted(one.waiting_jobs, mebibytes(language, one.waiting), span(language, one.oldest_wait_seconds))}
              </span>
              {one.ran_out > 0 && <span>{t.ranOut(one.ran_out)}</span>}
            </li>
          ))}
        </ul>
      )}
    </Shown>
  );
}
