import { Page } from "./look/page";
import { Button, ButtonLink, Row, Soft } from "./look/parts";
import { choose, usePreferences } from "./settings/preferences";
import { useText } from "./text";
import styles from "./home.module.css";

/** A line of song over the lane: where the voice goes, drawn once. */
function Contour() {
  return (
    <svg className={styles.contour} viewBox="0 0 640 150" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      {[25, 50, 75, 100, 125].map((y) => (
        <line key={y} x1="0" x2="640" y1={y} y2={y} className={styles.staff} />
      ))}
      <path
        className={styles.voice}
        pathLength={1}
        d="M8 112 C24 112 26 100 40 100 S66 100 78 100 C92 100 92 62 106 62 S140 60 150 63 160 59 170 62 180 60 188 62 C202 62 204 87 218 87 S252 87 262 87 C276 87 276 37 292 37 S318 34 328 38 338 33 348 37 358 34 366 37 C384 37 382 75 398 75 S430 75 440 75 C452 75 454 50 466 50 S488 50 498 50 C512 50 514 100 530 100 S556 97 566 101 576 97 586 100 598 99 606 112"
      />
      <circle className={styles.dot} cx="606" cy="112" r="8" />
    </svg>
  );
}

export function HomePage() {
  const t = useText();
  const onDevice = usePreferences().mode === "device";
  return (
    <Page title={t.common.name} quiet wide>
      <div className={styles.hero}>
        <p className={styles.headline}>{t.home.headline}</p>
        <Contour />
        <p className={styles.lead}>{t.home.lead}</p>
        <Row>
          <ButtonLink href="/sing" weight="primary">
            {t.home.start}
          </ButtonLink>
          <ButtonLink href="/songs">{t.home.already}</ButtonLink>
        </Row>
        <Soft small>{t.home.noAccount}</Soft>
      </div>
      <ol className={styles.steps}>
        {t.home.steps.map(({ title, what }) => (
          <li key={title}>
            <h2>{title}</h2>
            <p>{what}</p>
          </li>
        ))}
      </ol>
      <div className={styles.device}>
        <p>{onDevice ? t.home.deviceOn : t.home.device}</p>
        <Button weight="plain" onClick={() => choose({ mode: onDevice ? "server" : "device" })}>
          {onDevice ? t.home.deviceOff : t.home.deviceWay}
        </Button>
      </div>
    </Page>
  );
}
