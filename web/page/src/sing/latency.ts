// How late the microphone hears what the loudspeaker was told to play. Needed to say where an accompaniment began.
import type { Block } from "./messages";
import type { Listener } from "./listener";

export interface Latency {
  seconds: number;
  /** heard: measured with clicks through the air. told: what the browser says of its own buffers. */
  how: "heard" | "told";
}

type Peak = Pick<Block, "peak" | "peakFrame">;

const clickCount = 5;
const clickSpacing = 0.4;
const clickLength = 0.008;
const clickHertz = 1800;
const longest = 0.35;
const spreadSeconds = 0.012;
/** A click stands this far out of the room, and is no whisper of the converter either. */
const overRoom = 4;
const least = 0.01;

/** From what was heard around clicks played at these times (of the context); null where too few were heard. */
export function latencyOf(blocks: readonly Peak[], clickSeconds: readonly number[], rateHz: number): number | null {
  const room = blocks.map(({ peak }) => peak).toSorted((a, b) => a - b)[blocks.length >> 1] ?? 0;
  const loud = Math.max(least, overRoom * room);
  const heard = clickSeconds.flatMap((played) => {
    const first = blocks.find(({ peak, peakFrame }) => {
      const after = peakFrame / rateHz - played;
      return peak >= loud && after > 0 && after < longest;
    });
    return first ? [first.peakFrame / rateHz - played] : [];
  });
  const sorted = heard.toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) return null;
  const agreeing = sorted.filter((seconds) => Math.abs(seconds - middle) <= spreadSeconds);
  return agreeing.length * 2 > clickSeconds.length ? middle : null;
}

export function toldLatency({ context, microphone }: Listener): Latency {
  const output = context.baseLatency + (Number.isFinite(context.outputLatency) ? context.outputLatency : 0);
  return { seconds: output + (microphone.latencySeconds ?? 0), how: "told" };
}

function click(context: AudioContext): AudioBuffer {
  const length = Math.round(clickLength * context.sampleRate);
  const buffer = context.createBuffer(1, length, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < length; ++i)
    samples[i] = 0.6 * Math.sin((2 * Math.PI * clickHertz * i) / context.sampleRate) * Math.sin((Math.PI * i) / length);
  return buffer;
}

/** Plays five clicks. Where they are not heard (headphones, a muted loudspeaker), the browser is believed. */
export async function measureLatency(listener: Listener): Promise<Latency> {
  const { context } = listener;
  const blocks: Peak[] = [];
  const stop = listener.onBlock(({ peak, peakFrame }) => blocks.push({ peak, peakFrame }));
  const buffer = click(context);
  const from = context.currentTime + 0.2;
  const played = Array.from({ length: clickCount }, (_, i) => from + i * clickSpacing);
  const sources = played.map((at) => {
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.start(at);
    return source;
  });
  await new Promise((ended) => (sources.at(-1) ?? context).addEventListener("ended", ended, { once: true }));
  await new Promise((ended) => setTimeout(ended, 1000 * longest));
  stop();
  const seconds = latencyOf(blocks, played.map((at) => at + clickLength / 2), context.sampleRate);
  return seconds === null ? toldLatency(listener) : { seconds, how: "heard" };
}
