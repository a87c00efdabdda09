// One take: on its way, or what it says about the voice. The address names a take of this browser or an upload.
import { useEffect, useState } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { useLoad } from "../api/load";
import { Deleting } from "../look/deleting";
import { Page } from "../look/page";
import { Button, ButtonLink, Note, Row, Soft } from "../look/parts";
import { TraceNumber } from "../look/trace_number";
import { clock, whenText } from "../look/time";
import { RecordingCard } from "../people/recording_card";
import { usePreferences } from "../settings/preferences";
import { deleteTake, getTake, takeOfUpload, updateTake, watchTakes, type LocalTake } from "../store/takes";
import { analysisHere } from "../sing/whole_take";
import { useText } from "../text";
import { learn, useUpload } from "../upload/life";
import { ProgressCard } from "../upload/progress_card";
import type { End } from "./evidence";
import { readReportJson, type Heard, type ReportJson } from "./report";
import { ReportView } from "./report_view";

/** undefined: still looked for. */
function useLocalTake(id: string): LocalTake | null | undefined {
  const [take, setTake] = useState<LocalTake | null>();
  useEffect(() => {
    let current = true;
    const look = async () => {
      const found = (await getTake(id)) ?? (await takeOfUpload(id)) ?? null;
      if (current) setTake(found);
    };
    void look();
    const stop = watchTakes(() => void look());
    return () => {
      current = false;
      stop();
    };
  }, [id]);
  return take;
}

async function serverReport(id: string): Promise<Heard> {
  const json = await answer(api.GET("/v1/uploads/{id}/report", { params: { path: { id } } }));
  return readReportJson(json as unknown as ReportJson);
}

async function deleteEverywhere(upload: string | null, take: string | null): Promise<void> {
  if (upload !== null)
    await answer(api.DELETE("/v1/uploads/{id}", { params: { path: { id: upload } } })).catch((error: unknown) => {
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 401)) throw error;
    });
  if (take !== null) await deleteTake(take);
}

/** The report of the server once there is one, or the one made here of a take that is not sent. */
function useHeard(upload: Schema["Upload"] | null, take: LocalTake | null) {
  const done = upload?.state === "COMPLETED";
  const here = !upload && take && !take.send && take.state === "recorded";
  const key = done ? `server ${upload.id} ${upload.version}` : here ? `here ${take.id}` : null;
  const [heard, again] = useLoad<Heard | null>(key, async () =>
    done ? serverReport(upload.id) : take ? analysisHere(take.id) : null,
  );
  return { heard, again, asked: key !== null };
}

function Result({ take, upload }: { take: LocalTake | null; upload: Schema["Upload"] | null }) {
  const t = useText();
  const { mode } = usePreferences();
  const { heard, again, asked } = useHeard(upload, take);
  const onStruck = async (struck: End[]) => {
    if (take) await updateTake(take.id, { struck });
    if (upload) learn(await answer(api.PATCH("/v1/uploads/{id}", { params: { path: { id: upload.id } }, body: { struck } })));
  };
  const done = upload?.state === "COMPLETED";
  const stays = mode === "device" && upload === null && take?.send === false;
  return (
    <>
      <p className="visually-hidden" role="status">
        {done && t.upload.steps.done}
      </p>
      {!done && !stays && <ProgressCard take={take} upload={upload} />}
      {heard.state === "failed" && (
        <Note tone="bad" live>
          <p>{t.results.loadFailed}</p>
          <TraceNumber of={heard.error} />
          <Button onClick={again}>{t.common.retry}</Button>
        </Note>
      )}
      {asked && heard.state === "loading" && !heard.data && <Soft>{t.common.loading}</Soft>}
      {heard.data && (
        <>
          {!upload && <Soft>{t.results.onDevice}</Soft>}
          <Row>
            <ButtonLink href="/songs" weight="primary">
              {t.results.toSongs}
            </ButtonLink>
            <ButtonLink href="/sing">{t.results.singAgain}</ButtonLink>
          </Row>
          {done && <RecordingCard id={upload.id} />}
          <ReportView heard={heard.data} take={take?.id ?? null} struck={upload?.struck ?? take?.struck ?? []} onStruck={onStruck} />
        </>
      )}
    </>
  );
}

export function TakePage({ id }: { id: string }) {
  const t = useText();
  const { language } = usePreferences();
  const take = useLocalTake(id);
  const uploadId = take === undefined ? null : take ? take.uploadId : id;
  const known = useUpload(uploadId);
  const upload = known === "missing" ? null : known;
  if (take === null && known === "missing")
    return (
      <Page title={t.results.notFound}>
        <Row>
          <ButtonLink href="/takes">{t.results.allTakes}</ButtonLink>
        </Row>
      </Page>
    );
  const when = take ? take.startedAt : upload ? upload.created : null;
  const title = take ? t.results.kinds[take.kind] : t.results.serverTake;
  const lead = when === null ? undefined : `${whenText(language, when)}${take && take.durationSeconds > 0 ? ` · ${clock(take.durationSeconds)}` : ""}`;
  const there = take !== undefined && (uploadId === null || known !== null);
  return (
    <Page title={title} {...(lead !== undefined && { lead })}>
      {there ? <Result take={take} upload={upload} /> : <Soft>{t.common.loading}</Soft>}
      {there && (
        <Row>
          <Deleting
            label={t.results.deleteTake}
            title={t.results.deleteTitle}
            text={t.results.deleteText}
            failed={t.results.deleteFailed}
            remove={() => deleteEverywhere(upload?.id ?? null, take?.id ?? null)}
            to="/takes"
          />
          <ButtonLink href="/takes">{t.results.allTakes}</ButtonLink>
        </Row>
      )}
    </Page>
  );
}
