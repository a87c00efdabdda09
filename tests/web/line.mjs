// The line between a browser and the object store: counts what goes up, and can be slow, cut or late.
import { connect, createServer } from "node:net";

export class Line {
  /** Bytes that came from the browser. */
  bytes = 0;
  bytesPerSecond = Infinity;
  /** Milliseconds that the next connections wait before anything of theirs is passed on. */
  delays = [];
  #up = true;
  #sockets = new Set();
  #waiting = [];

  /** The store's. */
  port = 0;

  static async open() {
    const line = new Line();
    line.server = createServer((browser) => void line.#join(browser));
    await new Promise((resolve) => line.server.listen(0, "127.0.0.1", resolve));
    return line;
  }

  get url() {
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  cut() {
    this.#up = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#up = true;
  }

  /** Resolves when so many bytes have come. */
  reached(bytes) {
    return new Promise((resolve) => this.#waiting.push({ bytes, resolve }));
  }

  /** When nothing has come for a while: what had come by then. Bytes are still on the way when a sender stops. */
  async quiet() {
    for (let before = -1; before !== this.bytes; ) {
      before = this.bytes;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return this.bytes;
  }

  close() {
    this.cut();
    this.server.close();
  }

  async #join(browser) {
    browser.on("error", () => undefined);
    if (!this.#up) return browser.destroy();
    this.#sockets.add(browser);
    const delay = this.delays.shift();
    browser.pause();
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
    const store = connect(this.port, "127.0.0.1");
    store.on("error", () => browser.destroy());
    store.on("close", () => browser.end());
    store.pipe(browser);
    browser.on("close", () => {
      this.#sockets.delete(browser);
      store.destroy();
    });
    browser.on("data", (piece) => this.#pass(browser, store, piece));
    browser.on("end", () => store.end());
    browser.resume();
  }

  #pass(browser, store, piece) {
    this.bytes += piece.length;
    for (const { bytes, resolve } of this.#waiting) if (this.bytes >= bytes) resolve();
    this.#waiting = this.#waiting.filter(({ bytes }) => this.bytes < bytes);
    store.write(piece);
    if (this.bytesPerSecond === Infinity) return;
    browser.pause();
    setTimeout(() => browser.resume(), (1000 * piece.length) / this.bytesPerSecond);
  }
}
