// One's nickname, and what one's page shows: a part of the settings.
import { useEffect, useState, type FormEvent } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { useLoad } from "../api/load";
import { Button, ButtonLink, Card, Note, Row, Soft } from "../look/parts";
import { useText } from "../text";
import { Field } from "./field";
import styles from "./people.module.css";

type Profile = Schema["OwnProfile"];
const items = ["range", "tessitura", "colour", "recordings"] as const;
const empty: Omit<Profile, "since"> = { nickname: "", introduction: "", shows: { range: false, tessitura: false, colour: false, recordings: false } };

/** null: without a session; the empty one: no nickname yet. */
async function ownProfile(): Promise<Omit<Profile, "since"> | null> {
  try {
    return await answer(api.GET("/v1/me/profile"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    if (error instanceof ApiError && error.code === "no_profile") return empty;
    throw error;
  }
}

type Told = "saved" | "failed" | "nickname_taken" | "bad_field" | null;
const toldOf = (error: unknown): Told =>
  error instanceof ApiError && (error.code === "nickname_taken" || error.code === "bad_field") ? error.code : "failed";

function Form({ first }: { first: Omit<Profile, "since"> }) {
  const t = useText();
  const [profile, setProfile] = useState(first);
  const [kept, setKept] = useState(first.nickname);
  const [told, setTold] = useState<Told>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTold(null);
    try {
      const { nickname, introduction, shows } = profile;
      const now = await answer(api.PUT("/v1/me/profile", { body: { nickname: nickname.trim(), introduction, shows } }));
      setProfile(now);
      setKept(now.nickname);
      setTold("saved");
    } catch (error) {
      setTold(toldOf(error));
    }
  };
  const fault = told === "nickname_taken" ? t.people.nicknameTaken : told === "bad_field" ? t.people.nicknameBad : null;
  return (
    <form className={styles.form} onSubmit={(event) => void save(event)}>
      <Field label={t.people.nickname} help={t.people.nicknameHelp} fault={fault}>
        <input
          value={profile.nickname}
          maxLength={40}
          autoComplete="nickname"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setProfile({ ...profile, nickname: event.target.value })}
        />
      </Field>
      <Field label={t.people.introduction}>
        <textarea
          rows={3}
          maxLength={300}
          value={profile.introduction}
          onChange={(event) => setProfile({ ...profile, introduction: event.target.value })}
        />
      </Field>
      <fieldset className={styles.ticks}>
        <legend>{t.people.shows}</legend>
        {items.map((item) => (
          <label key={item} className={styles.tick}>
            <input
              type="checkbox"
              checked={profile.shows[item]}
              onChange={(event) => setProfile({ ...profile, shows: { ...profile.shows, [item]: event.target.checked } })}
            />
            {t.people.items[item]}
          </label>
        ))}
      </fieldset>
      <Row>
        <Button type="submit" weight="primary">
          {t.people.save}
        </Button>
        {kept !== "" && <ButtonLink href={`/people/${encodeURIComponent(kept)}`}>{t.people.toYourPage}</ButtonLink>}
      </Row>
      {told === "saved" && <Note tone="good" live>{t.people.saved}</Note>}
      {told === "failed" && <Note tone="bad" live>{t.people.saveFailed}</Note>}
    </form>
  );
}

export function ProfileCard() {
  const t = useText();
  const [loaded, again] = useLoad("own profile", ownProfile);
  useEffect(() => {
    if (loaded.state !== "failed") return undefined;
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [loaded.state, again]);
  return (
    <Card>
      <h2>{t.people.yourPage}</h2>
      <Soft>{t.people.yourPageLead}</Soft>
      {loaded.state === "failed" && <Note tone="warn" live>{t.common.offline}</Note>}
      {loaded.state === "ready" && loaded.data === null && <Soft>{t.people.noSession}</Soft>}
      {loaded.state === "ready" && loaded.data !== null && <Form first={loaded.data} />}
    </Card>
  );
}
