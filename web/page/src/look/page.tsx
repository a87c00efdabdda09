import { useEffect, useLayoutEffect, useRef, type ReactNode } from "react";

import { useText } from "../text";
import { cx } from "./parts";
import styles from "./page.module.css";

interface PageProps {
  title: string;
  lead?: ReactNode;
  wide?: boolean;
  /** The heading is for screen readers only: the page needs all the room that there is. */
  quiet?: boolean;
  children: ReactNode;
}

/** A page with its heading, which also names the tab and takes the focus when one comes here by a link. */
export function Page({ title, lead, wide, quiet, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const t = useText();
  useEffect(() => {
    document.title = title === t.common.name ? title : `${title} · ${t.common.name}`;
  }, [title, t]);
  // Before anybody can press a key on the new page: later, it would take the focus away from where that led.
  useLayoutEffect(() => {
    if (arrivals++ > 0) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className={cx(styles.page, wide && styles.wide, quiet && styles.quiet)}>
      <header className={quiet ? "visually-hidden" : styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}

let arrivals = 0; // the first page that loads leaves the focus where the browser put it
