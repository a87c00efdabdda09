// What stands around every page: name, pages, language.
import type { ReactNode } from "react";

import { AlbumsIcon, MicIcon, SettingsIcon, SongsIcon, TakesIcon, WaveIcon } from "./look/icons";
import { Link, type Route } from "./router";
import { choose, usePreferences } from "./settings/preferences";
import { languageNames, languages, useText } from "./text";
import styles from "./frame.module.css";

const pages = [
  { href: "/sing", page: "sing", icon: MicIcon, covers: ["sing"] },
  { href: "/takes", page: "takes", icon: TakesIcon, covers: ["takes", "take"] },
  { href: "/songs", page: "songs", icon: SongsIcon, covers: ["songs", "song"] },
  { href: "/albums", page: "albums", icon: AlbumsIcon, covers: ["albums", "album", "new_album", "edit_album", "person"] },
  { href: "/settings", page: "settings", icon: SettingsIcon, covers: ["settings"] },
] as const;

function LanguageSwitch() {
  const t = useText();
  const { language } = usePreferences();
  return (
    <select
      className={styles.language}
      aria-label={t.common.language}
      value={language}
      onChange={(event) => {
        const wanted = languages.find((known) => known === event.target.value);
        if (wanted) choose({ language: wanted });
      }}
    >
      {languages.map((known) => (
        <option key={known} value={known} lang={known}>
          {languageNames[known]}
        </option>
      ))}
    </select>
  );
}

export function Frame({ route, children }: { route: Route; children: ReactNode }) {
  const t = useText();
  return (
    <>
      <a className={styles.skip} href="#content">
        {t.common.skip}
      </a>
      <header className={styles.top}>
        <Link href="/" className={styles.mark}>
          <WaveIcon />
          {t.common.name}
        </Link>
        <nav className={styles.pages} aria-label={t.common.menu}>
          {pages.map(({ href, page, icon: Icon, covers }) => (
            <Link
              key={page}
              href={href}
              {...(covers.some((name) => name === route.page) && { "aria-current": "page" })}
            >
              <Icon />
              {t.common[page]}
            </Link>
          ))}
        </nav>
        <LanguageSwitch />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer className={styles.foot}>
        <Link href="/privacy">{t.common.privacy}</Link>
      </footer>
    </>
  );
}
