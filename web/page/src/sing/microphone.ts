// Getting at the microphone as it is: no echo cancelling, noise suppression or gain control, which all bend the
// pitch and the loudness of singing.

export type MicrophoneFault = "insecure" | "unsupported" | "denied" | "missing" | "busy" | "gone" | "other";

export class MicrophoneError extends Error {
  constructor(readonly fault: MicrophoneFault, detail: string) {
    super(detail);
    this.name = "MicrophoneError";
  }
}

const processing = ["echoCancellation", "noiseSuppression", "autoGainControl"] as const;
export type Processing = (typeof processing)[number];

export interface Microphone {
  stream: MediaStream;
  track: MediaStreamTrack;
  deviceId: string;
  label: string;
  /** What the browser left on although it was asked not to. */
  leftOn: Processing[];
  /** As the browser tells it; null where it does not. */
  latencySeconds: number | null;
}

export interface MicrophoneChoice {
  deviceId: string;
  label: string;
}

const faults: Record<string, MicrophoneFault> = {
  NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing",
  NotReadableError: "busy", AbortError: "busy", OverconstrainedError: "gone",
};

const rememberedKey = "orakgarak.microphone";

/** The microphone that was chosen here last, where there is more than one. */
function rememberedMicrophone(): string | null {
  try {
    return localStorage.getItem(rememberedKey);
  } catch {
    return null;
  }
}

export function rememberMicrophone(deviceId: string): void {
  try {
    localStorage.setItem(rememberedKey, deviceId);
  } catch {
    // storage is closed to us: it is chosen anew next time
  }
}

/** deviceId null: the one that was chosen last, or else the one that the browser prefers. Throws MicrophoneError. */
export async function openMicrophone(deviceId: string | null): Promise<Microphone> {
  if (deviceId !== null) return open(deviceId);
  const remembered = rememberedMicrophone();
  if (remembered === null) return open(null);
  return open(remembered).catch((error: unknown) => {
    if (error instanceof MicrophoneError && error.fault === "gone") return open(null);
    throw error;
  });
}

async function open(deviceId: string | null): Promise<Microphone> {
  if (!isSecureContext) throw new MicrophoneError("insecure", "microphones need HTTPS or localhost");
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === "undefined")
    throw new MicrophoneError("unsupported", "this browser has no microphone access or no audio worklet");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: { ideal: 1 },
        ...(deviceId && { deviceId: { exact: deviceId } }),
      },
    });
    return describe(stream);
  } catch (error) {
    if (error instanceof MicrophoneError) throw error;
    const name = error instanceof DOMException ? error.name : "";
    throw new MicrophoneError(faults[name] ?? "other", String(error));
  }
}

function describe(stream: MediaStream): Microphone {
  const track = stream.getAudioTracks()[0];
  if (!track) throw new MicrophoneError("missing", "the stream has no audio track");
  const settings: MediaTrackSettings & { latency?: number } = track.getSettings();
  return {
    stream, track,
    deviceId: settings.deviceId ?? "",
    label: track.label,
    leftOn: processing.filter((name) => settings[name] === true),
    latencySeconds: typeof settings.latency === "number" ? settings.latency : null,
  };
}

/** Named only once the microphone was allowed. */
export async function listMicrophones(): Promise<MicrophoneChoice[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter((device) => device.kind === "audioinput" && device.deviceId !== "")
    .map(({ deviceId, label }) => ({ deviceId, label }));
}
