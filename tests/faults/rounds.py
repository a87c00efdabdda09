"""A round: people send takes, a fault comes and ends, and the rules are looked at. And which rounds there are, and what
they showed."""
import random
import statistics
import time

from judge import MOST_LINES, Marks, all_rules
from singers import Choir


class Seen:
    """What a round showed."""

    def __init__(self, fault, seed, seconds, takes, recovered, lines):
        self.fault, self.seed, self.seconds = fault, seed, seconds
        self.takes, self.recovered, self.lines = takes, recovered, lines

    def __str__(self):
        return (f"seed {self.seed:>3}  {self.fault:32} lasted {self.seconds:5.1f} s, {self.takes:3} takes, all done "
                f"{self.recovered:5.1f} s after it; at most {self.lines} lines logged by a process")


def play(topology, fault, seed, seconds, take, pace=2.0, singers=2, most_lines=MOST_LINES):
    """Throws AssertionError where a rule is broken."""
    chance = random.Random(f"{seed}/{fault.__name__}")
    marks = Marks(topology)
    choir = Choir(topology, take, f"{seed}/{fault.__name__}", singers=singers, pace=pace)
    try:
        choir.until(2)
        began = time.monotonic()
        fault(topology, chance, seconds)
        lasted = time.monotonic() - began
        ended = time.monotonic()
        choir.until(choir.accepted + 1)  # it is not only over: people can send again
    finally:
        uploads = choir.stop()
    assert not choir.refused, f"the page was refused: {choir.refused[:3]}"
    recovered, lines = all_rules(topology, uploads, take, marks, ended, most_lines)
    return Seen(fault.__name__, seed, lasted, len(uploads), recovered, lines)


def deal(seeds, choices, a_seed):
    """For each seed its faults: those that it has however many seeds are played; of all seeds from 1 on, each fault comes
    as often as any other, give or take one."""
    if not a_seed or a_seed >= len(choices):
        return {seed: list(choices) for seed in seeds}
    chance, deck = random.Random("deal"), []
    while len(deck) < a_seed * max(seeds):
        deck += chance.sample(choices, len(choices))
    return {seed: deck[a_seed * (seed - 1):a_seed * seed] for seed in seeds}


def table(all_seen):
    """Markdown: for every fault, how often, and seconds from its end until the last take was done."""
    lines = ["| fault | rounds | takes | longest outage | recovery, median | recovery, longest | most lines of a process |",
             "|---|---|---|---|---|---|---|"]
    for fault in sorted({seen.fault for seen in all_seen}):
        of_it = [seen for seen in all_seen if seen.fault == fault]
        recovered = [seen.recovered for seen in of_it]
        lines.append(f"| {fault.replace('_', ' ')} | {len(of_it)} | {sum(seen.takes for seen in of_it)} | "
                     f"{max(seen.seconds for seen in of_it):.0f} s | {statistics.median(recovered):.0f} s | "
                     f"{max(recovered):.0f} s | {max(seen.lines for seen in of_it)} |")
    return "\n".join(lines)
