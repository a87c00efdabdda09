"""The rules of what starts the tests' servers, without any server."""
import contextlib
import datetime
import io
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import s3
import servers


def wait_until(true, within=20):
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class Installing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = pathlib.Path(folder.name)

    def test_happens_once(self):
        built = []
        for _ in range(2):
            servers.install_into(self.cache / "x-1", built.append)
        self.assertEqual(len(built), 1)

    def test_leaves_nothing_where_it_fails_and_can_be_tried_again(self):
        def half(folder):
            (folder / "half").write_text("")
            raise servers.Unusable("no internet")

        with self.assertRaises(servers.Unusable):
            servers.install_into(self.cache / "x-1", half)
        self.assertEqual([file.name for file in self.cache.iterdir()], ["servers.lock"])
        self.assertEqual(servers.install_into(self.cache / "x-1", lambda folder: None), self.cache / "x-1")

    def test_of_two_at_once_one_builds_and_the_other_waits(self):
        built, go_on = [], threading.Event()

        def slow(folder):
            built.append(folder)
            go_on.wait(20)

        with contextlib.redirect_stderr(io.StringIO()) as said:
            both = [threading.Thread(target=servers.install_into, args=(self.cache / "x-1", slow)) for _ in range(2)]
            for one in both:
                one.start()
            self.assertTrue(wait_until(lambda: "waiting" in said.getvalue()))
            go_on.set()
            for one in both:
                one.join()
        self.assertEqual(len(built), 1)

    def test_a_step_that_fails_is_one_line_that_names_the_log(self):
        log = self.cache / "log"
        with self.assertRaises(servers.Unusable) as failed:
            servers.logged(log, ["sh", "-c", "echo first; echo no route to host; exit 1"], "Kafka could not be downloaded")
        self.assertIn("no route to host", str(failed.exception))
        self.assertIn(str(log), str(failed.exception))
        self.assertNotIn("\n", str(failed.exception))

    def test_go_is_known_by_what_it_says(self):
        self.assertEqual(servers.go_version("go version go1.24.8 linux/amd64"), (1, 24))
        self.assertEqual(servers.go_version("go version go1.19 linux/amd64"), (1, 19))
        self.assertEqual(servers.go_version(""), (0, 0))
        self.assertLess((1, 9), servers.GO_LEAST)


class Processes(unittest.TestCase):
    def test_end_with_the_program_that_started_them_however_it_ends(self):
        script = ("import servers, threading, os, signal, time\n"
                  "def begin(): print(servers.start_process(['sleep', '600'], '/dev/null').pid, flush=True)\n"
                  "thread = threading.Thread(target=begin); thread.start(); thread.join()\n"
                  "time.sleep(600)\n")
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
                              cwd=pathlib.Path(__file__).parent) as program:
            pid = int(program.stdout.readline())
            born = servers.began(pid)
            leashed = wait_until(lambda: pathlib.Path(f"/proc/{pid}/comm").read_text() == "sleep\n")
            self.assertTrue(leashed, "it outlives the thread that wanted it")
            program.kill()
        self.assertTrue(wait_until(lambda: servers.began(pid) != born))

    def test_a_process_is_known_from_a_later_one_of_the_same_number(self):
        self.assertEqual(servers.began(os.getpid()), servers.began(os.getpid()))
        with subprocess.Popen(["sleep", "600"]) as other:
            self.assertIsNotNone(servers.began(other.pid))
            other.kill()
        self.assertIsNone(servers.began(other.pid))


class TheFile(unittest.TestCase):
    def test_says_again_what_was_written(self):
        with tempfile.TemporaryDirectory() as folder:
            values = {"A": "postgres://a:b@c/d?x=y", "B": ""}
            servers.write_file(f"{folder}/f", values)
            self.assertEqual(servers.read_file(f"{folder}/f"), values)
            self.assertEqual(servers.read_file(f"{folder}/none"), {})

    def test_stopping_touches_no_process_that_is_not_ours(self):
        with tempfile.TemporaryDirectory() as folder, subprocess.Popen(["sleep", "600"]) as other:
            servers.write_file(f"{folder}/f", {"SERVERS_PROCESS": other.pid, "SERVERS_BEGAN": "1"})
            servers.stop(f"{folder}/f")
            self.assertIsNone(other.poll())
            self.assertFalse(pathlib.Path(f"{folder}/f").exists())
            other.send_signal(signal.SIGKILL)


class Signing(unittest.TestCase):
    def test_agrees_with_the_published_example(self):
        # https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Bucket Lifecycle"
        fields = s3.sign("GET", "examplebucket.s3.amazonaws.com", "/", "lifecycle=", b"", "AKIAIOSFODNN7EXAMPLE",
                         "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1",
                         datetime.datetime(2013, 5, 24, tzinfo=datetime.timezone.utc))
        self.assertTrue(fields["Authorization"].endswith(
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"), fields)


if __name__ == "__main__":
    unittest.main()
