// An album to listen to, track after track.
import { answer, api, ApiError } from "../api/client";
import { useLoad } from "../api/load";
import { Deleting } from "../look/deleting";
import { Page } from "../look/page";
import { Button, ButtonLink, Card, cx, Note, Row, Soft } from "../look/parts";
import { Link, usePath } from "../router";
import { usePreferences } from "../settings/preferences";
import { useText, type Language } from "../text";
import { AlbumSharing } from "./album_sharing";
import { Cover } from "./cover";
import { useTitleOf, type WholeAlbum } from "./data";
import { usePlayer, type Player } from "./player";
import { PlayButton, WaveformBar } from "./sound_bar";
import styles from "./people.module.css";

const dayText = (language: Language, time: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(time));

interface TrackProps {
  album: WholeAlbum;
  track: WholeAlbum["tracks"][number];
  link: string | null;
  player: Player;
}

function Track({ album, track, link, player }: TrackProps) {
  const title = useTitleOf()(track);
  const current = player.current === track.id;
  const path = { id: album.id, recording: track.id };
  const [wave] = useLoad(current ? `wave ${track.id}` : null, async () => {
    const query = link === null ? {} : { link };
    const { data } = await api.GET("/v1/albums/{id}/tracks/{recording}/waveform", { params: { path, query } });
    return data ?? null;
  });
  return (
    <li className={cx(styles.track, current && styles.currentTrack)}>
      <PlayButton id={track.id} title={title} player={player} />
      <div className={styles.trackWords}>
        <span className={styles.trackTitle}>{title}</span>
        {current && wave.data && <WaveformBar id={track.id} wave={wave.data} player={player} />}
      </div>
    </li>
  );
}

function Tracks({ album, link }: { album: WholeAlbum; link: string | null }) {
  const t = useText();
  const order = album.tracks.map((track) => track.id);
  const player = usePlayer(order, async (recording) => {
    const query = link === null ? {} : { link };
    const path = { id: album.id, recording };
    return (await answer(api.GET("/v1/albums/{id}/tracks/{recording}/sound", { params: { path, query } }))).url;
  });
  const [first] = order;
  if (first === undefined) return <Note tone="warn">{t.people.albumLost}</Note>;
  return (
    <>
      <Row>
        <Button weight="primary" onClick={() => player.toggle(player.current ?? first)}>
          {player.playing ? t.people.pause(album.title) : t.people.playAll}
        </Button>
      </Row>
      {player.failed && (
        <Note tone="bad" live>
          {t.people.soundFailed}
        </Note>
      )}
      <ol className={styles.tracks}>
        {album.tracks.map((track) => (
          <Track key={track.id} album={album} track={track} link={link} player={player} />
        ))}
      </ol>
    </>
  );
}

function Whole({ album, link, onChanged }: { album: WholeAlbum; link: string | null; onChanged: () => void }) {
  const t = useText();
  const { language } = usePreferences();
  return (
    <>
      <div className={styles.albumHead}>
        <Cover seed={album.id} url={album.cover?.image ?? null} large />
        <div className={styles.albumWords}>
          {album.by !== null && <Link href={`/people/${encodeURIComponent(album.by)}`}>{t.people.by(album.by)}</Link>}
          <Soft>
            {t.people.tracks(album.track_count)}
            {album.state === "published" && album.published !== null && ` · ${t.people.published(dayText(language, album.published))}`}
          </Soft>
          {album.text !== "" && <p className={styles.text}>{album.text}</p>}
        </div>
      </div>
      <Card>
        <Tracks album={album} link={link} />
      </Card>
      {album.mine && (
        <>
          <AlbumSharing album={album} onChanged={onChanged} />
          <Row>
            <ButtonLink href={`/albums/${album.id}/edit`}>{t.people.editAlbum}</ButtonLink>
            <Deleting
              label={t.people.deleteAlbum}
              title={t.people.deleteAlbumTitle}
              text={t.people.deleteAlbumText}
              failed={t.people.saveFailed}
              remove={() => answer(api.DELETE("/v1/albums/{id}", { params: { path: { id: album.id } } }))}
              to="/albums"
            />
            <ButtonLink href="/albums">{t.people.albums}</ButtonLink>
          </Row>
        </>
      )}
    </>
  );
}

async function albumOf(id: string, link: string | null): Promise<WholeAlbum | "gone"> {
  try {
    const query = link === null ? {} : { link };
    return await answer(api.GET("/v1/albums/{id}", { params: { path: { id }, query } }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return "gone";
    throw error;
  }
}

export function AlbumPage({ id }: { id: string }) {
  const t = useText();
  const link = new URLSearchParams(usePath().split("?")[1]).get("link");
  const [loaded, again] = useLoad(`album ${id} ${link ?? ""}`, () => albumOf(id, link));
  const { data } = loaded;
  const title = data === "gone" ? t.people.albumGone : (data?.title ?? t.common.loading);
  return (
    <Page title={title}>
      {loaded.state === "failed" && (
        <Note tone="warn" live>
          <p>{t.common.offline}</p>
          <Button onClick={again}>{t.common.retry}</Button>
        </Note>
      )}
      {data && data !== "gone" && <Whole album={data} link={link} onChanged={again} />}
    </Page>
  );
}
