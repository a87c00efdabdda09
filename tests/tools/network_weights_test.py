"""Where the network's weights come from: fetched once, held to their checksum, and a clear word where they are not to be had."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WHEEL = "swift_f0-0.3.0-py3-none-any.whl"


def own_cache():
    base = os.environ.get("ORAKGARAK_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "orakgarak")
    return pathlib.Path(base)


class NetworkWeights(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache, self.out = pathlib.Path(folder.name) / "cache", pathlib.Path(folder.name) / "made" / "table.inc"
        self.cache.mkdir()

    def make(self):
        """Where no package can be fetched."""
        return subprocess.run([sys.executable, str(ROOT / "tools/network_weights.py"), str(self.out)],
                              capture_output=True, text=True,
                              env={**os.environ, "ORAKGARAK_CACHE": str(self.cache), "PIP_NO_INDEX": "1"})

    def test_a_table_is_made_of_what_is_in_the_cache_and_only_once(self):
        shutil.copy(own_cache() / WHEEL, self.cache)  # this build has it
        self.assertEqual(self.make().stderr, "")
        self.assertIn("constexpr ConvWeights convolutions[]", self.out.read_text())
        os.utime(self.out, (1, 1))
        self.assertEqual(self.make().returncode, 0)
        self.assertEqual(self.out.stat().st_mtime, 1)

    def test_another_file_by_that_name_is_refused_and_removed(self):
        (self.cache / WHEEL).write_bytes(b"something else")
        run = self.make()
        self.assertEqual(run.returncode, 1)
        self.assertRegex(run.stderr, r"\Anetwork_weights: .*its checksum differs.*try again\n\Z")
        self.assertFalse((self.cache / WHEEL).exists())
        self.assertFalse(self.out.exists())

    def test_one_line_says_that_it_cannot_be_fetched_and_where_it_would_be_looked_for(self):
        run = self.make()
        self.assertEqual(run.returncode, 1)
        self.assertRegex(run.stderr, r"\Anetwork_weights: swift-f0==0.3.0 could not be fetched.*\n\Z")
        self.assertIn(str(self.cache / WHEEL), run.stderr)
        self.assertEqual(list(self.cache.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
