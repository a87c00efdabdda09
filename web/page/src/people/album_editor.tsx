// An album in the making, or being changed: words, cover, tracks.
import { useState, type FormEvent } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { useLoad } from "../api/load";
import { Page } from "../look/page";
import { Button, ButtonLink, Card, Note, Row, Soft } from "../look/parts";
import { navigate } from "../router";
import { FilePicker } from "../sing/file_picker";
import { languageNames, languages, useText } from "../text";
import { sendPicture } from "../upload/picture";
import { Cover } from "./cover";
import { allOf, useTitleOf, type Recording, type WholeAlbum } from "./data";
import { Field } from "./field";
import { TrackList } from "./track_list";
import styles from "./people.module.css";

const mostTracks = 10;

interface Draft {
  title: string;
  text: string;
  language: string;
  cover: string | null;
  /** Of the cover, as it is shown here. */
  coverUrl: string | null;
  tracks: Recording[];
}

const draftOf = (album: WholeAlbum | null, recordings: readonly Recording[]): Draft => ({
  title: album?.title ?? "",
  text: album?.text ?? "",
  language: album?.language ?? "",
  cover: album?.cover_upload ?? null,
  coverUrl: album?.cover?.thumbnail ?? null,
  tracks: (album?.tracks ?? []).flatMap(({ id }) => recordings.find((one) => one.id === id) ?? []),
});

function CoverField({ draft, seed, onChange }: { draft: Draft; seed: string; onChange: (change: Partial<Draft>) => void }) {
  const t = useText();
  const [state, setState] = useState<"sending" | "failed" | null>(null);
  const pick = async (file: File) => {
    setState("sending");
    const cover = await sendPicture(file, "album_cover").catch(() => null);
    setState(cover === null ? "failed" : null);
    if (cover !== null) onChange({ cover, coverUrl: URL.createObjectURL(file) });
  };
  return (
    <div className={styles.coverField}>
      <Cover seed={seed} url={draft.coverUrl} large />
      <div className={styles.form}>
        <h2>{t.people.cover}</h2>
        <Row>
          <FilePicker accept="image/png,image/jpeg,image/webp" label={t.people.coverPick} onPick={(file) => void pick(file)} />
          {draft.cover !== null && (
            <Button weight="plain" onClick={() => onChange({ cover: null, coverUrl: null })}>
              {t.people.coverDrop}
            </Button>
          )}
        </Row>
        <Soft small>{t.people.coverDrawn}</Soft>
        {state === "sending" && <Note tone="info" live>{t.people.coverSending}</Note>}
        {state === "failed" && <Note tone="bad" live>{t.people.coverFailed}</Note>}
      </div>
    </div>
  );
}

function TracksField({ draft, recordings, onChange }: { draft: Draft; recordings: readonly Recording[]; onChange: (tracks: Recording[]) => void }) {
  const t = useText();
  const titleOf = useTitleOf();
  const left = recordings.filter(({ id }) => !draft.tracks.some((track) => track.id === id));
  const full = draft.tracks.length >= mostTracks;
  return (
    <Card>
      <h2>{t.people.order}</h2>
      <TrackList tracks={draft.tracks} onChange={onChange} />
      <h3>{t.people.toAdd}</h3>
      {full && <Soft>{t.people.full}</Soft>}
      {!full && left.length === 0 && <Soft>{t.people.allAdded}</Soft>}
      <ul className={styles.toAdd}>
        {!full &&
          left.map((recording) => (
            <li key={recording.id}>
              <Button aria-label={t.people.add(titleOf(recording))} onClick={() => onChange([...draft.tracks, recording])}>
                <span aria-hidden="true">+</span> {titleOf(recording)}
              </Button>
            </li>
          ))}
      </ul>
    </Card>
  );
}

type Fault = "title" | "tracks" | "failed" | null;

function Editor({ id, album, recordings }: { id: string | null; album: WholeAlbum | null; recordings: readonly Recording[] }) {
  const t = useText();
  const [draft, setDraft] = useState(() => draftOf(album, recordings));
  const [fault, setFault] = useState<Fault>(null);
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setFault(null);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (draft.title.trim() === "") return setFault("title");
    if (draft.tracks.length === 0) return setFault("tracks");
    setFault(null);
    const { title, text, language, cover } = draft;
    const body: Schema["AlbumWords"] = { title, text, language, cover, tracks: draft.tracks.map((track) => track.id) };
    try {
      const saved = await answer(
        id === null ? api.POST("/v1/albums", { body }) : api.PUT("/v1/albums/{id}", { params: { path: { id } }, body }),
      );
      navigate(`/albums/${saved.id}`);
    } catch {
      setFault("failed");
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void save(event)}>
      <Card>
        <CoverField draft={draft} seed={id ?? draft.title} onChange={change} />
        <Field label={t.people.albumTitle} fault={fault === "title" ? t.people.needsTitle : null}>
          <input value={draft.title} maxLength={60} onChange={(event) => change({ title: event.target.value })} />
        </Field>
        <Field label={t.people.albumText}>
          <textarea rows={4} maxLength={1000} value={draft.text} onChange={(event) => change({ text: event.target.value })} />
        </Field>
        <Field label={t.people.albumLanguage}>
          <select value={draft.language} onChange={(event) => change({ language: event.target.value })}>
            <option value="">{t.people.languageUnsaid}</option>
            {languages.map((known) => (
              <option key={known} value={known} lang={known}>
                {languageNames[known]}
              </option>
            ))}
            {draft.language !== "" && !languages.some((known) => known === draft.language) && (
              <option value={draft.language}>{draft.language}</option>
            )}
          </select>
        </Field>
      </Card>
      <TracksField draft={draft} recordings={recordings} onChange={(tracks) => change({ tracks })} />
      {fault === "tracks" && <Note tone="bad" live>{t.people.needsTrack}</Note>}
      {fault === "failed" && <Note tone="bad" live>{t.people.saveFailed}</Note>}
      <Row>
        <Button type="submit" weight="primary">
          {t.people.save}
        </Button>
        <ButtonLink href={id === null ? "/albums" : `/albums/${id}`}>{t.common.cancel}</ButtonLink>
      </Row>
    </form>
  );
}

interface Parts {
  album: WholeAlbum | null;
  recordings: Recording[];
}

async function partsOf(id: string | null): Promise<Parts | "gone"> {
  try {
    const recordings = await allOf((query) => answer(api.GET("/v1/recordings", { params: { query } })));
    const album = id === null ? null : await answer(api.GET("/v1/albums/{id}", { params: { path: { id } } }));
    return album && !album.mine ? "gone" : { album, recordings };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return id === null ? { album: null, recordings: [] } : "gone";
    if (error instanceof ApiError && error.status === 404) return "gone";
    throw error;
  }
}

/** id null: a new one. */
export function AlbumEditorPage({ id }: { id: string | null }) {
  const t = useText();
  const [loaded, again] = useLoad(`edit ${id ?? ""}`, () => partsOf(id));
  const { data } = loaded;
  return (
    <Page title={data === "gone" ? t.people.albumGone : id === null ? t.people.newAlbum : t.people.editAlbum}>
      {loaded.state === "failed" && (
        <Note tone="warn" live>
          <p>{t.common.offline}</p>
          <Button onClick={again}>{t.common.retry}</Button>
        </Note>
      )}
      {loaded.state === "loading" && <Soft>{t.common.loading}</Soft>}
      {loaded.state === "ready" && data && data !== "gone" && data.recordings.length > 0 && <Editor id={id} {...data} />}
      {data && data !== "gone" && data.recordings.length === 0 && (
        <>
          <Soft>{t.people.noRecordings}</Soft>
          <Row>
            <ButtonLink href="/sing" weight="primary">
              {t.common.sing}
            </ButtonLink>
          </Row>
        </>
      )}
    </Page>
  );
}
