// The note lane on a canvas: pitch upwards, time to the right, the present near the right edge. The voice is a
// line of its own colour; what is asked for is a bar that fills while it is held.
import { nameNote, type Notation } from "../text/notation";

export interface LanePoint {
  seconds: number;
  midi: number | null;
  falsetto: boolean;
}

export interface LaneView {
  /** Newest last. */
  points: readonly LanePoint[];
  nowSeconds: number;
  centreMidi: number;
  /** The semitone to hold, and how much of it is held, 0 to 1. */
  target: number | null;
  progress: number;
  /** What was reached so far. */
  band: { low: number; high: number } | null;
  notation: Notation;
}

export interface LaneColours {
  ground: string;
  black: string;
  line: string;
  c: string;
  name: string;
  ink: string;
  voice: string;
  falsetto: string;
  target: string;
  band: string;
  font: string;
}

export const laneSemitones = 19;
const secondsAcross = 6;
const nowAt = 0.74;
const gapSeconds = 0.05;
const isBlackKey = (semitone: number) => [1, 3, 6, 8, 10].includes(((semitone % 12) + 12) % 12);

export function laneColours(element: Element): LaneColours {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: colour("--lane-ground"), black: colour("--lane-black"), line: colour("--lane-line"), c: colour("--lane-c"),
    name: colour("--lane-name"), ink: colour("--ink"), voice: colour("--voice"), falsetto: colour("--voice-falsetto"),
    target: colour("--target"), band: colour("--comfortable"), font: style.fontFamily,
  };
}

interface Plan {
  width: number;
  height: number;
  row: number;
  left: number;
  x(seconds: number): number;
  y(midi: number): number;
}

function plan(view: LaneView, width: number, height: number): Plan {
  const row = height / laneSemitones;
  const left = view.notation === "scientific" ? 38 : view.notation === "japanese" ? 58 : 78;
  const nowX = left + (width - left) * nowAt;
  const perSecond = (width - left) / secondsAcross;
  return {
    width, height, row, left,
    x: (seconds) => nowX + (seconds - view.nowSeconds) * perSecond,
    y: (midi) => height / 2 - (midi - view.centreMidi) * row,
  };
}

function drawRows(g: CanvasRenderingContext2D, view: LaneView, p: Plan, colours: LaneColours): void {
  g.fillStyle = colours.ground;
  g.fillRect(0, 0, p.width, p.height);
  const lowest = Math.floor(view.centreMidi - laneSemitones / 2) - 1;
  for (let semitone = lowest; semitone <= lowest + laneSemitones + 2; ++semitone) {
    const top = p.y(semitone + 0.5);
    if (isBlackKey(semitone)) {
      g.fillStyle = colours.black;
      g.fillRect(0, top, p.width, p.row);
    }
    const opensOctave = semitone % 12 === 0;
    g.fillStyle = opensOctave ? colours.c : colours.line;
    g.fillRect(0, Math.round(top + p.row), p.width, opensOctave ? 1.5 : 1);
  }
}

function drawBand(g: CanvasRenderingContext2D, band: { low: number; high: number }, p: Plan, colour: string): void {
  g.globalAlpha = 0.55;
  g.fillStyle = colour;
  g.fillRect(p.left, p.y(band.high + 0.5), p.width - p.left, p.y(band.low - 0.5) - p.y(band.high + 0.5));
  g.globalAlpha = 1;
}

function drawTarget(g: CanvasRenderingContext2D, view: LaneView, p: Plan, colours: LaneColours): void {
  if (view.target === null) return;
  const top = p.y(view.target + 0.5) + 1;
  const bar = (from: number, to: number) => {
    g.beginPath();
    g.roundRect(from, top, Math.max(0, to - from), p.row - 2, (p.row - 2) / 2);
    g.fill();
  };
  g.fillStyle = colours.target;
  bar(p.left + 4, p.width - 6);
  if (view.progress > 0) {
    g.globalAlpha = 0.55;
    g.fillStyle = colours.voice;
    bar(p.left + 4, p.left + 4 + (p.width - p.left - 10) * view.progress);
    g.globalAlpha = 1;
  }
  g.font = `650 ${Math.min(14, p.row * 0.8)}px ${colours.font}`;
  g.textAlign = "left";
  g.textBaseline = "middle";
  g.fillStyle = colours.ink;
  g.fillText(nameNote(view.target, view.notation).full, p.left + 14, p.y(view.target) + 1);
}

function drawVoice(g: CanvasRenderingContext2D, view: LaneView, p: Plan, colours: LaneColours): void {
  g.lineWidth = Math.max(3, p.row * 0.24);
  g.lineCap = "round";
  g.lineJoin = "round";
  let before: LanePoint | null = null;
  for (const point of view.points) {
    const joins = before?.midi != null && point.midi !== null && point.seconds - before.seconds <= gapSeconds &&
      Math.abs(point.midi - before.midi) < 3;
    if (joins && before?.midi != null && point.midi !== null) {
      g.strokeStyle = point.falsetto ? colours.falsetto : colours.voice;
      g.beginPath();
      g.moveTo(p.x(before.seconds), p.y(before.midi));
      g.lineTo(p.x(point.seconds), p.y(point.midi));
      g.stroke();
    }
    before = point;
  }
  if (before?.midi == null || view.nowSeconds - before.seconds > 0.2) return;
  g.fillStyle = before.falsetto ? colours.falsetto : colours.voice;
  g.beginPath();
  g.arc(p.x(before.seconds), p.y(before.midi), Math.max(5, p.row * 0.42), 0, 2 * Math.PI);
  g.fill();
}

function drawNames(g: CanvasRenderingContext2D, view: LaneView, p: Plan, colours: LaneColours): void {
  g.fillStyle = colours.ground;
  g.fillRect(0, 0, p.left, p.height);
  g.fillStyle = colours.line;
  g.fillRect(p.left - 1, 0, 1, p.height);
  g.textBaseline = "middle";
  g.textAlign = "right";
  const size = Math.max(10, Math.min(13, p.row * 0.82));
  const lowest = Math.ceil(view.centreMidi - laneSemitones / 2);
  for (let semitone = lowest; semitone < lowest + laneSemitones; ++semitone) {
    if (isBlackKey(semitone)) continue;
    const name = nameNote(semitone, view.notation);
    const opens = view.notation === "japanese" ? semitone % 12 === 9 : semitone % 12 === 0;
    g.font = `${opens ? 700 : 400} ${size}px ${colours.font}`;
    g.fillStyle = colours.name;
    g.fillText(opens ? name.full : name.step, p.left - 7, p.y(semitone));
  }
}

/** width and height in CSS pixels; the context is scaled to them. */
export function drawLane(g: CanvasRenderingContext2D, view: LaneView, width: number, height: number, colours: LaneColours): void {
  const p = plan(view, width, height);
  drawRows(g, view, p, colours);
  if (view.band) drawBand(g, view.band, p, colours.band);
  drawTarget(g, view, p, colours);
  g.fillStyle = colours.c;
  g.fillRect(p.x(view.nowSeconds), 0, 1, p.height);
  drawVoice(g, view, p, colours);
  drawNames(g, view, p, colours);
}
