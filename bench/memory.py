"""Peak resident memory of `orakgarak analyze` on a 20-minute 48 kHz stereo Opus file, its decoder included,
against Praat (parselmouth) on the same take as decoded samples.

memory.py BINARY: makes the file from the demo singer, prints both peaks and their ratio; ends with 1 over the limit.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

LIMIT_MB = 120
PEER = """
import sys, parselmouth
sound = parselmouth.Sound(sys.argv[1])
sound.to_pitch_ac(0.01, 50, 15, False, .03, .45, .01, .35, .14, 1600)
"""


def family(pid):
    """pid and everything below it."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += family(int(child))
    except OSError:
        pass
    return found


def peak_kb(pid):
    """The most that pid held so far, as the kernel noted it: no peak falls between two looks."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def peak_mb(command):
    """Sum of the peaks of the process and of each child, looked at every 5 ms: an upper bound, because the
    peaks need not coincide and shared pages count in each process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peaks = {}
    while process.poll() is None:
        for pid in family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0), peak_kb(pid))
        time.sleep(0.005)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return sum(peaks.values()) / 1024


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        take, opus, wav = (f"{folder}/{name}" for name in ("take.wav", "long.opus", "long.wav"))
        subprocess.run([binary, "sample", take, "--voice", "tenor"], check=True, stdout=subprocess.DEVNULL)
        ffmpeg = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", take, "-t", "1199.9"]
        subprocess.run(ffmpeg + ["-ar", "48000", "-ac", "2", "-c:a", "libopus", opus], check=True)
        subprocess.run(ffmpeg + ["-ar", "48000", "-ac", "1", wav], check=True)
        ours = peak_mb([binary, "analyze", "--json", opus])
        peer = peak_mb([sys.executable, "-c", PEER, wav])
    print(f"analyze, 20 min of 48 kHz stereo Opus: {ours:.0f} MB peak, child included (limit {LIMIT_MB})")
    print(f"Praat, the same take as mono WAV:      {peer:.0f} MB peak")
    print(f"ratio: {ours / peer:.2f}")
    return ours >= LIMIT_MB


if __name__ == "__main__":
    sys.exit(main())
