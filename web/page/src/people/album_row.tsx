// An album in a list.
import { Soft } from "../look/parts";
import { Link } from "../router";
import { useText } from "../text";
import { Cover } from "./cover";
import type { Album } from "./data";
import styles from "./people.module.css";

export function AlbumRow({ album, state }: { album: Album; state?: boolean }) {
  const t = useText();
  return (
    <li className={styles.albumRow}>
      <Cover seed={album.id} url={album.cover?.thumbnail ?? null} />
      <div className={styles.albumWords}>
        <h3>
          <Link href={`/albums/${album.id}`}>{album.title}</Link>
        </h3>
        <Soft small>
          {album.by !== null && !state && (
            <>
              <Link href={`/people/${encodeURIComponent(album.by)}`}>{t.people.by(album.by)}</Link>
              {" · "}
            </>
          )}
          {t.people.tracks(album.track_count)}
        </Soft>
      </div>
      {state && <span className={styles.badge}>{t.people.states[album.state]}</span>}
    </li>
  );
}
