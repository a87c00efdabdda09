"""One round: people send takes, a fault comes and ends, and the rules are looked at."""
import random
import time

from judge import Marks, all_rules
from singers import Choir


class Seen:
    """What a round showed."""

    def __init__(self, fault, seed, seconds, takes, recovered, lines):
        self.fault, self.seed, self.seconds = fault, seed, seconds
        self.takes, self.recovered, self.lines = takes, recovered, lines

    def __str__(self):
        return (f"seed {self.seed:>3}  {self.fault:32} lasted {self.seconds:5.1f} s, {self.takes:3} takes, all done "
                f"{self.recovered:5.1f} s after it; at most {self.lines} lines logged by a process")


def play(topology, fault, seed, seconds, take, pace=2.0, singers=2):
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
    recovered, lines = all_rules(topology, uploads, take, marks, ended)
    return Seen(fault.__name__, seed, lasted, len(uploads), recovered, lines)
