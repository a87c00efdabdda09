// The account in the settings: who is signed in, with which password, and where.
import { useState, type FormEvent } from "react";

import { answer, api, type Schema } from "../api/client";
import { useLoad } from "../api/load";
import { Button, ButtonLink, Card, Note, Row, Soft } from "../look/parts";
import { whenText } from "../look/time";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { forgetUploads } from "../upload/life";
import { faultText } from "./faults";
import { PasswordField } from "./field";
import styles from "./account.module.css";

function ChangePassword({ onChanged }: { onChanged: () => void }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [told, setTold] = useState<{ tone: "good" | "bad"; text: string } | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTold(null);
    try {
      await answer(api.PUT("/v1/account/password", { body: { current, password } }));
      forgetUploads();
      setOpen(false);
      setCurrent("");
      setPassword("");
      setTold({ tone: "good", text: t.account.changed });
      onChanged();
    } catch (error) {
      setTold({ tone: "bad", text: faultText(t, error) });
    }
  };
  return (
    <>
      {open ? (
        <form className={styles.form} onSubmit={(event) => void send(event)}>
          <PasswordField label={t.account.currentPassword} value={current} onChange={setCurrent} />
          <PasswordField label={t.account.newPassword} help={t.account.passwordHelp} fresh value={password} onChange={setPassword} />
          <Row>
            <Button type="submit" weight="primary">
              {t.account.changePassword}
            </Button>
            <Button onClick={() => setOpen(false)}>{t.common.cancel}</Button>
          </Row>
        </form>
      ) : (
        <Row>
          <Button onClick={() => setOpen(true)}>{t.account.changePassword}</Button>
        </Row>
      )}
      {told && (
        <Note tone={told.tone} live>
          {told.text}
        </Note>
      )}
    </>
  );
}

function Sessions() {
  const t = useText();
  const { language } = usePreferences();
  const [loaded, again] = useLoad("sessions", () => answer(api.GET("/v1/sessions")));
  const [fault, setFault] = useState<string | null>(null);
  const end = async (call: Promise<unknown>) => {
    setFault(null);
    try {
      await call;
    } catch (error) {
      setFault(faultText(t, error));
    }
    again();
  };
  const items = loaded.data?.items ?? [];
  const endOne = ({ id }: Schema["OpenSession"]) => end(answer(api.DELETE("/v1/sessions/{id}", { params: { path: { id } } })));
  return (
    <>
      <h3>{t.account.sessions}</h3>
      <ul className={styles.sessions}>
        {items.map((session) => (
          <li key={session.id}>
            <div>
              <div>{t.account.since(whenText(language, session.since))}</div>
              <Soft small>{session.this_one ? t.account.thisOne : t.account.seen(whenText(language, session.seen))}</Soft>
            </div>
            {!session.this_one && (
              <Button aria-label={`${t.account.end}: ${t.account.since(whenText(language, session.since))}`} onClick={() => void endOne(session)}>
                {t.account.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {items.length > 1 && (
        <Row>
          <Button onClick={() => void end(answer(api.DELETE("/v1/sessions")))}>{t.account.endOthers}</Button>
        </Row>
      )}
      {(fault !== null || loaded.state === "failed") && (
        <Note tone="bad" live>
          {fault ?? t.account.faults.other}
        </Note>
      )}
    </>
  );
}

/** account: null of a guest. */
export function AccountCard({ account }: { account: Schema["Account"] | null }) {
  const t = useText();
  const [changes, setChanges] = useState(0);
  return (
    <Card>
      <h2>{t.account.card}</h2>
      {account ? (
        <>
          <p className={styles.name}>
            {t.account.signedInAs} <strong>{account.email}</strong>
          </p>
          <ChangePassword onChanged={() => setChanges((n) => n + 1)} />
          <Sessions key={changes} />
        </>
      ) : (
        <>
          <Soft>{t.account.guest}</Soft>
          <Row>
            <ButtonLink href="/sign-in">{t.account.toSignIn}</ButtonLink>
          </Row>
        </>
      )}
    </Card>
  );
}
