// One's own albums.
import { answer, api, ApiError } from "../api/client";
import { useLoad } from "../api/load";
import { Page } from "../look/page";
import { Button, ButtonLink, Note, Row, Soft } from "../look/parts";
import { useText } from "../text";
import { AlbumRow } from "./album_row";
import { allOf, type Album } from "./data";
import styles from "./people.module.css";

async function ownAlbums(): Promise<Album[]> {
  try {
    return await allOf((query) => answer(api.GET("/v1/albums", { params: { query } })));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return [];
    throw error;
  }
}

export function AlbumsPage() {
  const t = useText();
  const [loaded, again] = useLoad("own albums", ownAlbums);
  return (
    <Page title={t.people.albums} lead={t.people.albumsLead}>
      {loaded.state === "failed" && (
        <Note tone="warn" live>
          <p>{t.common.offline}</p>
          <Button onClick={again}>{t.common.retry}</Button>
        </Note>
      )}
      {loaded.state === "loading" && <Soft>{t.common.loading}</Soft>}
      {loaded.state === "ready" && loaded.data.length === 0 && <Soft>{t.people.albumsEmpty}</Soft>}
      {loaded.data && loaded.data.length > 0 && (
        <ul className={styles.albums}>
          {loaded.data.map((album) => (
            <AlbumRow key={album.id} album={album} state />
          ))}
        </ul>
      )}
      <Row>
        <ButtonLink href="/albums/new" weight="primary">
          {t.people.newAlbum}
        </ButtonLink>
      </Row>
    </Page>
  );
}
