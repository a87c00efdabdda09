// How strong the harmonics of a voice are. Chest voice closes the glottis sharply and is rich in them; falsetto
// is nearly its first harmonic alone (Henrich et al. 2005 measure it as H1−H2).

/** Level in dB of the partial at `hertz` in `samples` under a Hann window (Goertzel). */
export function partialDb(samples: Float32Array, hertz: number, rateHz: number): number {
  const step = (2 * Math.PI * hertz) / rateHz;
  const turn = 2 * Math.cos(step);
  const window = (2 * Math.PI) / samples.length;
  let before = 0;
  let last = 0;
  for (let i = 0; i < samples.length; ++i) {
    const hann = 0.5 - 0.5 * Math.cos(window * i);
    const now = (samples[i] ?? 0) * hann + turn * last - before;
    before = last;
    last = now;
  }
  const power = last * last + before * before - turn * last * before;
  return 10 * Math.log10(power / (samples.length * samples.length) + 1e-20);
}

/** The first harmonic over the mean of the next four, in dB; null where they lie beyond half the sample rate. */
export function firstHarmonicDb(samples: Float32Array, f0Hz: number, rateHz: number): number | null {
  const next = [2, 3, 4, 5].filter((k) => k * f0Hz < 0.45 * rateHz);
  if (next.length === 0) return null;
  const levels = next.map((k) => partialDb(samples, k * f0Hz, rateHz));
  return partialDb(samples, f0Hz, rateHz) - levels.reduce((sum, level) => sum + level, 0) / levels.length;
}
