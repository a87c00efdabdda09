"""Speed of the pitch network beside the same network in ONNX Runtime, in one run: five minutes of the demo singer
at 16 kHz in memory, pinned to one core, one thread, by processor time, the median of several rounds taken in turns.

network_speed.py BENCH_NETWORK_SPEED [--rounds N] [--core N] [--wasm NODE NETWORK_SPEED.MJS NETWORK.WASM]

Peers: swift-f0's own detect(), and the same in windows of 300 frames, which stay in the cache. Prints times real
time and ratios; ends with 1 when a promise is broken.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")})  # before numpy is loaded
import numpy as np
import swift_f0.core

RATE = 16000
SECONDS = 300
PEERS = {"detect()": swift_f0.core.WINDOW_FRAMES, "windows of 300": 300}
# Of each peer's speed.
PROMISES = {"avx512": {"detect()": 4, "windows of 300": 2.5}, "avx2": {"detect()": 3, "windows of 300": 2}}
WASM_PROMISE = 100  # x real time
NAMES = {"baseline": "SSE2", "avx2": "AVX2", "avx512": "AVX-512", "wasm": "WebAssembly"}


def printed_speeds(command):
    """{instruction set: times real time}, measured once."""
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name: float(speed) for name, speed in (line.split() for line in printed.splitlines())}


def peer_speed(detector, samples, window):
    swift_f0.core.WINDOW_FRAMES = window
    start = time.process_time()
    detector.detect(samples, RATE)
    return SECONDS / (time.process_time() - start)


def measure(commands, samples, rounds):
    """Ours and the peers in turn, so that a busy minute of the machine meets all: {name: [times real time]}."""
    detector = swift_f0.SwiftF0(threads=1)
    detector.detect(samples[:3 * RATE], RATE)
    ours, peers = {}, {}
    for number in range(1, rounds + 1):
        print(f"• round {number} of {rounds}", file=sys.stderr, flush=True)
        for command in commands:
            for name, speed in printed_speeds(command).items():
                ours.setdefault(name, []).append(speed)
        for name, window in PEERS.items():
            peers.setdefault(name, []).append(peer_speed(detector, samples, window))
    return [{name: statistics.median(speeds) for name, speeds in some.items()} for some in (ours, peers)]


def broken_promises(ours, peers):
    for name, speed in ours.items():
        for peer, least in PROMISES.get(name, {}).items():
            if speed < least * peers[peer]:
                yield f"{NAMES[name]}: {speed / peers[peer]:.2f} x {peer}, promised {least}"
    if ours.get("wasm", WASM_PROMISE) < WASM_PROMISE:
        yield f"{NAMES['wasm']}: {ours['wasm']:.0f} x real time, promised {WASM_PROMISE}"


def processor():
    with open("/proc/cpuinfo") as lines:
        return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--wasm", nargs=3, default=[], metavar=("NODE", "SCRIPT", "MODULE"))
    options = parser.parse_args()
    os.sched_setaffinity(0, {options.core})
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/samples.f32"
        subprocess.run([options.binary, "--sing", file], check=True)
        commands = [[options.binary, file]] + ([[*options.wasm, file]] if options.wasm else [])
        ours, peers = measure(commands, np.fromfile(file, np.float32), options.rounds)
    print(f"On one core of: {processor()}\n")
    print(f"| pitch network | x real time | {' | '.join(f'÷ {name}' for name in peers)} |")
    print(f"|---|---|{'---|' * len(peers)}")
    for name, speed in ours.items():
        print(f"| {NAMES[name]} | {speed:.0f} | {' | '.join(f'{speed / its:.1f}' for its in peers.values())} |")
    for name, speed in peers.items():
        print(f"| SwiftF0, {name} | {speed:.0f} |{' |' * len(peers)}")
    broken = list(broken_promises(ours, peers))
    for line in broken:
        print(f"BROKEN: {line}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
