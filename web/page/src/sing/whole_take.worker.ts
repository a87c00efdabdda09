// Hears a whole recording at once, for takes that were not heard while they were sung.
import { frameHopSeconds, VoiceCore } from "@orakgarak/core";

import { curveOf } from "./curve";
import type { WholeTake, WholeTakeHeard } from "./messages";

const page = self as unknown as {
  postMessage(message: WholeTakeHeard): void;
  onmessage: ((event: MessageEvent<WholeTake>) => void) | null;
};

page.onmessage = ({ data: { module, samples, rateHz } }) => {
  void VoiceCore.load(module)
    .then((core) => core.startTake(rateHz))
    .then((take) => {
      take.push(samples);
      const { frames, report } = take.finish();
      page.postMessage({ report, curve: curveOf(frames, frameHopSeconds) });
    })
    .catch((error: unknown) => page.postMessage({ fault: String(error) }));
};
