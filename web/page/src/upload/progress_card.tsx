// How far a take is on its way to a result, in a singer's words, and what can be done where it stands still.
import { answer, api, type Schema } from "../api/client";
import { Button, ButtonLink, Card, cx, Note, Progress as Bar, Row, Soft } from "../look/parts";
import { TraceNumber } from "../look/trace_number";
import styles from "../results/results.module.css";
import { usePreferences } from "../settings/preferences";
import type { LocalTake } from "../store/takes";
import { number, useText } from "../text";
import type { FailureCode } from "../text/upload";
import { learn } from "./life";
import { pauseTake, sendTake, useSending, type Sending } from "./sender";
import { failedAt, stepFor, steps, type Step } from "./steps";

type Upload = Schema["Upload"];

function Steps({ at, wrong }: { at: (typeof steps)[number]; wrong: boolean }) {
  const t = useText();
  const now = steps.indexOf(at);
  return (
    <ol className={styles.steps} aria-label={t.upload.stepsTitle}>
      {steps.map((step, index) => {
        const past = index < now || at === "done";
        const here = index === now && at !== "done";
        return (
          <li key={step} className={cx(past && styles.past, here && (wrong ? styles.wrong : styles.now))} {...(here && { "aria-current": "step" })}>
            {t.upload.steps[step]}
            {past && <span className="visually-hidden">({t.upload.stepDone})</span>}
          </li>
        );
      })}
    </ol>
  );
}

function Moving({ take, sending }: { take: string; sending: Exclude<Sending, { phase: "stopped" }> }) {
  const t = useText();
  const { language } = usePreferences();
  const mega = (bytes: number) => number(language, bytes / 1e6, 1);
  const share = sending.total > 0 ? sending.done / sending.total : 0;
  return (
    <>
      {sending.phase === "waiting" ? (
        <Note tone="warn" live>
          {t.upload.waiting[sending.why]}
        </Note>
      ) : (
        <Soft>{t.upload.phase[sending.phase]}</Soft>
      )}
      <Bar value={sending.phase === "finishing" ? null : share} label={t.upload.progress} />
      <Row>
        <Soft small>{t.upload.of(mega(sending.done), mega(sending.total))}</Soft>
        <Button onClick={() => void pauseTake(take)}>{t.upload.pause}</Button>
      </Row>
    </>
  );
}

function Standing({ take, sending }: { take: LocalTake; sending: Sending | null }) {
  const t = useText();
  const { mode } = usePreferences();
  const stopped = sending?.phase === "stopped" ? sending.reason : null;
  const again = stopped ? t.upload.sendAgain : take.uploadId ? t.upload.resume : t.upload.send;
  return (
    <>
      {stopped ? (
        <Note tone="bad" live>
          <p>{t.upload.stopped[stopped]}</p>
          <TraceNumber of={sending?.phase === "stopped" ? sending.traceId : null} />
        </Note>
      ) : (
        <Soft>{take.uploadId ? t.upload.phase.paused : t.upload.phase.kept}</Soft>
      )}
      <Row>
        {stopped === "no_session" && (
          <ButtonLink href="/sing" weight="primary">
            {t.upload.agree}
          </ButtonLink>
        )}
        {stopped !== "gone" && stopped !== "empty" && mode === "server" && (
          <Button weight={stopped === "no_session" ? "quiet" : "primary"} onClick={() => void sendTake(take.id)}>
            {again}
          </Button>
        )}
      </Row>
    </>
  );
}

function FailureNote({ upload, take }: { upload: Upload; take: LocalTake | null }) {
  const t = useText();
  const { failure } = upload;
  const redrive = async () =>
    learn(await answer(api.POST("/v1/uploads/{id}/redrive", { params: { path: { id: upload.id } } })));
  const why = failure ? (t.upload.failure[failure.code as FailureCode] ?? t.upload.failureUnknown) : t.upload.expiredWhy;
  return (
    <>
      <Note tone="bad" live>
        <p>{why}</p>
        <TraceNumber of={failure?.trace_id} />
      </Note>
      <Row>
        {failure?.can_redrive && (
          <Button weight="primary" onClick={() => void redrive().catch(() => undefined)}>
            {t.upload.redrive}
          </Button>
        )}
        {take && take.sizeBytes > 0 && (
          <Button onClick={() => void sendTake(take.id, "anew")}>{t.upload.sendAgain}</Button>
        )}
        <ButtonLink href="/sing">{t.results.singAgain}</ButtonLink>
      </Row>
    </>
  );
}

/** At which step it is; a paused or stopped take is on its way all the same. */
function place(upload: Upload | null): { step: Step; at: (typeof steps)[number] } {
  if (!upload) return { step: "sending", at: "sending" };
  const step = stepFor(upload.state);
  if (step === "failed") return { step, at: upload.failure ? failedAt(upload.failure.stage) : "arrived" };
  return { step, at: step === "expired" ? "sending" : step };
}

export function ProgressCard({ take, upload }: { take: LocalTake | null; upload: Upload | null }) {
  const t = useText();
  const sending = useSending(take?.id ?? null);
  const { step, at } = place(upload);
  const wrong = step === "failed" || step === "expired";
  const moving = sending !== null && sending.phase !== "stopped";
  return (
    <Card>
      <h2 aria-live="polite">{t.upload.steps[step]}</h2>
      {step === "sending" && take && moving && <Moving take={take.id} sending={sending} />}
      {step === "sending" && take && !moving && <Standing take={take} sending={sending} />}
      {wrong && upload && <FailureNote upload={upload} take={take} />}
      {(upload !== null || moving) && <Steps at={at} wrong={wrong} />}
    </Card>
  );
}
