// Every transition of one's uploads, in every tab, over one stream: the tab that holds the lock listens and
// tells the others. Where no stream can be held, the same is asked for every few seconds. An event is a hint
// that something has changed; whoever gets one reads the upload. `resync` says: events may have been missed.
import type { Schema } from "../api/client";

export type TransitionEvent = Schema["Event"];

export type Hint = { kind: "transition"; event: TransitionEvent } | { kind: "resync" };

export interface EventLine {
  /** The stream after `after`, or from now on. */
  open(after: number | null): EventSource;
  /** Transitions after `after`, in order, at most `limit`. Rejects where the line is broken or refused. */
  poll(after: number, limit: number): Promise<TransitionEvent[]>;
  /** Resolves with the lock held until `held` ends; null where the browser has no locks. */
  locks: Pick<LockManager, "request"> | null;
  channel: Pick<BroadcastChannel, "postMessage" | "close"> & { onmessage: ((event: MessageEvent) => void) | null } | null;
  later(milliseconds: number, then: () => void): () => void;
}

const lockName = "orakgarak-events";
const pollEvery = 5000;
const streamAgainAfter = 60_000;
const pageSize = 100;

export class Events {
  readonly #line: EventLine;
  readonly #listeners = new Set<(hint: Hint) => void>();
  readonly #end = new AbortController();
  #last: number | null = null;
  #source: EventSource | null = null;
  #cancelLater: (() => void) | null = null;

  constructor(line: EventLine) {
    this.#line = line;
    if (line.channel) line.channel.onmessage = (message) => this.#receive(message.data as Hint);
    if (!line.locks) {
      this.#listen();
      return;
    }
    const held = new Promise<void>((resolve) => this.#end.signal.addEventListener("abort", () => resolve()));
    line.locks
      .request(lockName, { signal: this.#end.signal }, () => {
        this.#listen();
        return held;
      })
      .catch(() => undefined); // closed before the lock came
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#end.abort();
    this.#source?.close();
    this.#cancelLater?.();
    this.#line.channel?.close();
    this.#listeners.clear();
  }

  #receive(hint: Hint): void {
    if (hint.kind === "transition") {
      if (this.#last !== null && hint.event.sequence <= this.#last) return; // told by the tab before too
      this.#last = hint.event.sequence;
    }
    for (const listener of this.#listeners) listener(hint);
  }

  #tell(hint: Hint): void {
    this.#receive(hint);
    this.#line.channel?.postMessage(hint);
  }

  #listen(): void {
    if (this.#end.signal.aborted) return;
    const source = this.#line.open(this.#last);
    this.#source = source;
    const startsNow = this.#last === null;
    // Without a place to start from, what happened before the stream stood is unknown.
    source.onopen = () => startsNow && this.#tell({ kind: "resync" });
    source.addEventListener("transition", (message) =>
      this.#tell({ kind: "transition", event: JSON.parse(message.data as string) as TransitionEvent }),
    );
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself, after Last-Event-ID
      source.close();
      this.#source = null;
      void this.#poll(streamAgainAfter);
    };
  }

  #later(milliseconds: number, then: () => void): void {
    this.#cancelLater = this.#line.later(milliseconds, then);
  }

  async #poll(untilStream: number): Promise<void> {
    try {
      await this.#readOn();
    } catch {
      // The next round asks again.
    }
    if (this.#end.signal.aborted) return;
    this.#later(pollEvery, () => (untilStream <= pollEvery ? this.#listen() : void this.#poll(untilStream - pollEvery)));
  }

  /** Reads to the end. Where there was no place to start from, only finds it. */
  async #readOn(): Promise<void> {
    const startsNow = this.#last === null;
    let after = this.#last ?? 0;
    for (let full = true; full; ) {
      const events = await this.#line.poll(after, pageSize);
      for (const event of events) {
        after = event.sequence;
        if (!startsNow) this.#tell({ kind: "transition", event });
      }
      full = events.length === pageSize;
    }
    if (!startsNow) return;
    this.#last = after;
    this.#tell({ kind: "resync" });
  }
}
