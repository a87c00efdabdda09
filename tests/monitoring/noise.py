#!/usr/bin/env python3
"""How many messages an event is worth: noise.py PROGRAM [--only EVENT]

Each event happens once under load, in one set that two pairs of Prometheus and Alertmanager watch at the same time: one
with the files of deploy/, one with the same expressions without care (naive.py). Every message counts, of any channel,
until a minute and a quarter after the event. Ends with 1 where a promise is broken.
"""
import argparse
import subprocess
import sys
import time

import faults
import naive
import rules
from detection import quiet
from stack import Stack, take_of

SETTLE_SECONDS = 75
SLOW_START_SECONDS = 25
MOST_OF_NAIVE = 0.1


def again(stack, process, away=0.0):
    process.stop()
    time.sleep(away)
    process.start()


def rolling_restart(stack, _):
    for process in stack.serving + stack.working:
        again(stack, process)
        time.sleep(3)


def deploy(stack, alertmanager):
    """A start that takes so long that it would be told."""
    for process in stack.serving + stack.working:
        subprocess.run([rules.ROOT / "deploy" / "silence-deploy", "--alertmanager", f"http://{alertmanager.address}",
                        process.address], check=True, stdout=subprocess.DEVNULL)
        again(stack, process, SLOW_START_SECONDS)


def database_blip(stack, _):
    stack.postgres.kill()
    time.sleep(20)
    stack.postgres.start()


def burst(stack, _):
    more = faults.Load(stack, take_of(stack.program, 3), requests=45, takes=4.5)
    time.sleep(60)
    more.end()


def storm(stack, _):
    stack.kafka.kill()
    time.sleep(120)
    stack.kafka.start()


# Name, what happens, how many messages are promised at most.
EVENTS = [("rolling restart", rolling_restart, 0), ("deploy, silenced", deploy, 0), ("database away for 20 s", database_blip, 1),
          ("ten times the load for 60 s", burst, 0), ("broker away for 120 s", storm, 2)]


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--only", choices=[name for name, _, _ in EVENTS])
    chosen = parser.parse_args(words)
    rows, broken = [], []
    with Stack(chosen.program) as stack:
        ours = stack.watch()
        careless = stack.watch("-naive", naive.rule_files(), naive.ALERTMANAGER)
        load = faults.Load(stack, take_of(chosen.program, 3))
        for name, happens, most in EVENTS:
            if chosen.only not in (None, name):
                continue
            quiet(stack, careless, wait=False)
            quiet(stack, ours)
            time.sleep(15)  # some load to compare with
            began = time.time()
            happens(stack, ours[1])
            time.sleep(SETTLE_SECONDS)
            said, naively = ([f"{title.split(' ')[0]}" for when, _, title, _ in stack.receiver.posts(path) if when >= began]
                             for path in ("/mattermost", "/mattermost-naive"))
            rows.append((name, said, naively))
            print(f"{name}: {said} beside {sorted(naively)}", file=sys.stderr, flush=True)
            if len(said) > most:
                broken.append(f"{name}: {len(said)} messages, at most {most} are promised")
        load.end()
    print("| event | messages | without care | what was said |\n|---|---|---|---|")
    for name, said, naively in rows:
        print(f"| {name} | {len(said)} | {len(naively)} | {', '.join(said) or 'nothing'} |")
    ours, theirs = (sum(len(row[column]) for row in rows) for column in (1, 2))
    print(f"| all | {ours} | {theirs} | {100 * (1 - ours / max(theirs, 1)):.0f} % fewer |")
    if not chosen.only and ours > MOST_OF_NAIVE * theirs:
        broken.append(f"{ours} messages beside {theirs} are not 90 % fewer")
    for promise in broken:
        print(f"broken: {promise}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
