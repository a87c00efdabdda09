// What others say: Alertmanager of alerts, the broker of how far behind its listeners are.
import { answer, api, type Schema } from "../api/client";
import { Note } from "../look/parts";
import { useOpsText } from "../text/ops";
import { by, usePolled } from "./operator";
import styles from "./ops.module.css";
import { Shown, Table, When } from "./parts";

function AlertLine({ alert }: { alert: Schema["Alert"] }) {
  const t = useOpsText();
  return (
    <li className={styles.line}>
      <strong>
        {alert.name} <small>{[alert.severity, alert.instance, alert.muted ? t.muted : ""].filter(Boolean).join(" · ")}</small>
      </strong>
      {alert.summary && <span>{alert.summary}</span>}
      {alert.action && <span>{alert.action}</span>}
      <span>
        {!Number.isNaN(Date.parse(alert.since)) && <When at={alert.since} />}
        {alert.runbook && (
          <>
            {" · "}
            <a href={alert.runbook} rel="noreferrer" target="_blank">
              {t.runbook}
            </a>
          </>
        )}
      </span>
    </li>
  );
}

export function Alerts() {
  const t = useOpsText();
  const [polled] = usePolled("alerts", (token) => answer(api.GET("/v1/ops/alerts", by(token))));
  const none = ({ configured, fault, items }: { configured: boolean; fault: string | null; items: unknown[] }) => {
    if (!configured) return t.noAlertmanager;
    return fault === null && items.length === 0 ? t.noAlerts : null;
  };
  return (
    <Shown title={t.alerts} polled={polled} none={none}>
      {({ fault, items }) => (
        <>
          {fault !== null && (
            <Note tone="bad" live>
              {fault}
            </Note>
          )}
          <ul className={styles.lines}>
            {items.map((alert) => (
              <AlertLine key={`${alert.name} ${alert.instance} ${alert.since}`} alert={alert} />
            ))}
          </ul>
        </>
      )}
    </Shown>
  );
}

/** By group and topic: one may have many partitions. */
function behind(items: readonly Schema["EventsLag"][]): [string, number][] {
  const sums = new Map<string, number>();
  for (const { group, topic, events } of items) {
    const name = `${group} · ${topic}`;
    sums.set(name, (sums.get(name) ?? 0) + events);
  }
  return [...sums];
}

export function Lag() {
  const t = useOpsText();
  const [polled] = usePolled("lag", (token) => answer(api.GET("/v1/ops/events/lag", by(token))));
  return (
    <Shown title={t.lag} polled={polled} none={({ items }) => (items.length === 0 ? t.noLag : null)}>
      {({ items }) => (
        <Table heads={[t.group, t.behind]}>
          {behind(items).map(([name, events]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{events}</td>
            </tr>
          ))}
        </Table>
      )}
    </Shown>
  );
}
