// What one take says about a voice, whole: from the server or measured here.
import { Card, cx, Note, Soft, Stack } from "../look/parts";
import { PitchChart } from "../look/pitch_chart";
import { usePreferences } from "../settings/preferences";
import { number, useText, type Language } from "../text";
import type { CaptureCode } from "../text/capture";
import { noteName, semitonesBetween } from "../text/notation";
import type { ColourWord, DeclineCode, MeasureName } from "../text/voice";
import type { Declined, RangeEnd, VoiceReport } from "@orakgarak/core";
import { Evidence, type End } from "./evidence";
import { PitchCurveView } from "./pitch_curve";
import { isTold, type Heard } from "./report";
import styles from "./results.module.css";

const pitchOf = (end: RangeEnd | Declined): number | null => (isTold(end) ? end.midi : null);
const signed = (language: Language, value: number, digits: number): string =>
  new Intl.NumberFormat(language, {
    minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "exceptZero",
  }).format(value);

function BigEnd({ title, end, struck }: { title: string; end: RangeEnd | Declined; struck: boolean }) {
  const t = useText();
  const { language, notation } = usePreferences();
  return (
    <div className={styles.bigEnd}>
      <dt>{title}</dt>
      {isTold(end) ? (
        <dd>
          <span className={cx(struck && styles.struck)}>{noteName(end.midi, notation)}</span>
          <span className={styles.uncertainty}>{t.results.plusMinus(number(language, end.uncertaintySemitones, 1))}</span>
        </dd>
      ) : (
        <dd className={styles.untold}>{t.results.notTold}</dd>
      )}
    </div>
  );
}

function RangeCard({ report, struck }: { report: VoiceReport; struck: readonly End[] }) {
  const t = useText();
  const { language, notation } = usePreferences();
  const { lowest, highest, comfortableLow, comfortableHigh } = report.range;
  const name = (end: RangeEnd | Declined) => (isTold(end) ? noteName(end.midi, notation) : t.results.notTold);
  const both = isTold(lowest) && isTold(highest);
  const semitones = both ? semitonesBetween(lowest.midi, highest.midi) : 0;
  return (
    <Card>
      <h2>{t.results.yourRange}</h2>
      <dl className={styles.big}>
        <BigEnd title={t.results.lowest} end={lowest} struck={struck.includes("lowest")} />
        <BigEnd title={t.results.highest} end={highest} struck={struck.includes("highest")} />
      </dl>
      <PitchChart
        label={`${t.results.fullRange}: ${name(lowest)} – ${name(highest)}. ${t.results.comfortable}: ${name(comfortableLow)} – ${name(comfortableHigh)}.`}
        full={{ low: pitchOf(lowest), high: pitchOf(highest) }}
        comfortable={{ low: pitchOf(comfortableLow), high: pitchOf(comfortableHigh) }}
      />
      <dl className={styles.facts}>
        {both && (
          <div>
            <dt>{t.results.fullRange}</dt>
            <dd>{t.results.span(new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(semitones / 12), semitones)}</dd>
          </div>
        )}
        <div>
          <dt>{t.results.comfortable}</dt>
          <dd>
            {name(comfortableLow)} – {name(comfortableHigh)}
            <span className={styles.uncertainty}>{t.results.comfortableHelp}</span>
          </dd>
        </div>
      </dl>
    </Card>
  );
}

function TessituraCard({ report }: { report: VoiceReport }) {
  const t = useText();
  const { language, notation } = usePreferences();
  const seconds = new Map(report.tessituraSeconds.map((s, midi) => [midi, s]));
  const most = [...seconds].sort((a, b) => b[1] - a[1]).slice(0, 3).filter(([, s]) => s > 0);
  const label = most.map(([midi, s]) => `${noteName(midi, notation)} ${t.results.seconds(number(language, s, 1))}`).join(", ");
  const { lowest, highest, comfortableLow, comfortableHigh } = report.range;
  return (
    <Card>
      <h2>{t.results.tessitura}</h2>
      <PitchChart
        label={`${t.results.tessitura}: ${label}`}
        full={{ low: pitchOf(lowest), high: pitchOf(highest) }}
        comfortable={{ low: pitchOf(comfortableLow), high: pitchOf(comfortableHigh) }}
        seconds={seconds}
      />
      <Soft small>
        {t.results.tessituraHelp}: {label}
      </Soft>
    </Card>
  );
}

function ColourCard({ report }: { report: VoiceReport }) {
  const t = useText();
  const { language } = usePreferences();
  const { timbre, intonation } = report;
  return (
    <Card>
      <h2>{t.results.colour}</h2>
      {timbre.words.length === 0 && <Soft>{t.results.colourNone}</Soft>}
      {timbre.words.length > 0 && (
        <>
          <ul className={styles.colours}>
            {timbre.words.map(({ word, measure, z }) => (
              <li key={word}>
                <strong>{t.voice.colour[word as ColourWord] ?? word}</strong>
                <span>
                  {t.voice.measure[measure as MeasureName] ?? measure} {signed(language, z, 1)} σ
                </span>
              </li>
            ))}
          </ul>
          <Soft small>{t.results.colourHelp}</Soft>
        </>
      )}
      {intonation && (
        <div>
          <h3>{t.results.intonation}</h3>
          <Soft>
            {t.results.intonationText(number(language, intonation.meanDistanceCents), signed(language, intonation.tuningCents, 0))}
          </Soft>
        </div>
      )}
    </Card>
  );
}

/** What became of the accompaniment; nothing where none was sent along. */
function BackingNote({ backing }: { backing: Heard["backing"] }) {
  const t = useText();
  const { language } = usePreferences();
  if (!backing || backing.whyNot === "backing_not_sent") return null;
  if (backing.whyNot) return <Note tone="warn">{t.results.backingLeft}</Note>;
  return <Note tone="good">{t.results.backingRemoved(number(language, backing.removedDb, 0))}</Note>;
}

function CaptureCard({ heard: { report, backing } }: { heard: Heard }) {
  const t = useText();
  const { advice } = report.capture;
  return (
    <Card>
      <h2>{t.results.capture}</h2>
      <BackingNote backing={backing} />
      {advice.length === 0 && <Note tone="good">{t.results.captureGood}</Note>}
      {advice.map(({ fault, blocking }) => (
        <Note key={fault} tone={blocking ? "bad" : "warn"}>
          {t.capture[fault as CaptureCode] ?? fault}
        </Note>
      ))}
    </Card>
  );
}

/** No end at all: why, and what to do. */
function NothingCard({ heard: { report, backing } }: { heard: Heard }) {
  const t = useText();
  const { advice } = report.capture;
  const end = report.range.highest;
  const why = isTold(end) ? null : (t.voice.declined[end.declined as DeclineCode] ?? t.voice.declined.unknown);
  return (
    <Card>
      <h2>{t.results.nothing}</h2>
      <BackingNote backing={backing} />
      {advice.map(({ fault, blocking }) => (
        <Note key={fault} tone={blocking ? "bad" : "warn"}>
          {t.capture[fault as CaptureCode] ?? fault}
        </Note>
      ))}
      {!advice.some(({ blocking }) => blocking) && <Note tone="bad">{why}</Note>}
    </Card>
  );
}

interface Props {
  heard: Heard;
  take: string | null;
  struck: readonly End[];
  onStruck: (struck: End[]) => Promise<void>;
}

export function ReportView({ heard, take, struck, onStruck }: Props) {
  const t = useText();
  const { report, curve } = heard;
  const { lowest, highest } = report.range;
  const told = isTold(lowest) || isTold(highest);
  return (
    <Stack className={styles.report}>
      {told ? (
        <>
          <RangeCard report={report} struck={struck} />
          <Evidence lowest={lowest} highest={highest} take={take} struck={struck} onStruck={onStruck} />
        </>
      ) : (
        <NothingCard heard={heard} />
      )}
      {report.voicedSeconds > 0 && (
        <>
          <Card>
            <h2>{t.results.curve}</h2>
            <PitchCurveView curve={curve} notes={report.notes} durationSeconds={report.durationSeconds} />
          </Card>
          <TessituraCard report={report} />
        </>
      )}
      {told && (
        <>
          <ColourCard report={report} />
          <CaptureCard heard={heard} />
        </>
      )}
    </Stack>
  );
}
