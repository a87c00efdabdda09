// One page for coming back and for beginning: an address, a password, and what becomes of this browser's takes.
import { useState, type FormEvent } from "react";

import { answer, api } from "../api/client";
import { useServer } from "../api/session";
import { Page } from "../look/page";
import { Button, Card, Choice, Note, Soft } from "../look/parts";
import { navigate } from "../router";
import { ConsentCard } from "../sing/consent";
import { useText } from "../text";
import { forgetUploads } from "../upload/life";
import { faultText } from "./faults";
import { Field, PasswordField } from "./field";
import styles from "./account.module.css";

type Way = "in" | "up";

function CredentialsForm({ way, brings }: { way: Way; brings: boolean }) {
  const t = useText();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    const body = { email: email.trim(), password };
    try {
      await answer(way === "in" ? api.POST("/v1/sign-in", { body }) : api.POST("/v1/account", { body }));
      forgetUploads(); // this browser is somebody else now
      navigate("/takes");
    } catch (error) {
      setFault(faultText(t, error));
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void send(event)}>
      <Field
        label={t.account.email}
        {...(way === "up" && { help: t.account.emailHelp })}
        type="text" // type="email" would rewrite the domain, in each browser in its own way
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField
        label={t.account.password}
        {...(way === "up" && { help: t.account.passwordHelp })}
        fresh={way === "up"}
        value={password}
        onChange={setPassword}
      />
      {fault !== null && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {way === "up" ? <Soft small>{t.account.keepsAll}</Soft> : brings && <Soft small>{t.account.bringsAll}</Soft>}
      <Button type="submit" weight="primary" disabled={busy}>
        {way === "in" ? t.account.signIn : t.account.signUp}
      </Button>
    </form>
  );
}

export function SignInPage() {
  const t = useText();
  const [way, setWay] = useState<Way>("in");
  const [server, again] = useServer(true);
  const there = server.state === "there";
  return (
    <Page title={t.account.title} lead={t.account.lead}>
      <Card>
        <Choice
          legend={t.account.which}
          name="way"
          value={way}
          options={(["in", "up"] as const).map((value) => ({ value, label: t.account.ways[value] }))}
          onChange={setWay}
        />
        {server.state === "away" && (
          <Note tone="bad" live>
            {t.common.offline}
          </Note>
        )}
        {(way === "in" || (there && server.consented)) && <CredentialsForm key={way} way={way} brings={there && server.guest} />}
      </Card>
      {way === "up" && there && !server.consented && (
        <>
          <p>{t.account.agreeFirst}</p>
          <ConsentCard about={server.about} label={t.account.agree} onAgreed={again} onOutdated={again} />
        </>
      )}
    </Page>
  );
}
