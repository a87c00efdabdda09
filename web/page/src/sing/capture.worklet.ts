// On the audio thread: joins the quanta of 128 samples to blocks and hands them to the voice worker. It does
// nothing else, so that the sound never waits for the analysis.
import type { SampleBlock } from "./messages";

declare const currentFrame: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

// 5.3 ms at 48 kHz: the page promises a pitch at most 80 ms behind the sound, of which the core takes 53 to 63.
const blockSamples = 256;

class Capture extends AudioWorkletProcessor {
  #worker: MessagePort | null = null;
  #block = new Float32Array(blockSamples);
  #filled = 0;

  constructor() {
    super();
    this.port.onmessage = (event: MessageEvent<MessagePort>) => (this.#worker = event.data);
  }

  process(inputs: Float32Array[][]): boolean {
    const input = inputs[0]?.[0];
    if (!this.#worker || !input) return true;
    this.#block.set(input, this.#filled);
    this.#filled += input.length;
    if (this.#filled < blockSamples) return true;
    const message: SampleBlock = { startFrame: currentFrame + input.length - blockSamples, samples: this.#block };
    this.#worker.postMessage(message, [this.#block.buffer]);
    this.#block = new Float32Array(blockSamples);
    this.#filled = 0;
    return true;
  }
}

registerProcessor("capture", Capture);
