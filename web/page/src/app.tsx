import { Component, lazy, Suspense, type ReactNode } from "react";

import { SignInPage } from "./account/sign_in_page";
import { Frame } from "./frame";
import { HomePage } from "./home";
import { Page } from "./look/page";
import { ButtonLink, Note } from "./look/parts";
import { AlbumEditorPage } from "./people/album_editor";
import { AlbumPage } from "./people/album_page";
import { AlbumsPage } from "./people/albums_page";
import { PersonPage } from "./people/person_page";
import { TakePage } from "./results/take_page";
import { TakesPage } from "./results/takes_page";
import { routeOf, usePath, type Route } from "./router";
import { SingPage } from "./sing/sing_page";
import { PrivacyPage } from "./settings/privacy_page";
import { SettingsPage } from "./settings/settings_page";
import { SongPage } from "./songs/song_page";
import { SongsPage } from "./songs/songs_page";
import { useText } from "./text";

// Not for singers: they do not load it.
const OpsPage = lazy(() => import("./ops/ops_page"));

function Missing() {
  const t = useText();
  return (
    <Page title={t.common.notFound}>
      <div>
        <ButtonLink href="/">{t.common.notFoundWay}</ButtonLink>
      </div>
    </Page>
  );
}

function Broken() {
  const t = useText();
  return (
    <Page title={t.common.broken}>
      <Note tone="bad" live>
        {t.common.brokenWay}
      </Note>
    </Page>
  );
}

/** A page that throws while it is drawn leaves the frame standing and says so. */
class Guard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError = () => ({ broken: true });
  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function page(route: Route): ReactNode {
  switch (route.page) {
    case "home":
      return <HomePage />;
    case "sing":
      return <SingPage />;
    case "takes":
      return <TakesPage />;
    case "take":
      return <TakePage id={route.id} />;
    case "songs":
      return <SongsPage />;
    case "song":
      return <SongPage id={route.id} />;
    case "albums":
      return <AlbumsPage />;
    case "new_album":
      return <AlbumEditorPage id={null} />;
    case "album":
      return <AlbumPage id={route.id} />;
    case "edit_album":
      return <AlbumEditorPage id={route.id} />;
    case "person":
      return <PersonPage nickname={route.nickname} />;
    case "settings":
      return <SettingsPage />;
    case "privacy":
      return <PrivacyPage />;
    case "sign-in":
      return <SignInPage />;
    case "ops":
      return (
        <Suspense>
          <OpsPage />
        </Suspense>
      );
    case "missing":
      return <Missing />;
  }
}

export function App() {
  const path = usePath().split("?")[0] ?? "/";
  const route = routeOf(path);
  return (
    <Frame route={route}>
      <Guard key={path}>{page(route)}</Guard>
    </Frame>
  );
}
