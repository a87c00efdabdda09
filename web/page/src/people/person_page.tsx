// A person's page, as far as that person shows it.
import { answer, api, ApiError, type Schema } from "../api/client";
import { useLoad } from "../api/load";
import { Page } from "../look/page";
import { PitchChart } from "../look/pitch_chart";
import { Button, ButtonLink, Card, Note, Row, Soft } from "../look/parts";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { noteName } from "../text/notation";
import type { ColourWord } from "../text/voice";
import { AlbumRow } from "./album_row";
import { recordingSound, useTitleOf, type Album, type Recording } from "./data";
import { usePlayer } from "./player";
import { PlayButton } from "./sound_bar";
import results from "../results/results.module.css";
import styles from "./people.module.css";

type Person = Schema["Person"];

interface Shown {
  person: Person;
  recordings: Recording[];
  albums: Album[];
}

async function shownBy(nickname: string): Promise<Shown | "gone"> {
  const params = { params: { path: { nickname } } };
  try {
    const person = await answer(api.GET("/v1/people/{nickname}", params));
    const [recordings, albums] = await Promise.all([
      answer(api.GET("/v1/people/{nickname}/recordings", params)),
      answer(api.GET("/v1/people/{nickname}/albums", params)),
    ]);
    return { person, recordings: recordings.items, albums: albums.items };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return "gone";
    throw error;
  }
}

function Voice({ person }: { person: Person }) {
  const t = useText();
  const { notation } = usePreferences();
  const { range, seconds_per_semitone: tessitura, colour } = person;
  const name = (midi: number | null | undefined) => (midi == null ? t.results.notTold : noteName(midi, notation));
  const ends = { low: range?.lowest.midi ?? null, high: range?.highest.midi ?? null };
  const comfortable = { low: range?.comfortable_low.midi ?? null, high: range?.comfortable_high.midi ?? null };
  const words = range ? `${name(ends.low)} – ${name(ends.high)}` : "";
  return (
    <>
      {(range || tessitura) && (
        <Card>
          {range && (
            <>
              <h2>{t.results.fullRange}</h2>
              <p className={styles.big}>{words}</p>
              <Soft>
                {t.results.comfortable}: {name(comfortable.low)} – {name(comfortable.high)}
              </Soft>
            </>
          )}
          {tessitura && <h2>{t.results.tessitura}</h2>}
          <PitchChart
            label={tessitura ? t.results.tessitura : `${t.results.fullRange}: ${words}`}
            full={ends}
            comfortable={comfortable}
            {...(tessitura && { seconds: new Map(Object.entries(tessitura).map(([midi, s]) => [Number(midi), s])) })}
          />
        </Card>
      )}
      {colour && colour.length > 0 && (
        <Card>
          <h2>{t.results.colour}</h2>
          <ul className={results.colours}>
            {colour.map(({ word }) => (
              <li key={word}>
                <strong>{t.voice.colour[word as ColourWord] ?? word}</strong>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function Recordings({ recordings }: { recordings: readonly Recording[] }) {
  const t = useText();
  const titleOf = useTitleOf();
  const player = usePlayer(recordings.map(({ id }) => id), recordingSound);
  return (
    <Card>
      <h2>{t.people.personRecordings}</h2>
      {player.failed && <Note tone="bad" live>{t.people.soundFailed}</Note>}
      <ul className={styles.tracks}>
        {recordings.map((recording) => (
          <li key={recording.id} className={styles.track}>
            <PlayButton id={recording.id} title={titleOf(recording)} player={player} />
            <span className={styles.trackTitle}>{titleOf(recording)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Shown({ shown: { person, recordings, albums } }: { shown: Shown }) {
  const t = useText();
  const voice = person.range !== null || person.seconds_per_semitone !== null || (person.colour?.length ?? 0) > 0;
  return (
    <>
      {person.introduction !== "" && <p className={styles.text}>{person.introduction}</p>}
      {person.mine && (
        <Row>
          <ButtonLink href="/settings">{t.people.yourPage}</ButtonLink>
          <ButtonLink href="/albums">{t.people.albums}</ButtonLink>
        </Row>
      )}
      {albums.length > 0 && (
        <section className={styles.form}>
          <h2>{t.people.personAlbums}</h2>
          <ul className={styles.albums}>
            {albums.map((album) => (
              <AlbumRow key={album.id} album={album} />
            ))}
          </ul>
        </section>
      )}
      {recordings.length > 0 && <Recordings recordings={recordings} />}
      <Voice person={person} />
      {!voice && recordings.length === 0 && albums.length === 0 && <Soft>{t.people.nothingShown}</Soft>}
    </>
  );
}

export function PersonPage({ nickname }: { nickname: string }) {
  const t = useText();
  const [loaded, again] = useLoad(`person ${nickname}`, () => shownBy(nickname));
  const { data } = loaded;
  const title = data === "gone" ? t.people.personGone : (data?.person.nickname ?? nickname);
  return (
    <Page title={title}>
      {loaded.state === "failed" && (
        <Note tone="warn" live>
          <p>{t.common.offline}</p>
          <Button onClick={again}>{t.common.retry}</Button>
        </Note>
      )}
      {data && data !== "gone" && <Shown shown={data} />}
    </Page>
  );
}
