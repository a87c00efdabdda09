import { useEffect, useRef } from "react";

import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { drawLane, laneColours, type LanePoint } from "./lane_drawing";
import type { Listener } from "./listener";
import styles from "./sing.module.css";

const keptSeconds = 8;
const restingCentre = 57; // A3: between low and high voices

interface NoteLaneProps {
  listener: Listener;
  /** Of the take, in the context's time. */
  startSeconds: number;
  target?: number | null;
  progress?: number;
  band?: { low: number; high: number } | null;
  falsettoFrom?: number | null;
}

/** Where the eye should be: at what is asked for, or else at the voice. */
function wantedCentre(points: readonly LanePoint[], target: number | null, centre: number): number {
  const voice = points.slice(-30).flatMap(({ midi }) => (midi === null ? [] : [midi]));
  const last = voice.at(-1);
  if (target !== null) {
    const wanted = last === undefined ? target : (target + last) / 2;
    return Math.max(target - 7, Math.min(target + 7, wanted));
  }
  // It stays where it is while the voice is well inside: a lane that follows every note makes one seasick.
  return last === undefined || Math.abs(last - centre) < 5 ? centre : last;
}

/** Live: draws itself from the listener, without a render of React for each frame. */
export function NoteLane({ listener, startSeconds, ...asked }: NoteLaneProps) {
  const t = useText();
  const { notation } = usePreferences();
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef({ ...asked, notation });
  useEffect(() => {
    shown.current = { ...asked, notation };
  });

  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext("2d");
    if (!element || !g) return undefined;
    const points: LanePoint[] = [];
    const stopHearing = listener.onBlock(({ frames }) => {
      const { falsettoFrom = null } = shown.current;
      for (const { seconds, midi } of frames)
        points.push({ seconds, midi, falsetto: falsettoFrom !== null && midi !== null && midi >= falsettoFrom - 0.5 });
      const first = points.findIndex(({ seconds }) => seconds > (points.at(-1)?.seconds ?? 0) - keptSeconds);
      if (first > 100) points.splice(0, first);
    });
    let colours = laneColours(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const recolour = () => (colours = laneColours(element));
    dark.addEventListener("change", recolour);
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let centre = shown.current.target ?? restingCentre;
    let wanted = centre;
    let request = requestAnimationFrame(function draw() {
      const { width, height } = element.getBoundingClientRect();
      const scale = devicePixelRatio;
      if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
        element.width = Math.round(width * scale);
        element.height = Math.round(height * scale);
      }
      const { target = null, progress = 0, band = null, notation: names } = shown.current;
      wanted = wantedCentre(points, target, wanted);
      if (!calm.matches) centre += (wanted - centre) * 0.07;
      else if (Math.abs(wanted - centre) > 5) centre = wanted;
      g.setTransform(scale, 0, 0, scale, 0, 0);
      const nowSeconds = listener.context.currentTime - startSeconds;
      drawLane(
        g,
        { points, nowSeconds, centreMidi: centre, target, progress, band, notation: names },
        width,
        height,
        colours,
      );
      request = requestAnimationFrame(draw);
    });
    return () => {
      cancelAnimationFrame(request);
      stopHearing();
      dark.removeEventListener("change", recolour);
    };
  }, [listener, startSeconds]);

  return <canvas ref={canvas} className={styles.lane} role="img" aria-label={t.sing.lane} />;
}
