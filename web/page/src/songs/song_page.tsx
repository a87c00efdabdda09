// One song in every key, over the singer's range, and its numbers on karaoke machines.
import { useState } from "react";

import { useLoad } from "../api/load";
import { Page } from "../look/page";
import { Button, ButtonLink, Card, cx, Note, Row, Soft } from "../look/parts";
import { TraceNumber } from "../look/trace_number";
import { PitchChart } from "../look/pitch_chart";
import { usePath } from "../router";
import { usePreferences } from "../settings/preferences";
import { number, useText } from "../text";
import { noteName } from "../text/notation";
import { factText, keyName } from "./fact_words";
import { FeedbackButtons } from "./feedback_buttons";
import { byline, doubt, Fit, KaraokeNumbers } from "./song_parts";
import type { Feedback, SongPageData, SongSource } from "./source";
import styles from "./songs.module.css";
import { useSongSource } from "./use_source";

const lowestKey = -6;
const highestKey = 6;

/** Of equal fits the one nearest to the original. */
export function bestKey(keys: SongPageData["keys"]): number {
  const ranked = [...keys].sort((a, b) => b.fit - a.fit || Math.abs(a.key_shift) - Math.abs(b.key_shift));
  return ranked[0]?.key_shift ?? 0;
}

function useAskedKey(): number | null {
  const asked = new URLSearchParams(usePath().split("?")[1] ?? "").get("key");
  const key = asked === null || asked === "" ? NaN : Number(asked);
  return Number.isInteger(key) && key >= lowestKey && key <= highestKey ? key : null;
}

function KeySlider({ data, keyShift, onChange }: { data: SongPageData; keyShift: number; onChange: (key: number) => void }) {
  const t = useText();
  const { language } = usePreferences();
  const best = data.keys.length > 0 ? bestKey(data.keys) : null;
  const now = data.keys.find((key) => key.key_shift === keyShift);
  const fitText = now ? `, ${t.songs.fit} ${number(language, now.fit)}${doubt(language, now.fit_uncertainty)}` : "";
  return (
    <div className={styles.keySlider}>
      {data.keys.length > 0 && (
        <div className={styles.keyFits} aria-hidden="true">
          {data.keys.map(({ key_shift, fit }) => (
            <div key={key_shift} className={cx(styles.keyFit, key_shift === keyShift && styles.now)} onClick={() => onChange(key_shift)}>
              <div className={cx(styles.keyFitBar, fit < 50 && styles.poor)} style={{ height: `${Math.max(3, fit)}%` }} />
              <span className={styles.keyFitName}>{keyName(key_shift)}</span>
              {key_shift === best && <span className={styles.best}>★</span>}
            </div>
          ))}
        </div>
      )}
      <input
        type="range"
        min={lowestKey}
        max={highestKey}
        step={1}
        value={keyShift}
        aria-label={t.songs.chooseKey}
        aria-valuetext={`${t.songs.key} ${keyName(keyShift)}${fitText}${keyShift === best ? `, ${t.songs.best}` : ""}`}
        onChange={(event) => onChange(Number(event.target.value))}
      />
    </div>
  );
}

function shifted(seconds: SongPageData["seconds_per_semitone"], key: number): Map<number, number> {
  return new Map(Object.entries(seconds).map(([midi, s]) => [Number(midi) + key, s]));
}

function Over({ data, keyShift }: { data: SongPageData; keyShift: number }) {
  const t = useText();
  const { language, notation } = usePreferences();
  const { song, profile } = data;
  const seconds = shifted(data.seconds_per_semitone, keyShift);
  const low = song.lowest_midi === null ? null : song.lowest_midi + keyShift;
  const high = song.highest_midi === null ? null : song.highest_midi + keyShift;
  if (low === null && high === null) return <Soft>{t.songs.noPitch}</Soft>;
  const key = keyName(keyShift);
  const highest = high === null ? "?" : noteName(high, notation);
  const label = low === null ? t.songs.topOnlyLabel(key, highest) : t.songs.histogramLabel(key, noteName(low, notation), highest);
  return (
    <>
      <p className={styles.inKey}>
        <strong>{t.songs.inKey(key)}</strong>
        <span>{low === null ? `– ${highest}` : `${noteName(low, notation)} – ${highest}`}</span>
      </p>
      <PitchChart
        label={label}
        full={{ low: profile?.lowest.midi ?? null, high: profile?.highest.midi ?? null }}
        comfortable={{ low: profile?.comfortable_low.midi ?? null, high: profile?.comfortable_high.midi ?? null }}
        judged={profile !== null}
        {...(seconds.size > 0 ? { seconds } : { ends: { low, high } })}
        atLeast={{
          low: (song.lowest_midi ?? song.highest_midi ?? 60) + lowestKey,
          high: (song.highest_midi ?? song.lowest_midi ?? 60) + highestKey,
        }}
      />
      <Soft small>{seconds.size > 0 ? t.songs.histogramHelp : t.songs.endsOnlyHelp}</Soft>
      {song.octave_uncertain && <Note tone="warn">{factText({ code: "octave_uncertain", key: keyShift }, t, language, notation)}</Note>}
    </>
  );
}

function Song({ data, source }: { data: SongPageData; source: SongSource }) {
  const t = useText();
  const asked = useAskedKey();
  const [keyShift, setKeyShift] = useState(() => asked ?? bestKey(data.keys));
  const [said, setSaid] = useState<Feedback | null>(data.feedback);
  const now = data.keys.find((key) => key.key_shift === keyShift);
  const { song } = data;
  return (
    <>
      <KaraokeNumbers song={song} large />
      <Card>
        <h2>{t.songs.histogram}</h2>
        {now && <Fit fit={now.fit} uncertainty={now.fit_uncertainty} />}
        <KeySlider data={data} keyShift={keyShift} onChange={setKeyShift} />
        <Over data={data} keyShift={keyShift} />
        {data.profile === null && (
          <Row>
            <Soft>{t.songs.noProfile}</Soft>
            <ButtonLink href="/sing" weight="primary">
              {t.common.sing}
            </ButtonLink>
          </Row>
        )}
      </Card>
      {data.profile && (
        <Card>
          <FeedbackButtons source={source} song={song.id} title={song.title} keyShift={keyShift} octaveShift={0} said={said} onSaid={setSaid} />
        </Card>
      )}
      {Object.keys(song.karaoke).length === 0 && <Soft small>{t.songs.noNumbers}</Soft>}
      <Soft small>{t.songs.source(song.source)}</Soft>
    </>
  );
}

export function SongPage({ id }: { id: string }) {
  const t = useText();
  const source = useSongSource();
  const [loaded, again] = useLoad(`${source.place} ${id}`, () => source.song(id));
  const back = (
    <Row>
      <ButtonLink href="/songs">{t.common.songs}</ButtonLink>
    </Row>
  );
  if (loaded.state === "failed" && loaded.error.status === 404) return <Page title={t.songs.songNotFound}>{back}</Page>;
  if (loaded.state === "failed")
    return (
      <Page title={t.songs.loadFailed}>
        <TraceNumber of={loaded.error} />
        <Row>
          <Button weight="primary" onClick={again}>
            {t.common.retry}
          </Button>
        </Row>
      </Page>
    );
  if (!loaded.data) return <Page title={t.common.loading}>{null}</Page>;
  const { song } = loaded.data;
  return (
    <Page title={song.title} lead={byline(song)}>
      <Song key={id} data={loaded.data} source={source} />
      {back}
    </Page>
  );
}
