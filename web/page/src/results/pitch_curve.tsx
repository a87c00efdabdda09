// The pitch over a take, drawn on a canvas: what was sung as a line, the notes heard in it as bars behind.
// Moves by dragging, by two fingers, by arrow keys and by buttons.
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { Note } from "@orakgarak/core";

import { Button, Row, Soft } from "../look/parts";
import { clock } from "../look/time";
import { usePreferences } from "../settings/preferences";
import { number, useText } from "../text";
import { noteName, type Notation } from "../text/notation";
import { moved, pitchSpan, sungEnds, tickSeconds, whole, zoomed, type View } from "./curve_view";
import type { PitchCurve } from "./report";
import styles from "./pitch_curve.module.css";

const timeHeight = 22;

/** Room for the longest name at the left. */
const namesRoom: Record<Notation, number> = { scientific: 40, korean: 76, japanese: 60 };

const heardBy = ["b", "a", "n"] as const;
type HeardBy = (typeof heardBy)[number];
const strokes: Record<HeardBy, { colour: string; dash: number[] }> = {
  b: { colour: "--voice", dash: [] },
  a: { colour: "--voice", dash: [2, 4] },
  n: { colour: "--voice-network", dash: [7, 5] },
};

interface Drawing {
  curve: PitchCurve;
  notes: readonly Note[];
  view: View;
  notation: Notation;
}

function colour(canvas: HTMLCanvasElement, name: string): string {
  return getComputedStyle(canvas).getPropertyValue(name);
}

class Plot {
  readonly c: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly span: { low: number; high: number };
  readonly names: number;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly d: Drawing,
    context: CanvasRenderingContext2D,
  ) {
    this.c = context;
    this.width = canvas.clientWidth;
    this.height = canvas.clientHeight;
    this.span = pitchSpan(d.curve.midi);
    this.names = namesRoom[d.notation];
  }

  x = (seconds: number): number =>
    this.names + ((seconds - this.d.view.from) / this.d.view.width) * (this.width - this.names);
  y = (midi: number): number =>
    (this.height - timeHeight) * (1 - (midi - this.span.low) / (this.span.high - this.span.low));

  lanes(): void {
    const { c, span } = this;
    const step = this.y(0) - this.y(1);
    c.fillStyle = colour(this.canvas, "--lane-ground");
    c.fillRect(0, 0, this.width, this.height);
    c.fillStyle = colour(this.canvas, "--lane-black");
    for (let midi = span.low; midi <= span.high; ++midi)
      if ([1, 3, 6, 8, 10].includes(((midi % 12) + 12) % 12)) c.fillRect(this.names, this.y(midi + 0.5), this.width, step);
    c.font = `12px ${getComputedStyle(this.canvas).fontFamily}`;
    c.textBaseline = "middle";
    c.textAlign = "right";
    for (let midi = span.low; midi <= span.high; ++midi) {
      if (midi % 12 !== 0 && (midi % 12 !== 7 || step < 6)) continue;
      c.fillStyle = colour(this.canvas, midi % 12 === 0 ? "--lane-c" : "--lane-line");
      c.fillRect(this.names, Math.round(this.y(midi)), this.width, 1);
      c.fillStyle = colour(this.canvas, "--lane-name");
      if (this.y(midi) > 8) c.fillText(noteName(midi, this.d.notation), this.names - 8, this.y(midi));
    }
  }

  times(): void {
    const { c } = this;
    const { from, width } = this.d.view;
    const step = tickSeconds(width, (this.width - this.names) / 56);
    c.textAlign = "center";
    for (let t = Math.ceil(from / step) * step; t <= from + width; t += step) {
      c.fillStyle = colour(this.canvas, "--lane-line");
      c.fillRect(Math.round(this.x(t)), 0, 1, this.height - timeHeight);
      c.fillStyle = colour(this.canvas, "--lane-name");
      if (this.x(t) > this.names + 14 && this.x(t) < this.width - 14)
        c.fillText(step < 1 ? t.toFixed(1) : clock(t), this.x(t), this.height - timeHeight / 2);
    }
  }

  clip(): void {
    this.c.beginPath();
    this.c.rect(this.names, 0, this.width - this.names, this.height - timeHeight);
    this.c.clip();
  }

  notes(): void {
    const { c } = this;
    const thick = Math.max(6, Math.min(16, this.y(0) - this.y(1)));
    c.fillStyle = colour(this.canvas, "--target");
    for (const { span, midi } of this.d.notes) {
      const from = this.x(span.startSeconds);
      c.beginPath();
      c.roundRect(from, this.y(midi) - thick / 2, Math.max(2, this.x(span.endSeconds) - from), thick, thick / 3);
      c.fill();
    }
  }

  line(): void {
    const { c } = this;
    const { hopSeconds, midi } = this.d.curve;
    const first = Math.max(0, Math.floor(this.d.view.from / hopSeconds) - 1);
    const last = Math.min(midi.length, Math.ceil((this.d.view.from + this.d.view.width) / hopSeconds) + 2);
    c.lineWidth = 2;
    c.lineJoin = "round";
    c.lineCap = "round";
    for (const by of heardBy) this.part(first, last, by);
  }

  /** What one judge vouches for. Points of an old report count as heard by both. */
  part(first: number, last: number, by: HeardBy): void {
    const { c } = this;
    const { hopSeconds, midi, heardBy: letters } = this.d.curve;
    c.strokeStyle = colour(this.canvas, strokes[by].colour);
    c.setLineDash(strokes[by].dash);
    c.beginPath();
    let before: number | null = null;
    for (let i = first; i < last; ++i) {
      const pitch = midi[i] ?? null;
      const mine = pitch !== null && (letters?.[i] ?? "b") === by;
      // A jump within one hop is another note, not a glide.
      if (mine && before !== null && Math.abs(pitch - before) < 3) c.lineTo(this.x(i * hopSeconds), this.y(pitch));
      else if (pitch !== null) c.moveTo(this.x(i * hopSeconds), this.y(pitch));
      before = pitch;
    }
    c.stroke();
  }
}

function draw(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  context.scale(ratio, ratio);
  const plot = new Plot(canvas, drawing, context);
  plot.lanes();
  plot.times();
  context.save();
  plot.clip();
  plot.notes();
  plot.line();
  context.restore();
}

/** Draws now, when the canvas changes its size, and when the colours do. */
function useDrawing(drawing: Drawing) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const again = () => draw(canvas, drawing);
    const sizes = new ResizeObserver(again);
    sizes.observe(canvas);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again);
    return () => {
      sizes.disconnect();
      dark.removeEventListener("change", again);
    };
  }, [drawing.curve, drawing.notes, drawing.view, drawing.notation]);
  return ref;
}

/** Dragging moves; two pointers also zoom. */
function useGestures(change: (how: (view: View) => View) => void, duration: number, names: number) {
  const pointers = useRef(new Map<number, number>());
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, event.clientX);
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const box = event.currentTarget.getBoundingClientRect();
    const width = box.width - names;
    const others = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
    pointers.current.set(event.pointerId, event.clientX);
    const other = others[0];
    if (other === undefined) return change((view) => moved(view, (before - event.clientX) / width, duration));
    const apart = Math.max(20, Math.abs(event.clientX - other));
    const anchor = ((event.clientX + other) / 2 - box.left - names) / width;
    change((view) => zoomed(view, Math.max(20, Math.abs(before - other)) / apart, anchor, duration));
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>) => pointers.current.delete(event.pointerId);
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp };
}

/** How much each judge vouches for, and how its line looks; nothing for a report that does not say. */
function HeardByLegend({ curve }: { curve: PitchCurve }) {
  const t = useText();
  const { language } = usePreferences();
  const all = [...(curve.heardBy ?? "")].filter((letter) => letter !== "-");
  if (all.length === 0) return null;
  return (
    <ul className={styles.legend} aria-label={t.results.heardBy}>
      {heardBy.map((by) => (
        <li key={by}>
          <span className={styles[by]} aria-hidden="true" />
          {t.results.heardByWhom[by]} {number(language, (100 * all.filter((letter) => letter === by).length) / all.length)} %
        </li>
      ))}
    </ul>
  );
}

interface Props {
  curve: PitchCurve;
  notes: readonly Note[];
  durationSeconds: number;
}

export function PitchCurveView({ curve, notes, durationSeconds }: Props) {
  const t = useText();
  const { notation } = usePreferences();
  const [view, setView] = useState<View>(() => whole(Math.min(durationSeconds, 30)));
  const change = useCallback((how: (view: View) => View) => setView(how), []);
  const ref = useDrawing({ curve, notes, view, notation });
  const gestures = useGestures(change, durationSeconds, namesRoom[notation]);
  const zoom = (factor: number) => change((v) => zoomed(v, factor, 0.5, durationSeconds));
  const onKeyDown = (event: KeyboardEvent) => {
    const actions: Record<string, () => void> = {
      ArrowLeft: () => change((v) => moved(v, -0.2, durationSeconds)),
      ArrowRight: () => change((v) => moved(v, 0.2, durationSeconds)),
      Home: () => change((v) => ({ ...v, from: 0 })),
      End: () => change((v) => moved(v, 1e6, durationSeconds)),
      "+": () => zoom(0.6),
      "=": () => zoom(0.6),
      "-": () => zoom(1 / 0.6),
    };
    const action = actions[event.key];
    if (!action || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    action();
  };
  const { low, high } = sungEnds(curve.midi) ?? pitchSpan([]);
  const label = t.results.curveLabel(clock(durationSeconds), noteName(low, notation), noteName(high, notation));
  return (
    <>
      <canvas ref={ref} className={styles.canvas} tabIndex={0} role="img" aria-label={label} onKeyDown={onKeyDown} {...gestures} />
      <Row>
        <Button onClick={() => zoom(0.6)}>{t.results.zoomIn}</Button>
        <Button onClick={() => zoom(1 / 0.6)}>{t.results.zoomOut}</Button>
        <Button onClick={() => setView(whole(durationSeconds))}>{t.results.wholeTake}</Button>
      </Row>
      <HeardByLegend curve={curve} />
      <Soft small>{t.results.curveHelp}</Soft>
    </>
  );
}
