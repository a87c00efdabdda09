// The server as docs/openapi.yaml describes it. Types are generated from that file (npm run api).
import createClient from "openapi-fetch";

import type { components, paths } from "./schema.gen";

export type Schema = components["schemas"];
export type Problem = Schema["Problem"];

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });

const hex = (bytes: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const traces = new WeakMap<Response, string>();

// Each call begins a trace (W3C Trace Context): what the server, its proxy and its workers do for it can be found by it.
api.use({
  onRequest({ request }) {
    request.headers.set("traceparent", `00-${hex(16)}-${hex(8)}-00`);
  },
  onResponse({ request, response }) {
    traces.set(response, request.headers.get("traceparent")?.split("-")[1] ?? "");
  },
});

/** What went wrong with a call: the server's own problem, or that it could not be reached at all. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    detail: string,
    readonly status = 0,
    readonly retryAfterSeconds: number | null = null,
    /** By which the log tells of it; null: the server never heard of the call. */
    readonly traceId: string | null = null,
  ) {
    super(detail);
    this.name = "ApiError";
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" && value !== null && "code" in value && "detail" in value;

/** The data of a call, or an ApiError: `const about = await answer(api.GET("/v1/about"))`. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await call;
  } catch {
    throw new ApiError("offline", "the server cannot be reached");
  }
  if (got.response.ok) return got.data as T;
  const wait = Number(got.response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  const { error, response } = got;
  const trace = traces.get(response) ?? null;
  if (isProblem(error)) throw new ApiError(error.code, error.detail, response.status, retryAfter, error.trace_id ?? trace);
  throw new ApiError("http", `the server answered ${response.status}`, response.status, retryAfter, trace);
}
