"""The layer check finds what it is there to find, and finds nothing in this tree."""
import pathlib
import sys
import tempfile
import unittest

import layers

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Layers(unittest.TestCase):
    def tree(self, files):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = pathlib.Path(folder.name)
        table = "| `base` | x | nothing |\n| `voice` | x | base |\n| `app` | x | all |\n"
        for name, text in {"docs/architecture.md": table, **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root

    def test_this_tree_keeps_its_arrows(self):
        self.assertEqual(layers.violations(ROOT), [])

    def test_an_include_against_the_arrows_is_named_with_its_line(self):
        root = self.tree({"src/base/a.h": '#pragma once\n#include "voice/b.h"\n', "src/voice/b.h": ""})
        self.assertEqual(layers.violations(root), ["src/base/a.h:2: base may not use voice"])

    def test_a_link_against_the_arrows_is_named(self):
        root = self.tree({"src/voice/CMakeLists.txt": "orak_room(voice USES base app LINK fmt)", "src/app/a.h": ""})
        self.assertEqual(layers.violations(root), ["src/voice/CMakeLists.txt: voice may not link app"])

    def test_an_include_past_the_rooms_is_named(self):
        root = self.tree({"src/voice/a.cpp": '#include "../base/b.h"\n#include "a.h"\n'})
        self.assertEqual(len(layers.violations(root)), 2)

    def test_a_room_without_a_row_is_named(self):
        self.assertEqual(len(layers.violations(self.tree({"src/extra/a.h": ""}))), 1)

    def test_app_may_use_every_room(self):
        root = self.tree({"src/app/a.cpp": '#include "voice/b.h"\n#include "base/c.h"\n'})
        self.assertEqual(layers.violations(root), [])


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    unittest.main()
