"""The documentation says what is: its limits are the program's, and its links lead somewhere."""
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ORAKGARAK")


def options_of(help_text):
    """Each option of a command's help with its default; "" where it has none."""
    options, name = {}, None
    for line in help_text.splitlines():
        if found := re.match(r" +(--[a-z-]+)", line):
            name = found[1]
            told = re.search(r"=(\S+)", line.split(":{")[0])
            options[name] = told[1] if told else ""
        if name and (told := re.search(r"\(default: (\d\S*)\)", line)):
            options[name] = told[1]
    return options


def anchors_of(text):
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class Documentation(unittest.TestCase):
    @unittest.skipUnless(PROGRAM, "no program is named")
    def test_the_limits_for_operators_are_those_of_the_program(self):
        ours = subprocess.run([PROGRAM, "serve", "--help"], capture_output=True, text=True, check=True).stdout
        text = (ROOT / "docs/operating.md").read_text()
        limits = options_of(ours.split("\nLimits:", 1)[1])
        self.assertGreater(len(limits), 10)
        told = dict(re.findall(r"^\| `(--[a-z-]+)` \| (\S+) \|", text.split("\n## Limits", 1)[1].split("\n## ", 1)[0], flags=re.M))
        self.assertEqual(told, limits)

    @unittest.skipUnless(PROGRAM, "no program is named")
    def test_every_option_of_the_server_is_told(self):
        text = (ROOT / "docs/operating.md").read_text()
        for command in ("serve", "worker"):
            ours = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True, check=True).stdout
            self.assertEqual([name for name in options_of(ours) if name != "--help" and f"`{name}`" not in text], [])

    @unittest.skipUnless(PROGRAM, "no program is named")
    def test_a_worker_has_limits_of_the_server_and_the_same_defaults(self):
        limits = [options_of(subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True,
                                            check=True).stdout.split("\nLimits:", 1)[1]) for command in ("serve", "worker")]
        self.assertGreater(len(limits[1]), 5)
        self.assertLessEqual(limits[1].items(), limits[0].items())

    def test_every_link_leads_somewhere(self):
        pages = [ROOT / "README.md", ROOT / "THIRD_PARTY_NOTICES.md", ROOT / "catalog/README.md", ROOT / "fuzz/README.md"]
        lost = []
        for page in [*pages, *sorted((ROOT / "docs").rglob("*.md"))]:
            text = page.read_text()
            for link in re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", text):
                target, _, anchor = "".join(link).partition("#")
                if re.match(r"[a-z]+:", target):
                    continue
                file = (page.parent / target).resolve() if target else page
                if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors_of(file.read_text())):
                    lost.append(f"{page.relative_to(ROOT)}: {''.join(link)}")
        self.assertEqual(lost, [])


if __name__ == "__main__":
    unittest.main()
