// The tracks of an album in the making: put into order by dragging their handles, or by the arrow keys on them.
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { HandleIcon } from "../look/icons";
import { Button, cx, Soft } from "../look/parts";
import { useText } from "../text";
import { useTitleOf, type Recording } from "./data";
import { moved, placeAt } from "./order";
import styles from "./people.module.css";

interface Props {
  tracks: readonly Recording[];
  onChange: (tracks: Recording[]) => void;
}

export function TrackList({ tracks, onChange }: Props) {
  const t = useText();
  const titleOf = useTitleOf();
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [told, setTold] = useState("");
  const move = (id: string, to: number) => {
    const from = tracks.findIndex((track) => track.id === id);
    const track = tracks[from];
    if (!track || to < 0 || to >= tracks.length || from === to) return;
    onChange(moved(tracks, from, to));
    setTold(t.people.moved(titleOf(track), to + 1, tracks.length));
  };
  const onKey = (event: KeyboardEvent, id: string, place: number) => {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    move(id, place + step);
  };
  const onDrag = (event: PointerEvent) => {
    if (dragged === null || !list.current) return;
    move(dragged, placeAt(event.clientY, [...list.current.children].map((child) => child.getBoundingClientRect())));
  };
  return (
    <>
      <Soft small>{t.people.orderHelp}</Soft>
      <ol ref={list} className={styles.order} aria-label={t.people.order}>
        {tracks.map((track, place) => (
          <li key={track.id} className={cx(dragged === track.id && styles.dragged)}>
            <button
              type="button"
              className={styles.handle}
              aria-label={t.people.handle(titleOf(track), place + 1, tracks.length)}
              onKeyDown={(event) => onKey(event, track.id, place)}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                setDragged(track.id);
              }}
              onPointerMove={onDrag}
              onPointerUp={() => setDragged(null)}
              onPointerCancel={() => setDragged(null)}
            >
              <HandleIcon />
            </button>
            <span className={styles.orderTitle}>{titleOf(track)}</span>
            <Button weight="plain" aria-label={t.people.takeOut(titleOf(track))} onClick={() => onChange(tracks.filter(({ id }) => id !== track.id))}>
              <span aria-hidden="true">✕</span>
            </Button>
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {told}
      </p>
    </>
  );
}
