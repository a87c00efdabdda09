// What to tell whoever runs the server about an error: with it, they find every line of the log about it.
import { ApiError } from "../api/client";
import { useText } from "../text";
import { Soft } from "./parts";

/** Nothing where the error is none of the server's. */
export function TraceNumber({ of }: { of: unknown }) {
  const t = useText();
  const trace = of instanceof ApiError ? of.traceId : of;
  if (typeof trace !== "string") return null;
  return (
    <Soft small>
      {t.common.traceNumber}: <code>{trace}</code>
    </Soft>
  );
}
