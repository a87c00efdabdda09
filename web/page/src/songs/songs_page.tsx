// Songs that this voice can sing, each in its key, with the reason.
import { useEffect, useState, type FormEvent } from "react";

import { useLoad } from "../api/load";
import { Page } from "../look/page";
import { Button, ButtonLink, Card, Note, Row, Soft, Stack } from "../look/parts";
import { TraceNumber } from "../look/trace_number";
import { PitchChart } from "../look/pitch_chart";
import { Link } from "../router";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { noteName } from "../text/notation";
import { factText } from "./fact_words";
import { FiltersForm } from "./filters_form";
import { MatchCard } from "./match_card";
import { byline } from "./song_parts";
import { noFilters, type Filters, type Match, type Profile, type Recommendations, type Song, type SongSource } from "./source";
import styles from "./songs.module.css";
import { useSongSource } from "./use_source";

const page = 10;
const mostSongs = 100;

function ProfileCard({ profile }: { profile: Profile }) {
  const t = useText();
  const { notation } = usePreferences();
  const name = (midi: number | null) => (midi === null ? t.results.notTold : noteName(midi, notation));
  const moved = [profile.comfortable_low, profile.comfortable_high].some((end) => (end.moved_by ?? []).length > 0);
  const range = `${name(profile.lowest.midi)} – ${name(profile.highest.midi)}`;
  const comfortable = `${name(profile.comfortable_low.midi)} – ${name(profile.comfortable_high.midi)}`;
  return (
    <Card>
      <p className={styles.profile}>
        <strong>{range}</strong>
        <span>
          {t.results.comfortable} {comfortable}
        </span>
      </p>
      <PitchChart
        label={`${t.results.yourRange}: ${range}. ${t.results.comfortable}: ${comfortable}.`}
        full={{ low: profile.lowest.midi, high: profile.highest.midi }}
        comfortable={{ low: profile.comfortable_low.midi, high: profile.comfortable_high.midi }}
      />
      <Soft small>{t.songs.fromTakes(profile.takes.length)}</Soft>
      {moved && <Soft small>{t.songs.movedBy}</Soft>}
    </Card>
  );
}

function Matches({ title, help, matches, source }: { title?: string; help?: string; matches: readonly Match[]; source: SongSource }) {
  const t = useText();
  if (matches.length === 0) return null;
  return (
    <Stack>
      <h2 className={title === undefined ? "visually-hidden" : undefined}>{title ?? t.common.songs}</h2>
      {help !== undefined && <Soft>{help}</Soft>}
      <ol className={styles.matches}>
        {matches.map((match) => (
          <MatchCard key={`${match.song.id} ${match.octave_shift} ${match.key_shift}`} match={match} source={source} />
        ))}
      </ol>
    </Stack>
  );
}

function Answer({ answer, source }: { answer: Recommendations; source: SongSource }) {
  const t = useText();
  const { language, notation } = usePreferences();
  const sentences = (facts: Recommendations["cautions"]) =>
    facts.map((fact) => factText(fact, t, language, notation)).filter((text) => text !== null);
  const cautions = sentences(answer.cautions);
  const none = answer.nothing_fits || answer.songs.length === 0;
  return (
    <>
      {none && (
        <Note tone="warn">
          <strong>{t.songs.nothingFits}</strong>
          {sentences(answer.why_nothing).map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Note>
      )}
      {cautions.length > 0 && (
        <Note tone="info">
          <strong>{t.songs.cautions}</strong>
          {cautions.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Note>
      )}
      <Matches {...(none && { title: t.songs.nearest })} matches={answer.songs} source={source} />
      <Matches title={t.songs.octaveApart} help={t.songs.octaveApartHelp} matches={answer.octave_apart} source={source} />
    </>
  );
}

function Finder({ source }: { source: SongSource }) {
  const t = useText();
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  // While one types, and an input method is still at a syllable: the server finds its letters.
  useEffect(() => {
    const soon = setTimeout(() => setSearch(typed.trim()), 200);
    return () => clearTimeout(soon);
  }, [typed]);
  const [found] = useLoad<Song[]>(search === "" ? null : search, () => source.find(search));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSearch(typed.trim());
  };
  return (
    <Stack>
      <form role="search" className={styles.finder} onSubmit={submit}>
        <label>
          <span className="visually-hidden">{t.songs.searchLabel}</span>
          <input type="search" value={typed} maxLength={200} placeholder={t.songs.searchLabel} onChange={(event) => setTyped(event.target.value)} />
        </label>
        <Button type="submit">{t.songs.search}</Button>
      </form>
      {search !== "" && found.state === "failed" && (
        <Note tone="bad" live>
          <p>{t.songs.loadFailed}</p>
          <TraceNumber of={found.error} />
        </Note>
      )}
      {search !== "" && found.state !== "failed" && found.data && (
        <div role="status">
          {found.data.length === 0 && <Soft>{t.songs.searchNone}</Soft>}
          <ul className={styles.found}>
            {found.data.map((song) => (
              <li key={song.id}>
                <Link href={`/songs/${song.id}`} lang={song.language || undefined}>
                  <strong>{song.title}</strong> {byline(song)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  );
}

/** Kept for the tab, so that a song and back loses nothing. */
function useFilters(): [Filters, (filters: Filters) => void] {
  const key = "orakgarak.filters";
  const [filters, setFilters] = useState<Filters>(() => {
    try {
      return { ...noFilters, ...(JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<Filters>) };
    } catch {
      return noFilters;
    }
  });
  useEffect(() => {
    try {
      sessionStorage.setItem(key, JSON.stringify(filters));
    } catch {
      // kept as long as the page
    }
  }, [filters]);
  return [filters, setFilters];
}

export function SongsPage() {
  const t = useText();
  const { language } = usePreferences();
  const source = useSongSource();
  const [filters, setFilters] = useFilters();
  const [limit, setLimit] = useState(page);
  const key = JSON.stringify([source.place, filters, filters.ownFirst && language, limit]);
  const [loaded, again] = useLoad(key, () => source.recommend(filters, language, limit));
  const answer = loaded.data;
  const more = answer !== null && answer.songs.length >= limit && limit < mostSongs;
  return (
    <Page title={t.songs.title} wide>
      {loaded.state === "failed" && (
        <Note tone="bad" live>
          <p>{loaded.error.status === 0 ? t.common.offline : t.songs.loadFailed}</p>
          <TraceNumber of={loaded.error} />
          <Button onClick={again}>{t.common.retry}</Button>
        </Note>
      )}
      {loaded.state === "loading" && !answer && <Soft>{t.common.loading}</Soft>}
      {answer && answer.profile === null && (
        <Card>
          <p>{t.songs.noProfile}</p>
          <Row>
            <ButtonLink href="/sing" weight="primary">
              {t.common.sing}
            </ButtonLink>
          </Row>
        </Card>
      )}
      {answer?.profile && (
        <>
          <ProfileCard profile={answer.profile} />
          <FiltersForm filters={filters} onChange={(next) => (setLimit(page), setFilters(next))} />
          <Soft small>{t.songs.fitHelp}</Soft>
          <div aria-busy={loaded.state === "loading"} className={styles.answer}>
            <Answer answer={answer} source={source} />
          </div>
          {more && (
            <Row>
              <Button onClick={() => setLimit(limit + page)}>{t.songs.more}</Button>
            </Row>
          )}
          {source.place === "device" && <Soft small>{t.songs.onDevice}</Soft>}
        </>
      )}
      <Finder source={source} />
    </Page>
  );
}
