"""The pitch network against SwiftF0 as its package runs it, in ONNX Runtime.

network_check.py NATIVE_DUMP [FILE]...    sound files; without any, what the demo singer sings

The plain pass is held to the rounding of single precision, the fast one (16-bit integers) to what was measured of
it, with room. Pitch is compared where the package hears a voice. A synthetic tone leaves bands that hold nothing
but the rounding of whoever looks, and is held to less; what the demo singer sings gets noise 80 dB under full scale.
"""
import subprocess
import sys

SKIPPED = 77
try:
    import numpy as np
    from swift_f0 import SwiftF0
    from swift_f0.core import FMAX, FMIN
except ImportError as missing:
    print(f"skipped: {missing} (./test installs it)")
    sys.exit(SKIPPED)

RATE = 16000
BINS = 95
PLAIN_SECONDS = 4  # the plain pass takes longer than singing does
LIMITS = {  # confidence; cents: 99 % of frames, and any; frames whose voicing flips
    "plain": (1e-4, 0.01, 0.01, 0),
    "fast": (0.008, 0.2, 1, 2),
    "without noise": (0.02, 1, 1, 0),  # either way
}


def takes(binary, files):
    """(name, samples) of each."""
    random = np.random.default_rng(1)
    if files:
        import soundfile
        import soxr
        for file in files:
            samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
            yield file.rsplit("/", 1)[-1], soxr.resample(samples.mean(axis=1), rate, RATE).astype(np.float32)
        return
    seconds = np.arange(4 * RATE) / RATE
    for pitch in (82.4, 220, 440, 987.8):
        partials = sum(np.sin(2 * np.pi * pitch * k * seconds) / k for k in range(1, 9) if k * pitch < RATE / 2)
        yield f"{pitch} Hz without noise", (0.1 * partials).astype(np.float32)
    for voice in range(6):
        sung = np.frombuffer(subprocess.run([binary, "sing", str(voice), str(RATE), "1"], check=True,
                                            capture_output=True).stdout, np.float32)[:20 * RATE]
        dithered = sung + random.normal(0, 1e-4, len(sung))
        yield f"voice {voice}", dithered.astype(np.float32)
        if voice == 2:
            yield "as quiet as a whisper", (0.01 * dithered).astype(np.float32)
            noise = random.normal(0, np.sqrt(np.mean(np.square(sung)) / 10), len(sung))
            yield "10 dB over noise", (sung + noise).astype(np.float32)
            loud = sung * (4 / np.abs(sung).max())
            yield "clipped at full scale", np.clip(loud, -1, 1).astype(np.float32)


def ours(binary, samples, *words):
    run = subprocess.run([binary, "network", *words], input=samples.tobytes(), check=True, capture_output=True)
    frames = np.frombuffer(run.stdout, np.float32).astype(np.float64).reshape(-1, BINS + 1)
    likelihood, voicing = frames[:, :BINS], frames[:, BINS]
    best = likelihood.argmax(axis=1)
    step = np.log2(FMAX / FMIN) / (BINS - 1)
    near = best[:, None] + np.array([-1, 0, 1])
    inside = (near >= 0) & (near < BINS)
    logits = np.where(inside, np.take_along_axis(likelihood, near.clip(0, BINS - 1), axis=1), -np.inf)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    octave = np.log2(FMIN) + step * (weights * near.clip(0, BINS - 1)).sum(axis=1) / weights.sum(axis=1)
    return octave, 1 / (1 + np.exp(-voicing))


def theirs(session, samples):
    limits = {"fmin": np.asarray(FMIN, np.float32), "fmax": np.asarray(FMAX, np.float32)}
    pitch, confidence = session.run(["pitch", "confidence"], {"audio": samples[None], **limits})
    return np.log2(pitch[0].astype(np.float64)), confidence[0].astype(np.float64)


def apart(mine, its):
    """What is compared, in the order of LIMITS."""
    (octave, confidence), (its_octave, its_confidence) = mine, its
    voiced = its_confidence > 0.5
    cents = 1200 * np.abs(octave - its_octave)[voiced]
    return (np.abs(confidence - its_confidence).max(), np.quantile(cents, 0.99), cents.max(),
            np.count_nonzero((confidence > 0.5) != voiced))


def main():
    binary, *files = sys.argv[1:]
    session = SwiftF0(threads=1).session
    broken = []
    for name, samples in takes(binary, files):
        for way, words, part in (("plain", ["plain"], samples[:PLAIN_SECONDS * RATE]), ("fast", [], samples)):
            mine, its = ours(binary, part, *words), theirs(session, part)
            if len(mine[0]) != len(its[0]):
                sys.exit(f"{name}, {way}: {len(mine[0])} frames instead of {len(its[0])}")
            found = apart(mine, its)
            print(f"{name}, {way}: {len(its[0])} frames; confidence apart by at most {found[0]:.2g}, pitch by "
                  f"{found[2]:.2g} cents (99 %: {found[1]:.2g}), {found[3]} flips")
            limits = LIMITS["without noise" if name.endswith("without noise") else way]
            if any(value > limit for value, limit in zip(found, limits, strict=True)):
                broken.append(f"{name}, {way}: at most {limits} allowed")
    for line in broken:
        print(f"BROKEN: {line}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
