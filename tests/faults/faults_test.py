"""The quick part of the faults, for every run of the tests: faults_test.py PROGRAM [unittest words]. tests/faults/run
has them all, longer."""
import os
import pathlib
import sys
import tempfile
import time
import unittest

import faults
from judge import MOST_LINES
from rounds import play
from singers import short_take
from topology import Topology

PROGRAM = ""
SEEDS = [int(seed) for seed in os.environ.get("ORAKGARAK_FAULT_SEEDS", "1").split()]


def one_after_the_other(*all_of_them):
    def sequence(t, chance, seconds):
        for fault in chance.sample(all_of_them, len(all_of_them)):
            fault(t, chance, seconds)
    return sequence


def short_ones(t, chance, seconds):
    """In any order, so that each meets what others left behind."""
    one_after_the_other(faults.worker_killed, faults.worker_killed_before_commit, faults.worker_killed_before_offset,
                        faults.api_killed, faults.broker_killed, faults.database_killed, faults.poison,
                        faults.duplicates)(t, chance, seconds)


def while_one_sleeps(t, chance, seconds):
    """The same, while a worker sleeps through its lease."""
    sleeper = t.workers[-1]
    sleeper.pause()
    began = time.monotonic()
    awake, t.workers = t.workers, t.workers[:-1]
    try:
        short_ones(t, chance, seconds)
        time.sleep(max(0.0, faults.LEASE + 5 - (time.monotonic() - began)))
    finally:
        t.workers = awake
        sleeper.resume()


class Rounds(unittest.TestCase):
    embedded = False

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="orakgarak-faults-", ignore_cleanup_errors=True)
        cls.addClassCleanup(folder.cleanup)
        pathlib.Path(folder.name).chmod(0o755)
        cls.folder = pathlib.Path(folder.name)
        cls.take = short_take(PROGRAM)
        cls.topology = Topology(PROGRAM, folder.name, embedded=cls.embedded, serves=1 if cls.embedded else 2,
                                workers=3, data=cls.data_folder())
        cls.topology.start()
        cls.addClassCleanup(cls.topology.stop)

    @classmethod
    def data_folder(cls):
        """Of the embedded store; None: within the folder of the test."""
        return None

    def play(self, fault, seconds, **how):
        if reason := faults.cannot(fault):
            self.skipTest(reason)
        for seed in SEEDS:
            print(play(self.topology, fault, seed, seconds, self.take, **how), file=sys.stderr, flush=True)


class PastOneMachine(Rounds):
    def test_1_whatever_falls_for_a_moment_nothing_is_lost_or_done_twice(self):
        self.play(while_one_sleeps, 2, pace=4, most_lines=3 * MOST_LINES)  # eight faults, not one

    def test_2_everything_at_once(self):
        self.play(faults.all_killed, 4, pace=4)


class OnOneMachine(Rounds):
    embedded = True

    @classmethod
    def data_folder(cls):
        if not faults.can_mount():
            return None
        cls.disk = faults.SmallDisk(cls.folder / "small", 24)
        cls.addClassCleanup(cls.disk.unmount)
        return cls.disk.path / "data"

    def test_killed_again_and_again(self):
        self.play(faults.api_killed, 6)

    def test_a_full_disk(self):
        if not faults.can_mount():
            self.skipTest("mounting a small tmpfs takes root")

        def disk_full(t, chance, seconds):
            self.disk.fill()
            time.sleep(seconds)
            self.disk.free()

        self.play(disk_full, 5)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    ran = unittest.main(verbosity=2, exit=False).result
    nothing_ran = ran.testsRun > 0 and len(ran.skipped) == ran.testsRun
    sys.exit(77 if nothing_ran else not ran.wasSuccessful())
