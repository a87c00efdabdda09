// What went wrong with signing in, in words for whoever tried.
import { ApiError } from "../api/client";
import type { Text } from "../text";

export function faultText(t: Text, error: unknown): string {
  if (!(error instanceof ApiError)) return t.account.faults.other;
  if (error.code === "offline") return t.common.offline;
  if (error.status === 429) return t.account.tooMany(Math.ceil((error.retryAfterSeconds ?? 60) / 60));
  const faults: Record<string, string> = t.account.faults;
  return faults[error.code] ?? t.account.faults.other;
}
