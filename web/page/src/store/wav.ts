// The header of a 16-bit mono WAV file, for browsers that record no compressed sound.
export const wavHeaderBytes = 44;

export function wavHeader(rateHz: number, dataBytes: number): ArrayBuffer {
  const header = new DataView(new ArrayBuffer(wavHeaderBytes));
  const word = (at: number, letters: string) => {
    for (let i = 0; i < letters.length; ++i) header.setUint8(at + i, letters.charCodeAt(i));
  };
  word(0, "RIFF");
  header.setUint32(4, wavHeaderBytes - 8 + dataBytes, true);
  word(8, "WAVEfmt ");
  header.setUint32(16, 16, true); // length of the format
  header.setUint16(20, 1, true); // PCM
  header.setUint16(22, 1, true); // one channel
  header.setUint32(24, rateHz, true);
  header.setUint32(28, rateHz * 2, true); // bytes a second
  header.setUint16(32, 2, true); // bytes a frame
  header.setUint16(34, 16, true); // bits a sample
  word(36, "data");
  header.setUint32(40, dataBytes, true);
  return header.buffer;
}

/** Full scale ±1 to 16 bits; what is beyond is clipped, what is no number is silence. */
export function toPcm16(samples: Float32Array): ArrayBuffer {
  const out = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, i) => {
    const held = Math.max(-1, Math.min(1, Number.isNaN(sample) ? 0 : sample));
    out.setInt16(2 * i, Math.round(held * 32767), true);
  });
  return out.buffer;
}
