"""What building costs: ./run beside the bare binary when nothing changed, a build from nothing and a build after
one source file changed, on two cores, without ccache.

build_time.py [--only overhead]      ./run must be up to date

Builds happen in a copy of the checkout's tracked files. Other work on the machine lengthens the clock's time, so
processor time is printed too: on two free cores a build takes about half of it. Ends with 1 when a promise is broken.
"""
import argparse
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORES = 2
RUNS = 15
MOST_OVERHEAD, MOST_FROM_NOTHING, MOST_ONE_FILE = 0.3, 8 * 60, 20


def timed(command, folder):
    """(seconds by the clock, seconds of processor time, children's included)"""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def verdict(kept):
    return "" if kept else "   BROKEN"


def measure_overhead():
    binary = ROOT / "build/release/bin/orakgarak"
    clocks = {"./run": [], "binary": []}
    for _ in range(RUNS):
        clocks["./run"].append(timed([ROOT / "run", "--version"], ROOT)[0])
        clocks["binary"].append(timed([binary, "--version"], ROOT)[0])
    through, bare = (statistics.median(seconds) for seconds in clocks.values())
    kept = through - bare < MOST_OVERHEAD
    print(f"./run --version: {through:.3f} s, the binary alone {bare:.3f} s: {through - bare:.3f} s more, "
          f"{through / bare:.0f} x (promised < {MOST_OVERHEAD} s){verdict(kept)}", flush=True)
    return kept


def copy_checkout(folder):
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, target)


def slowest_source(folder):
    """The source whose object took longest, by ninja's log: start, end, time stamp, output, hash."""
    took = {}
    for line in (folder / "build/release/.ninja_log").read_text().splitlines()[1:]:
        start, end, _, output, _ = line.split("\t")
        if output.endswith(".cpp.o"):
            took[output] = int(end) - int(start)
    slowest = max(took, key=took.get)  # src/ROOM/CMakeFiles/orak_ROOM.dir/FILE.cpp.o
    room, _, file = slowest.partition("/CMakeFiles/")
    return pathlib.Path(room) / file.partition("/")[2].removesuffix(".o")


def measure_builds():
    os.environ["CCACHE_DISABLE"] = "1"
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copy_checkout(folder)
        build = ["ninja", "-C", "build/release", f"-j{CORES}"]
        configured = timed(["cmake", "--preset", "release"], folder)
        built = timed(build, folder)
        nothing = [a + b for a, b in zip(configured, built)]
        kept = report("from nothing", *nothing, MOST_FROM_NOTHING)
        source = slowest_source(folder)
        with open(folder / source, "a") as file:
            file.write("// changed\n")
        return report(f"after a change of {source}, the slowest source", *timed(build, folder), MOST_ONE_FILE) and kept


def report(what, clock, processor, most):
    """A machine with other work is judged by processor time, never more kindly than two full cores would be."""
    kept = min(clock, processor) < most
    print(f"build {what}: {clock:.1f} s by the clock, {processor:.1f} s of processor time, "
          f"{min(clock, processor) / most:.2f} of what was promised (< {most} s){verdict(kept)}", flush=True)
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["overhead"])
    options = parser.parse_args()
    kept = measure_overhead()
    if not options.only:
        kept = measure_builds() and kept
    return not kept


if __name__ == "__main__":
    sys.exit(main())
