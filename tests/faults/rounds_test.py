"""Which rounds are played, and how they are told."""
import collections
import unittest

from rounds import Seen, deal, table


class Dealing(unittest.TestCase):
    def test_every_fault_comes_as_often_as_any_other(self):
        dealt = deal(range(1, 21), list("abcdefg"), 4)
        counts = collections.Counter(fault for faults in dealt.values() for fault in faults)
        self.assertEqual(sum(counts.values()), 80)
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 1)

    def test_a_seed_is_the_same_alone_and_among_others(self):
        self.assertEqual(deal([4], list("abcdefg"), 3)[4], deal(range(1, 9), list("abcdefg"), 3)[4])

    def test_0_is_all_of_them_for_every_seed(self):
        self.assertEqual(deal([1, 2], ["a", "b"], 0), {1: ["a", "b"], 2: ["a", "b"]})


class TheTable(unittest.TestCase):
    def test_has_a_line_for_each_fault(self):
        text = table([Seen("broker_killed", 1, 10.0, 5, 2.0, 7), Seen("broker_killed", 2, 60.4, 6, 4.0, 3),
                      Seen("api_killed", 1, 3.0, 1, 1.0, 0)])
        self.assertIn("| broker killed | 2 | 11 | 60 s | 3 s | 4 s | 7 |", text)
        self.assertIn("| api killed | 1 | 1 | 3 s | 1 s | 1 s | 0 |", text)


if __name__ == "__main__":
    unittest.main()
