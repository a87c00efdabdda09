#!/usr/bin/env python3
"""How long from a fault until Mattermost is told: detection.py PROGRAM [--rounds N]

In each round every fault happens once, at a random moment of the scrapes and evaluations, in one set with the files of
deploy/. Prints the times of each and ends with 1 where the slowest of one takes more than 30 s.
"""
import argparse
import random
import statistics
import sys
import threading
import time

import faults
from stack import Stack, servers, take_of, until

PROMISED_SECONDS = 30
SPREAD_SECONDS = 15  # three scrapes
WAIT_SECONDS = 90
START_SECONDS = 600  # on a machine that has other things to do


def kinds(stack):
    """Name, what does it, what ends it, and the start of the title that tells it."""
    return [
        ("a worker is killed", stack.working[0].kill, stack.working[0].start, f"InstanceDown on sing-1 ({stack.working[0].address})"),
        ("serve hangs (SIGSTOP)", stack.serving[1].pause, stack.serving[1].resume,
         f"InstanceDown on sing-1 ({stack.serving[1].address})"),
        ("PostgreSQL is killed", stack.postgres.kill, stack.postgres.start, "DatabaseDown"),
        ("the broker is killed", stack.kafka.kill, stack.kafka.start, "BrokerDown"),
        ("the S3 store is killed", stack.minio.kill, stack.minio.start, "ObjectStoreDown"),
    ]


def told(stack, since, title):
    return next((when for when, _, said, _ in stack.receiver.posts() if when >= since and said.startswith(title)), None)


def quiet(stack, watch, wait=True):
    """Prometheus and Alertmanager begin anew and, with `wait`, see that all is well: what is over is told for some
    minutes longer."""
    for one in watch:
        if one.process:
            one.kill()
            one.wipe()
    for one in reversed(watch):
        one.start()
    if not wait:
        return
    prometheus = watch[0]
    until("all is seen", lambda: len(seen := [wrong for (job, _), wrong in prometheus.health().items() if job == "orakgarak"])
          == len(stack.serving + stack.working) and not any(seen), START_SECONDS)
    until("all is well", lambda: prometheus.query("count(orakgarak_dependency_up == 1)") and not prometheus.query(
        "orakgarak_dependency_up == 0") and set(prometheus.firing()) >= {"Watchdog"} and not [
            name for name in prometheus.firing() if name.endswith("Down")], START_SECONDS)


def happen(stack, name, act, title, times):
    time.sleep(random.uniform(0, SPREAD_SECONDS))
    began = time.time()
    act()
    try:
        arrived = until(title, lambda: told(stack, began, title), WAIT_SECONDS)
    except AssertionError:
        arrived = began + WAIT_SECONDS
    times.setdefault(name, []).append(arrived - began)


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=10)
    chosen = parser.parse_args(words)
    times = {}
    with Stack(chosen.program) as stack:
        watch = stack.watch()
        load = faults.Load(stack, take_of(chosen.program, 3), requests=1, takes=0.2)
        for number in range(chosen.rounds):
            quiet(stack, watch)
            # The queue first: while the database is away, nobody can tell how long it is.
            happen(stack, "the queue fills", lambda: faults.fill_queue(stack), "QueueFull", times)
            faults.empty_queue(stack)
            every = kinds(stack)
            threads = [threading.Thread(target=happen, args=(stack, name, act, title, times)) for name, act, _, title in every]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            print(f"round {number + 1}: " + ", ".join(f"{name} {took[-1]:.1f} s" for name, took in times.items()),
                  file=sys.stderr, flush=True)
            if number + 1 < chosen.rounds:
                stack.kafka.start(wait=False)  # it takes longest
                for _, _, mend, _ in (every[2], every[4], every[1], every[0]):
                    mend()
                stack.kafka.wait(5 * servers.READY_WITHIN)
        load.end()
    print("| fault | runs | median | slowest |\n|---|---|---|---|")
    for name, took in times.items():
        print(f"| {name} | {len(took)} | {statistics.median(took):.1f} s | {max(took):.1f} s |")
    slowest = max(max(took) for took in times.values())
    print(f"\nThe slowest of all: {slowest:.1f} s (promised: {PROMISED_SECONDS} s)")
    return 0 if slowest <= PROMISED_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
