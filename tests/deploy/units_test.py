"""deploy/systemd: what systemd says of the units, and whether the program works in what they leave it.

Run with the program's path first: units_test.py PROGRAM [words].
"""
import ctypes
import ctypes.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy" / "systemd"
PROGRAM = ""
MOST_EXPOSED = 1.5  # of 10, as systemd-analyze counts


def analyze(*words):
    ended = subprocess.run(["systemd-analyze", "--no-pager", *words], capture_output=True, text=True,
                           env={**os.environ, "SYSTEMD_LOG_LEVEL": "notice"})
    return ended.returncode, ended.stdout + ended.stderr


def calls_of(name):
    """The system calls of a set such as @system-service."""
    if not name.startswith("@"):
        return {name}
    code, said = analyze("syscall-filter", name)
    assert code == 0, said
    words = [line.strip() for line in said.splitlines()[1:]]
    return set().union(*(calls_of(word) for word in words if word and not word.startswith("#")))


def allowed_calls(unit):
    allowed = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", (UNITS / unit).read_text(), re.MULTILINE):
        names = set().union(*(calls_of(word) for word in line.lstrip("~").split()))
        allowed = allowed - names if line.startswith("~") else allowed | names
    return allowed


def confine(calls):
    """As SystemCallFilter= with SystemCallErrorNumber=EPERM, and RestrictNamespaces= as far as calls go."""
    library = ctypes.CDLL(ctypes.util.find_library("seccomp") or "libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    allow, refuse = 0x7FFF0000, 0x00050001
    rules = library.seccomp_init(refuse)
    for call in calls:
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            library.seccomp_rule_add(rules, allow, number, 0)

    def load():
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
        assert library.seccomp_load(rules) == 0

    return load


class Units(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="orakgarak-units-")
        self.addCleanup(self.folder.cleanup)
        for unit in UNITS.iterdir():
            text = unit.read_text().replace("/opt/orakgarak/bin/orakgarak", PROGRAM)
            pathlib.Path(self.folder.name, unit.name.replace("@.", "@8080.")).write_text(text)

    def test_are_as_systemd_wants_them(self):
        for unit in sorted(pathlib.Path(self.folder.name).iterdir()):
            code, said = analyze("verify", "--man=no", "--recursive-errors=no", str(unit))
            ours = [line for line in said.splitlines() if "orakgarak" in line]
            self.assertEqual((code, ours), (0, []), said)

    def test_expose_little(self):
        for unit in ("orakgarak-serve@8080.service", "orakgarak-worker@8080.service"):
            code, said = analyze("security", "--offline=yes", "--threshold=100", str(pathlib.Path(self.folder.name, unit)))
            self.assertEqual(code, 0, said)
            exposed = float(re.search(r"exposure level for \S+ ([0-9.]+)", said)[1])
            self.assertLessEqual(exposed, MOST_EXPOSED, said)


class Logs(unittest.TestCase):
    def test_units_of_their_way_to_loki_are_as_systemd_wants_them(self):
        with tempfile.TemporaryDirectory(prefix="orakgarak-units-") as folder:
            folder = pathlib.Path(folder)
            units = [ROOT / "deploy/loki/loki.service", ROOT / "deploy/otel-collector/otelcol.service",
                     *UNITS.glob("*@.service")]
            for unit in units:
                name = unit.name.replace("@.", "@8080.")
                text = re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit.read_text())
                (folder / name).write_text(text)
                if "@" in name:
                    (folder / f"{name}.d").mkdir()
                    (folder / f"{name}.d/log-file.conf").write_text(
                        (ROOT / "deploy/otel-collector/log-file.conf").read_text())
                code, said = analyze("verify", "--man=no", "--recursive-errors=no", str(folder / name))
                ours = [line for line in said.splitlines() if name in line or "log-file.conf" in line]
                self.assertEqual((code, ours), (0, []), said)


class Filters(unittest.TestCase):
    def test_leave_a_worker_what_its_children_lock_themselves_in_with(self):
        with tempfile.TemporaryDirectory(prefix="orakgarak-units-") as folder:
            os.chmod(folder, 0o755)
            take = pathlib.Path(folder, "take.wav")
            subprocess.run([PROGRAM, "sample", str(take)], check=True, stdout=subprocess.DEVNULL)
            os.chmod(take, 0o644)
            heard = subprocess.run([PROGRAM, "analyze", "--json", str(take)], capture_output=True, text=True,
                                   preexec_fn=confine(allowed_calls("orakgarak-worker@.service")),
                                   env={"HOME": folder, "PATH": os.environ["PATH"], "ASAN_OPTIONS": "detect_leaks=0"})
            self.assertEqual(heard.returncode, 0, heard.stderr)
            self.assertIn('"answered":true', heard.stdout)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
