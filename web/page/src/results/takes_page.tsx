// All takes of this person: those of this browser and those of the server, each once, newest first.
import { useCallback, useEffect, useState } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { Page } from "../look/page";
import { Button, ButtonLink, cx, Note, Row, Soft } from "../look/parts";
import { clock, whenText } from "../look/time";
import { Link } from "../router";
import { usePreferences } from "../settings/preferences";
import { interruptedTakes, listTakes, recoverTake, watchTakes, type LocalTake } from "../store/takes";
import { useText } from "../text";
import { watchUploads } from "../upload/life";
import { stepFor } from "../upload/steps";
import styles from "./results.module.css";

type Upload = Schema["Upload"];
export interface TakeRow {
  id: string;
  when: number;
  take: LocalTake | null;
  upload: Upload | null;
}

export function rowsOf(takes: readonly LocalTake[], uploads: readonly Upload[]): TakeRow[] {
  const local = new Map(takes.map((take) => [take.uploadId, take]));
  const rows: TakeRow[] = uploads.map((upload) => {
    const take = local.get(upload.id) ?? null;
    return { id: take?.id ?? upload.id, when: take?.startedAt ?? Date.parse(upload.created), take, upload };
  });
  const sent = new Set(uploads.map((upload) => upload.id));
  for (const take of takes)
    if (take.uploadId === null || !sent.has(take.uploadId)) rows.push({ id: take.id, when: take.startedAt, take, upload: null });
  return rows.sort((a, b) => b.when - a.when);
}

/** Pages of uploads as they were asked for; without a session there are none. */
function useUploads() {
  const [uploads, setUploads] = useState<Upload[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const load = useCallback(async (cursor: string | null) => {
    try {
      const query = { kind: "take" as const, ...(cursor !== null && { cursor }) };
      const page = await answer(api.GET("/v1/uploads", { params: { query } }));
      setUploads((before) => (cursor === null ? page.items : [...(before ?? []), ...page.items]));
      setNext(page.next);
      setFailed(false);
      return true;
    } catch (error) {
      const none = error instanceof ApiError && error.status === 401;
      if (none) setUploads([]);
      else setFailed(true);
      return false;
    }
  }, []);
  useEffect(() => {
    let stop: (() => void) | null = null;
    let left = false;
    void load(null).then((known) => {
      if (known && !left) stop = watchUploads(() => void load(null));
    });
    return () => {
      left = true;
      stop?.();
    };
  }, [load]);
  return { uploads, failed, more: next === null ? null : () => void load(next), again: () => void load(null) };
}

function useTakes(): { takes: LocalTake[] | null; interrupted: ReadonlySet<string> } {
  const [takes, setTakes] = useState<LocalTake[] | null>(null);
  const [interrupted, setInterrupted] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const look = async () => {
      setTakes(await listTakes());
      setInterrupted(new Set((await interruptedTakes()).map((take) => take.id)));
    };
    void look();
    return watchTakes(() => void look());
  }, []);
  return { takes, interrupted };
}

function Line({ row, interrupted }: { row: TakeRow; interrupted: boolean }) {
  const t = useText();
  const { language } = usePreferences();
  const { take, upload } = row;
  const step = upload ? stepFor(upload.state) : null;
  const state = step ? t.upload.steps[step] : take?.send ? t.upload.steps.sending : t.upload.phase.kept;
  const length = take && take.durationSeconds > 0 ? ` · ${clock(take.durationSeconds)}` : "";
  return (
    <li>
      <Link href={`/takes/${row.id}`} className={styles.takeLink}>
        <span className={styles.takeWhat}>
          {take ? t.results.kinds[take.kind] : t.results.serverTake}
          <span className={styles.takeWhen}>
            {whenText(language, row.when)}
            {length}
          </span>
        </span>
        <span className={cx(styles.badge, step === "done" && styles.good, (step === "failed" || step === "expired") && styles.bad)}>
          {interrupted ? t.results.interrupted : state}
        </span>
      </Link>
      {interrupted && <Button onClick={() => void recoverTake(row.id)}>{t.results.recover}</Button>}
    </li>
  );
}

export function TakesPage() {
  const t = useText();
  const { takes, interrupted } = useTakes();
  const { uploads, failed, more, again } = useUploads();
  const rows = rowsOf(takes ?? [], uploads ?? []);
  const loading = takes === null || (uploads === null && !failed);
  return (
    <Page title={t.results.takesTitle}>
      {failed && (
        <Note tone="warn" live>
          <p>{t.common.offline}</p>
          <Button onClick={again}>{t.common.retry}</Button>
        </Note>
      )}
      {loading && <Soft>{t.common.loading}</Soft>}
      {!loading && rows.length === 0 && <Soft>{t.results.takesEmpty}</Soft>}
      <ul className={styles.takes}>
        {rows.map((row) => (
          <Line key={row.id} row={row} interrupted={interrupted.has(row.id)} />
        ))}
      </ul>
      <Row>
        {more && <Button onClick={more}>{t.results.more}</Button>}
        <ButtonLink href="/sing" weight="primary">
          {t.common.sing}
        </ButtonLink>
      </Row>
    </Page>
  );
}
