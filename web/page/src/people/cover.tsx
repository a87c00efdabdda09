// The cover of an album: the picture that its owner chose, or one drawn from the album's id, the same wherever it
// is shown.
import { cx } from "../look/parts";
import styles from "./people.module.css";

/** Numbers from 0 up to 1 that the text alone decides (xorshift over FNV-1a). */
function* numbersOf(text: string): Generator<number, never> {
  let state = 2166136261;
  for (const letter of text) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 16777619);
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield (state >>> 0) / 2 ** 32;
  }
}

function Drawn({ seed }: { seed: string }) {
  const numbers = numbersOf(seed);
  const next = () => numbers.next().value;
  const hue = Math.floor(next() * 360);
  const lines = Array.from({ length: 5 }, (_, i) => {
    const heights = Array.from({ length: 6 }, () => 14 + 14 * i + (next() - 0.5) * 26);
    const path = heights.map((y, x) => (x === 0 ? `M0 ${y}` : `S${20 * x - 10} ${y} ${20 * x} ${y}`)).join("");
    return { path, width: 1 + 3 * next(), light: 55 + 8 * i };
  });
  return (
    <svg viewBox="0 0 100 100" aria-hidden="true">
      <rect width="100" height="100" fill={`hsl(${hue} 45% 24%)`} />
      {lines.map(({ path, width, light }) => (
        <path key={path} d={path} fill="none" stroke={`hsl(${(hue + light) % 360} 70% ${light}%)`} strokeWidth={width} strokeLinecap="round" />
      ))}
    </svg>
  );
}

/** It says nothing that the title beside it does not say. */
export function Cover({ seed, url, large }: { seed: string; url: string | null; large?: boolean }) {
  return (
    <div className={cx(styles.cover, large && styles.largeCover)}>
      {url === null ? <Drawn seed={seed} /> : <img src={url} alt="" loading="lazy" />}
    </div>
  );
}
