import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Events, type EventLine, type Hint, type TransitionEvent } from "./events";

class Source {
  static readonly CONNECTING = 0;
  static readonly CLOSED = 2;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  listener: ((message: MessageEvent) => void) | null = null;
  constructor(readonly after: number | null) {}
  addEventListener(_type: string, listener: (message: MessageEvent) => void): void {
    this.listener = listener;
  }
  close(): void {
    this.readyState = Source.CLOSED;
  }
  say(event: TransitionEvent): void {
    this.listener?.({ data: JSON.stringify(event) } as MessageEvent);
  }
  fail(): void {
    this.readyState = Source.CLOSED;
    this.onerror?.();
  }
}

const event = (sequence: number): TransitionEvent => ({
  sequence, upload: "u", version: 1, from: null, to: "PENDING", attempt: 0, why: "created", at: "2026-01-01T00:00:00Z",
});

/** Tabs of one browser: one lock, one channel, one server. */
class Browser {
  sources: Source[] = [];
  channels: { onmessage: ((event: MessageEvent) => void) | null }[] = [];
  queue: (() => void)[] = [];
  held = false;
  log: TransitionEvent[] = [];
  polls: number[] = [];
  timers: (() => void)[] = [];

  next(): void {
    const grant = this.queue.shift();
    this.held = grant !== undefined;
    grant?.();
  }

  tab(): { events: Events; heard: (number | string)[] } {
    const request = (_name: string, _options: unknown, held: () => Promise<void>) =>
      new Promise<void>((resolve) => {
        this.queue.push(() => void held().then(() => (resolve(), this.next())));
        if (!this.held) this.next();
      });
    const channel = {
      onmessage: null as ((event: MessageEvent) => void) | null,
      close: () => undefined,
      postMessage: (data: Hint) => {
        for (const other of this.channels) if (other !== channel) other.onmessage?.({ data } as MessageEvent);
      },
    };
    this.channels.push(channel);
    const line: EventLine = {
      open: (after) => {
        const source = new Source(after);
        this.sources.push(source);
        return source as unknown as EventSource;
      },
      poll: async (after, limit) => {
        this.polls.push(after);
        return this.log.filter((e) => e.sequence > after).slice(0, limit);
      },
      locks: { request } as unknown as LockManager,
      channel,
      later: (_ms, then) => {
        this.timers.push(then);
        return () => undefined;
      },
    };
    const events = new Events(line);
    const heard: (number | string)[] = [];
    events.subscribe((hint) => heard.push(hint.kind === "transition" ? hint.event.sequence : hint.kind));
    return { events, heard };
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("the events of a person", () => {
  let browser: Browser;
  beforeEach(() => {
    vi.stubGlobal("EventSource", Source);
    browser = new Browser();
  });
  afterEach(() => void vi.unstubAllGlobals());

  test("come over one stream to every tab", () => {
    const one = browser.tab();
    const two = browser.tab();
    browser.sources[0]?.say(event(1));
    expect(browser.sources.length).toBe(1);
    expect([one.heard, two.heard]).toEqual([[1], [1]]);
  });

  test("go on in another tab, after the last one heard, when the first is closed", async () => {
    const one = browser.tab();
    const two = browser.tab();
    browser.sources[0]?.say(event(7));
    one.events.close();
    await settled();
    expect(browser.sources.map((source) => source.after)).toEqual([null, 7]);
    browser.sources[1]?.say(event(7));
    browser.sources[1]?.say(event(8));
    expect(two.heard).toEqual([7, 8]);
  });

  test("may have been missed before the stream stood, and that is said", () => {
    const one = browser.tab();
    browser.sources[0]?.onopen?.();
    expect(one.heard).toEqual(["resync"]);
  });

  test("are asked for where no stream can be held, and a stream is tried again", async () => {
    browser.log = Array.from({ length: 150 }, (_, i) => event(i + 1));
    const one = browser.tab();
    browser.sources[0]?.fail();
    await settled();
    expect(browser.polls).toEqual([0, 100]); // finds the end, and tells nothing of what is long past
    expect(one.heard).toEqual(["resync"]);
    browser.log.push(event(151));
    for (let i = 0; i < 12; ++i) {
      browser.timers.shift()?.();
      await settled();
    }
    expect(one.heard).toEqual(["resync", 151]);
    expect(browser.sources.map((source) => source.after)).toEqual([null, 151]);
  });
});
