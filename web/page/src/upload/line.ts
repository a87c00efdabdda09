// The bytes on their way to the object store. XMLHttpRequest, because fetch tells nothing of what was sent.
import type { Clock, Line, OnBytes, StoreStatus } from "./send";

function transfer(
  method: "POST" | "PUT",
  url: string,
  headers: Record<string, string>,
  body: Blob | FormData,
  onBytes: OnBytes,
  signal: AbortSignal,
): Promise<StoreStatus> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    const end = (status: StoreStatus): void => {
      signal.removeEventListener("abort", abort);
      resolve(status);
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onBytes(event.loaded);
    request.onload = () => end(request.status);
    request.onerror = () => end(0);
    request.ontimeout = () => end(0);
    request.onabort = () => {
      signal.removeEventListener("abort", abort);
      reject(new DOMException("Paused", "AbortError"));
    };
    if (signal.aborted) {
      reject(new DOMException("Paused", "AbortError"));
      return;
    }
    signal.addEventListener("abort", abort);
    request.send(body);
  });
}

// A browser sets these itself and lets no page do it.
const ownHeaders = new Set(["content-length", "host"]);

export const browserLine: Line = {
  form(url, fields, file, onBytes, signal) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", file);
    // The form's own fields count as sent bytes; the bar ends at the file's size all the same.
    return transfer("POST", url, {}, form, (sent) => onBytes(Math.min(sent, file.size)), signal);
  },
  put(url, headers, part, onBytes, signal) {
    const settable = Object.entries(headers).filter(([name]) => !ownHeaders.has(name.toLowerCase()));
    return transfer("PUT", url, Object.fromEntries(settable), part, onBytes, signal);
  },
};

export const browserClock: Clock = {
  now: () => Date.now(),
  online: () => navigator.onLine,
  wait(milliseconds, signal) {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        window.removeEventListener("online", end);
        signal.removeEventListener("abort", aborted);
        resolve();
      };
      const aborted = (): void => {
        end();
        reject(new DOMException("Paused", "AbortError"));
      };
      const timer = setTimeout(end, milliseconds);
      window.addEventListener("online", end);
      if (signal.aborted) aborted();
      else signal.addEventListener("abort", aborted);
    });
  },
};
