"""Speed of the voice core beside other pitch trackers, in one run: the same 5 minutes at 44.1 kHz in memory,
resampling included, decoding not, pinned to one core, by processor time, the median of several rounds.

voice_speed.py BENCH_VOICE_SPEED [--take FILE] [--rounds N] [--core N]

Prints one table of times real time and of ratios to each peer; ends with 1 when a promise is broken. The
singing is the demo singer's unless a take is named. Peers search 50 to 1600 Hz where they can be told.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")
os.environ.update({f"{library}_NUM_THREADS": "1" for library in THREADS})  # before numpy is loaded
import numpy as np

RATE = 44100
SECONDS = 300
LOWEST_HZ, HIGHEST_HZ = 50, 1600
SLOW_SECONDS = 30  # of processor time: whoever needs more is measured once
PROMISES = {"avx512": {"pitch": 2000, "report": 400}, "avx2": {"pitch": 1000, "report": 250}}
NAMES = {"pitch": "pitch by autocorrelation", "report": "whole report", "baseline": "SSE2", "avx2": "AVX2", "avx512": "AVX-512"}


def aubio_yinfast():
    import aubio
    window, hop = 2048, 512

    def track(samples):
        pitch = aubio.pitch("yinfast", window, hop, RATE)
        pitch.set_silence(-90)
        return [pitch(samples[at:at + hop])[0] for at in range(0, len(samples) - hop + 1, hop)]
    return track


def praat_autocorrelation():
    import parselmouth

    def track(samples):
        sound = parselmouth.Sound(samples.astype(np.float64), RATE)
        return sound.to_pitch_ac(0.01, LOWEST_HZ, 15, False, .03, .45, .01, .35, .14, HIGHEST_HZ)
    return track


def swift_f0():
    from swift_f0 import SwiftF0
    detector = SwiftF0(threads=1)
    return lambda samples: detector.detect(samples, RATE)


def librosa_pyin():
    import librosa
    rate = RATE // 2

    def track(samples):
        halved = librosa.resample(samples, orig_sr=RATE, target_sr=rate, res_type="soxr_hq")
        return librosa.pyin(halved, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, sr=rate, frame_length=2048, hop_length=256)
    return track


PEERS = {"aubio (yinfast)": aubio_yinfast, "Praat": praat_autocorrelation, "SwiftF0": swift_f0, "pYIN": librosa_pyin}


def say(step):
    print(f"• {step}", file=sys.stderr, flush=True)


def take_samples(path):
    """Five minutes of the take over and over, mono, at RATE."""
    import soundfile
    import soxr
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.resize(soxr.resample(samples.mean(axis=1), rate, RATE).astype(np.float32), SECONDS * RATE)


def our_speeds(binary, file):
    """{(set, "pitch" or "report"): times real time}, measured once."""
    printed = subprocess.run([binary, "--runs", "1", file], check=True, capture_output=True, text=True).stdout
    speeds = {}
    for line in printed.splitlines()[1:]:
        instruction_set, pitch, report = line.split()
        speeds[instruction_set, "pitch"] = float(pitch)
        speeds[instruction_set, "report"] = float(report)
    return speeds


def speed_of(track, samples):
    start = time.process_time()
    track(samples)
    return SECONDS / (time.process_time() - start)


def measure(binary, file, samples, rounds):
    """Ours and the peers in turn, so that a busy minute of the machine meets all: {name: [times real time]}."""
    trackers = {name: load() for name, load in PEERS.items()}
    for track in trackers.values():
        track(samples[:3 * RATE])  # models and compiled code are loaded outside the clock
    ours, peers = {}, {name: [] for name in PEERS}
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        for key, speed in our_speeds(binary, file).items():
            ours.setdefault(key, []).append(speed)
        for name, track in trackers.items():
            if not peers[name] or peers[name][0] > SECONDS / SLOW_SECONDS:
                peers[name].append(speed_of(track, samples))
    return ours, peers


def broken_promises(ours, peers):
    for (instruction_set, what), speed in ours.items():
        promise = PROMISES.get(instruction_set, {}).get(what)
        if promise is None:
            continue
        name = f"{NAMES[what]}, {NAMES[instruction_set]}"
        if speed < promise:
            yield f"{name}: {speed:.0f} x real time, promised {promise}"
        if what == "pitch":
            yield from (f"{name}: behind {peer}" for peer, its in peers.items() if speed <= its)


def print_table(ours, peers, runs):
    print(f"| one core | x real time | promised | {' | '.join(f'÷ {name}' for name in peers)} |")
    print(f"|---|---|---|{'---|' * len(peers)}")
    for (instruction_set, what), speed in sorted(ours.items(), key=lambda item: -item[1]):
        promise = PROMISES.get(instruction_set, {}).get(what, "–")
        ratios = " | ".join(f"{speed / its:.1f}" for its in peers.values())
        print(f"| {NAMES[what]}, {NAMES[instruction_set]} | {speed:.0f} | {promise} | {ratios} |")
    for name, speed in peers.items():
        once = " (one run)" if runs[name] == 1 else ""
        print(f"| {name}{once} | {speed:.1f} | {' | ' * len(peers)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--take", help="any sound file in place of the demo singer")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    options = parser.parse_args()
    os.sched_setaffinity(0, {options.core})
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/samples.f32"
        if options.take:
            take_samples(options.take).tofile(file)
        else:
            subprocess.run([options.binary, "--sing", file], check=True)
        all_ours, all_peers = measure(options.binary, file, np.fromfile(file, np.float32), options.rounds)
    ours = {key: statistics.median(speeds) for key, speeds in all_ours.items()}
    peers = {name: statistics.median(speeds) for name, speeds in all_peers.items()}
    print_table(ours, peers, {name: len(speeds) for name, speeds in all_peers.items()})
    broken = list(broken_promises(ours, peers))
    for line in broken:
        print(f"BROKEN: {line}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
