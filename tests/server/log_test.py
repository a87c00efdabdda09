"""What a running server says of itself. log_test.py PROGRAM [unittest words]."""
import json
import os
import pathlib
import pty
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from program import Client, Program, arrived_at, send_form, sung, until

PROGRAM = ""
HERE = pathlib.Path(__file__).resolve().parent
LIFE = ["PENDING", "UPLOADED", "AUDIO_CONVERTING", "AUDIO_CONVERTED", "VOICE_ANALYSIS_PENDING", "VOICE_ANALYZING",
        "VOICE_ANALYZED", "COMPLETED"]
HOSTILE = 'deep\n{"level":"fatal","event":"forged"}\r\n\x1b[2J"},"x":"\\ 노래'


def thrower(program, folder, text_file):
    """The environment under which the work of `program` throws while `text_file` is there."""
    library = pathlib.Path(folder) / "thrower.so"
    subprocess.run(["g++", "-std=c++20", "-O1", "-shared", "-fPIC", "-o", str(library), str(HERE / "thrower.cpp")], check=True)
    said = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    sanitizer = [line.split("=>")[1].split()[0] for line in said.splitlines() if "libasan" in line]  # wants to be first
    return {"LD_PRELOAD": ":".join([*sanitizer, str(library)]), "THROWS_FILE": str(text_file)}


def a_traceparent():
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def trace_of(traceparent):
    return traceparent.split("-")[1]


def send(singer, take):
    """What it was declared as, and the trace that it was declared with."""
    traceparent = a_traceparent()
    declared = singer.declare(take, fields={"traceparent": traceparent})
    status = send_form(declared["send"], take)
    assert status == 204, status
    return declared, trace_of(traceparent)


class Logged(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="orakgarak-log-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "serve.log"

    def serve(self, *options, **more):
        return Program(PROGRAM, *options, log=self.file, **more)

    def lines(self):
        """Every whole line as an object; each has to be one, with when, how grave and what."""
        text = self.file.read_bytes().decode()
        lines = [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]
        for line in lines:
            self.assertRegex(line["ts"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
            self.assertIn(line["level"], ("info", "warn", "error", "fatal"))
            self.assertRegex(line["event"], r"^[a-z0-9_]{1,64}$")
        return lines

    def of(self, trace):
        return [line for line in self.lines() if line.get("trace_id") == trace]


class OfATake(Logged):
    def test_one_id_finds_all_of_it_from_its_first_request_to_its_report(self):
        take = sung(PROGRAM)
        with self.serve() as server:
            singer = Client(server.url)
            singer.consent()
            declared, trace = send(singer, take)
            upload = arrived_at(singer, declared, "COMPLETED")
            until("the last line", lambda: any(line.get("state") == "COMPLETED" for line in self.of(trace)))
            self.assertEqual(server.stop()[0], 0)
        lines = self.of(trace)
        self.assertEqual([line["state"] for line in lines if line["event"] == "upload_moved"], LIFE)
        self.assertEqual([line["stage"] for line in lines if line["event"] == "job_done"], ["check", "convert", "analyze"])
        self.assertEqual({line["upload_id"] for line in lines}, {upload["id"]})
        spans = {line["span_id"] for line in lines}
        self.assertEqual(len(spans), 4)  # the request, and each job
        self.assertEqual({line["level"] for line in self.lines()}, {"info"})

    def test_no_line_says_who_it_was(self):
        take = sung(PROGRAM)
        with self.serve() as server:
            singer = Client(server.url)
            singer.consent()
            declared, trace = send(singer, take)
            arrived_at(singer, declared, "COMPLETED")
            broken, _ = send(singer, b"no sound" * 100)
            arrived_at(singer, broken, "FAILED")
            singer.send("GET", "/v1/uploads/nothing?name=somebody")
            Client(server.url).send("GET", "/v1/uploads", fields={"Cookie": "orakgarak=a-stolen-token"})
            server.stop()
        text = self.file.read_text()
        self.assertGreater(len(self.lines()), 15)
        for secret in (singer.cookie.split("=", 1)[1], "a-stolen-token", "take.wav", "somebody", "127.0.0.1", "X-Amz", "policy"):
            self.assertNotIn(secret, text)

    def test_what_is_thrown_deep_in_the_work_is_one_line_with_its_whole_stack(self):
        text_file = self.folder / "text"
        text_file.write_text(HOSTILE)
        take = sung(PROGRAM)
        with self.serve(environment=thrower(PROGRAM, self.folder, text_file)) as server:
            singer = Client(server.url)
            singer.consent()
            declared, trace = send(singer, take)
            until("the fault", lambda: any(line["event"] == "job_retried" for line in self.of(trace)))
            text_file.unlink()  # the next attempt, 5 s later, meets none
            arrived_at(singer, declared, "COMPLETED")
            server.stop()
        faults = [line for line in self.of(trace) if "error" in line]
        self.assertEqual(len(faults), 1)
        fault = faults[0]
        self.assertEqual((fault["level"], fault["event"], fault["stage"], fault["attempt"]),
                         ("error", "job_retried", "analyze", 1))
        self.assertEqual(fault["error"]["type"], "std::domain_error")
        self.assertEqual(fault["error"]["message"], HOSTILE)
        trace_text = fault["error"]["trace"]
        self.assertRegex(trace_text, r"^at uploads/worker\.cpp:\d+ in ")
        self.assertEqual(trace_text.count("a_fault_in_the_depths"), 6, trace_text)
        for function in ("app::hear", "uploads::run_one"):
            self.assertIn(function, trace_text)
        self.assertNotIn("forged", {line["event"] for line in self.lines()})
        self.assertEqual([line["state"] for line in self.of(trace) if line["event"] == "upload_moved"][-1], "COMPLETED")


class OfRequests(Logged):
    def test_the_number_that_an_error_shows_is_in_the_log(self):
        with self.serve() as server:
            client = Client(server.url)
            traceparent = a_traceparent()
            status, _, problem = client.send("GET", "/v1/uploads/nothing", fields={"traceparent": traceparent})
            self.assertEqual((status, problem["trace_id"]), (401, trace_of(traceparent)))
            # What the server itself refuses, before any route.
            connection = socket.create_connection((client.url.hostname, client.url.port))
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            answer = connection.makefile("rb").read().decode()
            connection.close()
            refused = json.loads(answer[answer.index("{"):])["trace_id"]
            until("both", lambda: self.of(refused) and self.of(trace_of(traceparent)))
            server.stop()
        failed = self.of(trace_of(traceparent))
        self.assertEqual([(line["event"], line["method"], line["route"], line["status"]) for line in failed],
                         [("request_failed", "GET", "/v1/uploads/{id}", 401)])
        self.assertEqual([line["status"] for line in self.of(refused)], [400])

    def test_what_goes_well_is_not_in_it(self):
        with self.serve() as server:
            client = Client(server.url)
            client.consent()
            for _ in range(5):
                self.assertEqual(client.send("GET", "/v1/about")[0], 200)
            server.stop()
        self.assertEqual([line["event"] for line in self.lines()], ["stopping"])


class Otherwise(Logged):
    def test_a_crash_leaves_one_line_after_all_others(self):
        with self.serve() as server:
            client = Client(server.url)
            client.send("GET", "/v1/uploads")
            server.process.send_signal(signal.SIGSEGV)
            server.process.wait(60)
        ours = [json.loads(line) for line in self.file.read_text(errors="replace").splitlines() if line.startswith("{")]
        self.assertEqual([line["event"] for line in ours], ["request_failed", "crash"])
        self.assertEqual((ours[-1]["level"], ours[-1]["error"]["type"]), ("fatal", "SIGSEGV"))
        self.assertIn("#", ours[-1]["error"]["trace"])

    def test_a_start_that_fails_says_why_in_one_line(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with self.serve(listen=f"127.0.0.1:{taken.getsockname()[1]}") as server:
                self.assertEqual(server.ended()[0], 5)
        self.assertEqual([(line["level"], line["event"]) for line in self.lines()], [("fatal", "port_in_use")])

    def test_a_person_at_a_terminal_reads_what_to_do_and_nothing_else(self):
        ours, theirs = pty.openpty()
        with Program(PROGRAM, terminal=theirs) as server:
            os.close(theirs)
            singer = Client(server.url)
            singer.consent()
            take = sung(PROGRAM)
            declared = singer.declare(take)
            self.assertEqual(send_form(declared["send"], take), 204)
            arrived_at(singer, declared, "COMPLETED")
            singer.send("GET", "/v1/uploads/nothing")
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(60)
        said = os.read(ours, 65536).decode()
        os.close(ours)
        self.assertRegex(said, r"^orakgarak: stopping; what runs gets 10 s, and Ctrl-C again ends it at once\s*$")

    def test_counts_its_lines_for_the_metrics(self):
        with self.serve() as server:
            client = Client(server.url)
            for _ in range(3):
                client.send("GET", "/v1/uploads")
            metrics = Client(re.search(r"Metrics are at\s+(http://[^/]+)", server.said)[1])
            read = lambda: metrics.send("GET", "/metrics")[2].decode()
            until("three lines", lambda: 'orakgarak_log_lines_total{level="info"} 3' in read())
            self.assertIn("orakgarak_log_dropped_total 0", read())


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
