// For who runs the server: what is there at a glance, what was given up, and what to do about it. The token lives
// in this page's memory only; a reload asks for it again.
import { useCallback, useMemo, useState, type FormEvent } from "react";

import { answer, api } from "../api/client";
import { Page } from "../look/page";
import { Button, Card, Note, Row, Soft, Stack } from "../look/parts";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { useOpsText } from "../text/ops";
import { Memory, Queues, States } from "./glance";
import { DeadLetters, Decisions } from "./letters";
import { by, isRefused, OperatorContext, usePolled } from "./operator";
import styles from "./ops.module.css";
import { Alerts, Lag } from "./outside";
import { OneUpload } from "./timeline";
import { timeText } from "./units";
import { Uploads } from "./uploads";

function Enter({ said, onToken }: { said: string | null; onToken: (token: string) => void }) {
  const t = useOpsText();
  const { common } = useText();
  const [typed, setTyped] = useState("");
  const [failed, setFailed] = useState(said);
  const enter = (event: FormEvent) => {
    event.preventDefault();
    const token = typed.trim();
    answer(api.GET("/v1/ops/overview", by(token))).then(
      () => onToken(token),
      (error: unknown) => setFailed(isRefused(error) ? t.wrongToken : common.offline),
    );
  };
  return (
    <Card>
      <form className={styles.enter} onSubmit={enter}>
        <label className={styles.field}>
          {t.token}
          <input type="password" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </label>
        <Button type="submit" weight="primary" disabled={typed.trim() === ""}>
          {t.enter}
        </Button>
      </form>
      <Soft small>{t.tokenHelp}</Soft>
      {failed !== null && (
        <Note tone="bad" live>
          {failed}
        </Note>
      )}
    </Card>
  );
}

function Board({ live, setLive, leave }: { live: boolean; setLive: (live: boolean) => void; leave: () => void }) {
  const t = useOpsText();
  const { language } = usePreferences();
  const [decided, setDecided] = useState(0);
  const [overview] = usePolled("overview", (token) => answer(api.GET("/v1/ops/overview", by(token))));
  return (
    <Stack>
      <Row>
        <label className={styles.check}>
          <input type="checkbox" checked={live} onChange={(event) => setLive(event.target.checked)} />
          {t.refresh}
        </label>
        <Soft small>{overview.data && t.asOf(timeText(language, overview.data.at))}</Soft>
        <Button weight="plain" onClick={leave}>
          {t.leave}
        </Button>
      </Row>
      <div className={styles.cards}>
        <Alerts />
        <Queues overview={overview} />
        <States overview={overview} />
        <Stack>
          <Memory overview={overview} />
          <Lag />
        </Stack>
      </div>
      <DeadLetters onDecided={() => setDecided((n) => n + 1)} />
      <Decisions round={decided} />
      <Uploads />
      <OneUpload />
    </Stack>
  );
}

export default function OpsPage() {
  const t = useOpsText();
  const [token, setToken] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [live, setLive] = useState(true);
  const refuse = useCallback(() => {
    setSaid(t.refused);
    setToken(null);
  }, [t]);
  const leave = () => {
    setSaid(null);
    setToken(null);
  };
  const operator = useMemo(() => ({ token: token ?? "", live, refuse }), [token, live, refuse]);
  return (
    <Page title={t.title} wide>
      {token === null ? (
        <Enter said={said} onToken={setToken} />
      ) : (
        <OperatorContext value={operator}>
          <Board live={live} setLive={setLive} leave={leave} />
        </OperatorContext>
      )}
    </Page>
  );
}
