// The note that is asked for, played. The microphone is off meanwhile: what the loudspeaker plays must never be
// taken for the singer's voice.
import { hertzOfMidi } from "../text/notation";
import type { Listener } from "./listener";

const toneSeconds = 0.9;
const room = 0.2; // until the room is quiet again

/** Ends when the singer is heard again. latencySeconds: from the loudspeaker to the microphone. */
export async function playTone({ context, microphone }: Listener, midi: number, latencySeconds: number): Promise<void> {
  const level = new GainNode(context, { gain: 0 });
  const begin = context.currentTime + 0.03;
  level.gain.setTargetAtTime(0.25, begin, 0.02);
  level.gain.setTargetAtTime(0, begin + toneSeconds - 0.2, 0.06);
  level.connect(context.destination);
  // A few harmonics make a low note audible on a phone's loudspeaker.
  const wave = context.createPeriodicWave([0, 0, 0, 0, 0], [0, 1, 0.5, 0.35, 0.2]);
  const tone = new OscillatorNode(context, { type: "custom", periodicWave: wave, frequency: hertzOfMidi(midi) });
  tone.connect(level);
  microphone.track.enabled = false;
  tone.start(begin);
  tone.stop(begin + toneSeconds);
  await new Promise((ended) => tone.addEventListener("ended", ended, { once: true }));
  await new Promise((ended) => setTimeout(ended, 1000 * (latencySeconds + room)));
  microphone.track.enabled = true;
}
