// Who sees an album: for its owner.
import { useState } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { Button, Card, Choice, Note, Row, Soft } from "../look/parts";
import { useText } from "../text";
import type { WholeAlbum } from "./data";
import { Field } from "./field";
import { NicknameNeeded } from "./recording_card";

type State = Schema["AlbumState"];
const states = ["draft", "unlisted", "published"] as const;

function GivenLink({ url }: { url: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  return (
    <>
      <Field label={t.people.link} help={t.people.linkOnce}>
        <input readOnly value={url} onFocus={(event) => event.target.select()} />
      </Field>
      <Row>
        <Button onClick={() => void navigator.clipboard.writeText(url).then(() => setCopied(true))}>{t.people.copy}</Button>
        {copied && <Note tone="good" live>{t.people.copied}</Note>}
      </Row>
    </>
  );
}

export function AlbumSharing({ album, onChanged }: { album: WholeAlbum; onChanged: () => void }) {
  const t = useText();
  const [state, setState] = useState(album.state);
  const [link, setLink] = useState<string | null>(null);
  const [fault, setFault] = useState<"nickname" | "failed" | null>(null);
  const change = async (wanted: State) => {
    const before = state;
    setFault(null);
    setState(wanted);
    try {
      const now = await answer(api.PUT("/v1/albums/{id}/state", { params: { path: { id: album.id } }, body: { state: wanted } }));
      setLink(now.link);
      onChanged();
    } catch (error) {
      setState(before);
      setFault(error instanceof ApiError && error.code === "nickname_needed" ? "nickname" : "failed");
    }
  };
  return (
    <Card>
      <h2>{t.people.sharing}</h2>
      <Choice
        legend={t.people.sharing}
        name="state"
        value={state}
        options={states.map((value) => ({ value, label: t.people.states[value] }))}
        onChange={(wanted) => void change(wanted)}
      />
      <Soft>{t.people.stateHelp[state]}</Soft>
      {state === "unlisted" && link !== null && <GivenLink url={`${location.origin}/albums/${album.id}?link=${link}`} />}
      {state === "unlisted" && link === null && (
        <>
          <Soft>{t.people.linkGiven}</Soft>
          <Row>
            <Button onClick={() => void change("unlisted")}>{t.people.newLink}</Button>
          </Row>
        </>
      )}
      {fault === "nickname" && <NicknameNeeded />}
      {fault === "failed" && <Note tone="bad" live>{t.people.saveFailed}</Note>}
    </Card>
  );
}
