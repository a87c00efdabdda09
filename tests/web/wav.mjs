// Reads the WAV files that eval.py writes: 16-bit or 32-bit float PCM, folded to mono.

/** @param {Buffer} bytes @returns {{rate: number, samples: Float32Array}} */
export function readWav(bytes) {
  if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WAVE")
    throw new Error("not a WAV file");
  let format = 0, channels = 0, rate = 0, bits = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString("latin1", at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === "fmt ") {
      format = bytes.readUInt16LE(start);
      channels = bytes.readUInt16LE(start + 2);
      rate = bytes.readUInt32LE(start + 4);
      bits = bytes.readUInt16LE(start + 14);
    } else if (name === "data") {
      const end = Math.min(start + length, bytes.length);
      return { rate, samples: fold(bytes.subarray(start, end), format, channels, bits) };
    }
    at = start + length + (length % 2);
  }
  throw new Error("no samples in the WAV file");
}

function fold(data, format, channels, bits) {
  const read =
    bits === 16 ? (i) => data.readInt16LE(2 * i) / 32768
    : format === 3 && bits === 32 ? (i) => data.readFloatLE(4 * i)
    : null;
  if (!read) throw new Error(`format ${format} with ${bits} bits is not read here`);
  const count = Math.floor(data.length / (bits / 8) / channels);
  return Float32Array.from({ length: count }, (_, n) => {
    let sum = 0;
    for (let c = 0; c < channels; ++c) sum += read(n * channels + c);
    return sum / channels;
  });
}
