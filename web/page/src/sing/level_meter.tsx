import { useEffect, useRef, useState } from "react";

import { useText } from "../text";
import type { Listener } from "./listener";
import styles from "./sing.module.css";

const floorDb = -60;
const lowDb = -40;
const highDb = -1;
const fallDbPerSecond = 24;

type Verdict = "levelLow" | "levelGood" | "levelHigh";

function verdictOf(db: number): Verdict {
  return db < lowDb ? "levelLow" : db >= highDb ? "levelHigh" : "levelGood";
}

/** How loud the microphone is, with a word for it: colour alone says nothing to some. */
export function LevelMeter({ listener }: { listener: Listener }) {
  const t = useText();
  const bar = useRef<HTMLDivElement>(null);
  const [verdict, setVerdict] = useState<Verdict>("levelLow");
  useEffect(() => {
    let shownDb = floorDb;
    let loudest = floorDb;
    let since = 0;
    return listener.onBlock(({ peak, sampleCount }) => {
      const seconds = sampleCount / listener.context.sampleRate;
      const db = Math.max(floorDb, 20 * Math.log10(peak + 1e-9));
      shownDb = Math.max(db, shownDb - fallDbPerSecond * seconds);
      loudest = Math.max(loudest, db);
      since += seconds;
      bar.current?.style.setProperty("--level", String(1 - shownDb / floorDb));
      if (since < 0.5) return;
      setVerdict(verdictOf(loudest)); // twice a second: a word that changes faster cannot be read
      loudest = floorDb;
      since = 0;
    });
  }, [listener]);
  return (
    <div className={styles.levelRow}>
      <span className={styles.levelName}>{t.sing.level}</span>
      <div ref={bar} className={styles.level} data-verdict={verdict} />
      <span className={styles.levelWord}>{t.sing[verdict]}</span>
    </div>
  );
}
