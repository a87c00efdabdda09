import { useState, type ReactNode } from "react";

import { AccountCard } from "../account/account_card";
import { answer, api, ApiError } from "../api/client";
import { useLoad } from "../api/load";
import { Page } from "../look/page";
import { Button, ButtonLink, Card, Choice, Dialog, DownloadLink, Note, Row, Soft, type Weight } from "../look/parts";
import { TraceNumber } from "../look/trace_number";
import { ProfileCard } from "../people/profile_form";
import { forgetSaidHere } from "../songs/words_here";
import { deleteAllTakes } from "../store/takes";
import { languageNames, languages, useText } from "../text";
import { notations } from "../text/notation";
import { forgetUploads } from "../upload/life";
import { choose, usePreferences } from "./preferences";

/** Without a session there is nothing to end or delete there. */
async function leave(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  });
  forgetUploads();
}
const signOut = () => leave(answer(api.DELETE("/v1/session")));
const deleteEverything = async () => {
  await leave(answer(api.DELETE("/v1/me")));
  await deleteAllTakes();
  forgetSaidHere();
};

interface LeavingProps {
  weight: Weight;
  label: string;
  title: string;
  confirm: string;
  done: string;
  act: () => Promise<void>;
  children: ReactNode;
}

/** What cannot be taken back asks first, and says what goes. */
function Leaving({ weight, label, title, confirm, done, act, children }: LeavingProps) {
  const t = useText();
  const [asked, setAsked] = useState(false);
  const [told, setTold] = useState<"done" | { failed: unknown } | null>(null);
  const go = async () => {
    setTold(null);
    try {
      await act();
      setAsked(false);
      setTold("done");
    } catch (failed) {
      setTold({ failed });
    }
  };
  return (
    <>
      <Button weight={weight} onClick={() => setAsked(true)}>
        {label}
      </Button>
      {told === "done" && (
        <Note tone="good" live>
          {done}
        </Note>
      )}
      <Dialog
        open={asked}
        title={title}
        onClose={() => setAsked(false)}
        actions={
          <>
            <Button weight="danger" onClick={() => void go()}>
              {confirm}
            </Button>
            <Button onClick={() => setAsked(false)}>{t.common.cancel}</Button>
          </>
        }
      >
        {children}
        {told !== null && told !== "done" && (
          <Note tone="bad" live>
            <p>{t.settings.failed}</p>
            <TraceNumber of={told.failed} />
          </Note>
        )}
      </Dialog>
    </>
  );
}

export function SettingsPage() {
  const t = useText();
  const { language, notation, mode } = usePreferences();
  const [session, again] = useLoad(mode === "server" ? "session" : null, () => answer(api.GET("/v1/session")));
  const account = session.data?.account ?? null;
  return (
    <Page title={t.common.settings}>
      <Card>
        <h2>{t.common.language}</h2>
        <Choice
          legend={t.common.language}
          name="language"
          value={language}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChange={(value) => choose({ language: value })}
        />
        <h2>{t.settings.notation}</h2>
        <Choice
          legend={t.settings.notation}
          name="notation"
          value={notation}
          options={notations.map((value) => ({ value, label: t.settings.notations[value] }))}
          onChange={(value) => choose({ notation: value })}
        />
      </Card>
      <Card>
        <h2>{t.settings.mode}</h2>
        <Choice
          legend={t.settings.mode}
          name="mode"
          value={mode}
          options={(["server", "device"] as const).map((value) => ({ value, label: t.settings.modes[value] }))}
          onChange={(value) => choose({ mode: value })}
        />
        <Soft>{t.settings.modeHelp[mode]}</Soft>
      </Card>
      {mode === "server" && session.data && <AccountCard account={account} />}
      {mode === "server" && <ProfileCard />}
      <Card>
        <h2>{t.settings.yourData}</h2>
        <Row>
          <ButtonLink href="/takes">{t.common.takes}</ButtonLink>
          <ButtonLink href="/privacy">{t.settings.toPrivacy}</ButtonLink>
          {mode === "server" && <DownloadLink href="/v1/me/export">{t.settings.exportAll}</DownloadLink>}
        </Row>
        <Row>
          <Leaving weight="quiet" label={t.settings.signOut} title={t.settings.signOutTitle} confirm={t.settings.signOut} done={t.settings.signedOut} act={() => signOut().then(again)}>
            <p>{account ? t.settings.signOutOfAccount : t.settings.signOutText}</p>
          </Leaving>
          <Leaving weight="danger" label={t.settings.deleteAll} title={t.settings.deleteAllTitle} confirm={t.settings.yes} done={t.settings.deleteAllDone} act={() => deleteEverything().then(again)}>
            <p>{t.settings.deleteAllText}</p>
            <ul>
              {[...t.settings.deleteAllGoes, ...(account ? [t.settings.deleteAllAccount] : [])].map((what) => (
                <li key={what}>– {what}</li>
              ))}
            </ul>
          </Leaving>
        </Row>
      </Card>
    </Page>
  );
}
