// Twelve states of an upload, of which a singer needs to know six steps and two ends.
import type { Schema } from "../api/client";

export type State = Schema["State"];

export const steps = ["sending", "arrived", "reading", "waiting", "listening", "done"] as const;
export type Step = (typeof steps)[number] | "failed" | "expired";

const stepOf: Record<State, Step> = {
  PENDING: "sending",
  UPLOADED: "arrived",
  AUDIO_CONVERTING: "reading",
  AUDIO_CONVERTED: "reading",
  VOICE_ANALYSIS_PENDING: "waiting",
  VOICE_ANALYZING: "listening",
  VOICE_ANALYZED: "listening",
  IMAGE_OPTIMIZING: "reading",
  THUMBNAIL_GENERATING: "listening",
  COMPLETED: "done",
  FAILED: "failed",
  EXPIRED: "expired",
};

export const stepFor = (state: State): Step => stepOf[state];

export function isEnd(state: State): boolean {
  return state === "COMPLETED" || state === "FAILED" || state === "EXPIRED";
}

/** At which of the steps a failed upload stood. */
export function failedAt(stage: Schema["Stage"]): (typeof steps)[number] {
  const at: Record<Schema["Stage"], (typeof steps)[number]> = {
    check: "arrived", convert: "reading", analyze: "listening", optimize: "reading", thumbnail: "listening",
  };
  return at[stage];
}
