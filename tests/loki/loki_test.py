#!/usr/bin/env python3
"""The log in a real Loki, shipped by a real collector with the files of deploy/: loki_test.py PROGRAM [TEST...]"""
import datetime
import json
import os
import pathlib
import secrets
import shutil
import sys
import tempfile
import unittest

import loki
from loki import servers

sys.path.insert(0, str(loki.ROOT / "tests" / "server"))
import log_test  # noqa: E402
import program  # noqa: E402

PROGRAM = ""
ORAKGARAK = '{service_name="orakgarak"}'


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def line(event="job_failed", level="error", message="it failed", **more):
    return json.dumps({"ts": now(), "level": level, "event": event, "message": message, **more}) + "\n"


class Shipped(unittest.TestCase):
    """One Loki and one collector for all tests of a class; each test writes a file of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="orakgarak-loki-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.logs = cls.folder / "logs"
        cls.logs.mkdir()
        cls.loki = loki.Loki(cls.folder).start()
        cls.addClassCleanup(cls.loki.stop)
        cls.collector = loki.Collector(cls.folder, cls.logs, cls.loki).start()
        cls.addClassCleanup(cls.collector.stop)

    def setUp(self):
        self.name = f"{self._testMethodName}.log"
        self.mine = f'{ORAKGARAK} | process="{self.name}"'

    def write(self, text, name=None):
        with open(self.logs / (name or self.name), "ab") as out:
            out.write(text if isinstance(text, bytes) else text.encode())


class Lines(Shipped):
    def test_an_error_of_many_lines_is_one_entry_found_by_its_trace_id(self):
        trace = secrets.token_hex(16)
        stack = "store is away\n  at put (objects.cpp:12)\n  at analyze (stages.cpp:34)\n" * 20
        written = line(trace_id=trace, span_id="1" * 16, upload_id="u-1", job_id="7", stage="analyze",
                       error={"type": "unavailable", "message": "store is away", "trace": stack})
        self.write(line(trace_id=secrets.token_hex(16)) + written + line(trace_id=secrets.token_hex(16)))
        found = self.loki.wait_for(f'{ORAKGARAK} | trace_id="{trace}"', 1)
        self.assertEqual([text for text, _ in found], [written.strip()])
        self.assertEqual(json.loads(found[0][0])["error"]["trace"], stack)
        for key, value in {"upload_id": "u-1", "job_id": "7", "stage": "analyze", "level": "error", "event": "job_failed",
                           "host_name": "stage", "detected_level": "error"}.items():
            self.assertEqual(found[0][1].get(key), value, key)
        by_json = self.loki.lines(f'{ORAKGARAK} | trace_id="{trace}" | json | error_type="unavailable"')
        self.assertEqual(len(by_json), 1)

    def test_hostile_text_arrives_whole_and_forges_nothing(self):
        forged = secrets.token_hex(16)
        inner = line(trace_id=forged, event="forged").strip()
        texts = [f"a\n{inner}\nb", f"\r\n{inner}", f'", {inner[1:]}', "\x1b[2J\x1b[31m\x00\x07", "\u2028\u2029\x85" + inner,
                 "\ufffd\ud7ff\U0001f3a4 노래", "\\", '"' * 1000, "{{.Labels}} ${env:HOME} EXPR(1+1)", "m" * (1 << 20),
                 "\n" * 100_000]
        trace = secrets.token_hex(16)
        for text in texts:
            self.write(line(message=text, trace_id=trace))
        found = self.loki.wait_for(f'{ORAKGARAK} | trace_id="{trace}"', len(texts))
        self.assertEqual([json.loads(text)["message"] for text, _ in found], texts)
        self.assertEqual(self.loki.lines(f'{ORAKGARAK} | trace_id="{forged}"'), [])
        self.assertEqual(len(self.loki.lines(self.mine)), len(texts))

    def test_a_line_that_is_not_json_is_kept_and_marked(self):
        texts = [b"Segmentation fault", b"{not json", b'"event": "no object"', b"  indented  ", b"bytes \xff\xfe\x00 end",
                 b'{"json": "of somebody else"}', b"x" * (1 << 20)]
        self.write(b"\n".join(texts) + b"\n" + line().encode())
        self.loki.wait_for(self.mine, len(texts) + 1)
        found = [text for text, _ in self.loki.lines(f'{self.mine} | format="text"')]
        self.assertCountEqual(found, [text.decode(errors="replace") for text in texts])
        self.assertEqual(len(self.loki.lines(f'{self.mine} | format=""')), 1)

    def test_of_a_line_that_is_too_long_the_beginning_is_one_entry(self):
        inner = line(event="forged", trace_id=secrets.token_hex(16))
        trace = secrets.token_hex(16)
        self.write(line(message=json.dumps(inner) * (3 << 20 >> 8), trace_id=trace) + line(message="after it"))
        self.loki.wait_for(self.mine, 2)
        found = self.loki.lines(f'{ORAKGARAK} | trace_id="{trace}"')
        self.assertEqual([len(text.encode()) > 1 << 20 for text, _ in found], [True])
        self.assertEqual(len(self.loki.lines(self.mine)), 2)

    def test_values_that_no_line_of_ours_has_do_not_lose_the_line(self):
        odd = [dict(trace_id="x" * 70_000), dict(upload_id="y" * 70_000), dict(event="An Event\n"), dict(level="LOUD"),
               dict(stage={"a": 1}), dict(route=["/v1"]), dict(job_id=None), dict(ts="yesterday"), dict(event=17)]
        for more in odd:
            self.write(json.dumps(json.loads(line()) | more) + "\n")
        found = self.loki.wait_for(self.mine, len(odd))
        self.assertEqual(len(found), len(odd))
        self.assertTrue(all(len(value) <= 128 for _, labels in found for value in labels.values()))

    def test_the_only_label_is_the_service(self):
        self.write(line(trace_id=secrets.token_hex(16), upload_id="u-2", stage="convert", route="/v1/uploads/{id}"))
        self.loki.wait_for(self.mine, 1)
        self.assertEqual(self.loki.get("/loki/api/v1/labels"), ["service_name"])
        self.assertEqual(self.loki.get("/loki/api/v1/series", **{"match[]": ORAKGARAK}), [{"service_name": "orakgarak"}])


class Faults(Shipped):
    """Every line arrives, once, whatever happens between its writing and its reading."""

    def numbers(self, count):
        found = self.loki.wait_for(self.mine_any, count)
        return sorted(int(json.loads(text)["message"]) for text, _ in found)

    def setUp(self):
        super().setUp()
        self.mine_any = f'{ORAKGARAK} | process=~"{self.name}(.1)?"'
        self.written = 0

    def write_some(self, count=500):
        self.write("".join(line(message=str(number)) for number in range(self.written, self.written + count)))
        self.written += count

    def assert_all_arrive(self):
        self.assertEqual(self.numbers(self.written), list(range(self.written)))

    def rotate(self):
        (self.logs / self.name).rename(self.logs / f"{self.name}.1")

    def rotate_by_copy(self):
        shutil.copy(self.logs / self.name, self.logs / f"{self.name}.1")
        os.truncate(self.logs / self.name, 0)

    def test_a_file_is_rotated(self):
        for _ in range(3):
            self.write_some()
            self.rotate()
            self.write_some()
            self.assert_all_arrive()

    def test_a_file_is_rotated_by_copy(self):
        for _ in range(3):
            self.write_some()
            self.rotate_by_copy()
            self.write_some()
            self.assert_all_arrive()

    def test_a_file_is_rotated_while_the_collector_is_stopped(self):
        self.write_some()
        self.assert_all_arrive()
        self.collector.stop()
        self.write_some()
        self.rotate()
        self.write_some()
        self.collector.start()
        self.assert_all_arrive()

    def test_the_collector_is_stopped_and_started(self):
        for _ in range(3):
            self.write_some()
            self.collector.stop()
            self.write_some()
            self.collector.start()
        self.assert_all_arrive()

    def test_a_killed_collector_loses_nothing(self):
        self.write_some()
        self.numbers(1)
        self.collector.kill()
        self.write_some()
        self.collector.start()
        self.assertEqual(sorted(set(self.numbers(self.written))), list(range(self.written)))

    def test_loki_is_away(self):
        self.write_some()
        self.assert_all_arrive()
        self.loki.kill()
        self.write_some()
        self.write(line(message=str(self.written), padding="p" * (1 << 20)))
        self.written += 1
        self.loki.start()
        self.assert_all_arrive()


class TheProgram(Shipped):
    """What `serve` itself writes."""

    def serve(self, **more):
        return program.Program(PROGRAM, log=self.logs / self.name, **more)

    def sent(self, server):
        """The id of a take, and the trace that it was declared with."""
        singer = program.Client(server.url)
        singer.consent()
        declared, trace = log_test.send(singer, program.sung(PROGRAM))
        return declared["upload"]["id"], trace

    def test_one_id_finds_a_take_from_its_declaration_to_its_report(self):
        with self.serve() as server:
            upload, trace = self.sent(server)
            found = self.loki.wait_for(f'{ORAKGARAK} | trace_id="{trace}"', len(log_test.LIFE) + 3)
        events = [json.loads(text) for text, _ in found]
        self.assertEqual([event["state"] for event in events if event["event"] == "upload_moved"], log_test.LIFE)
        self.assertEqual([labels.get("stage") for _, labels in found if labels["event"] == "job_done"],
                         ["check", "convert", "analyze"])
        self.assertEqual({labels["upload_id"] for _, labels in found}, {upload})

    def test_what_is_thrown_deep_in_the_work_is_one_entry_with_its_whole_stack(self):
        text_file = self.folder / "text"
        text_file.write_text(log_test.HOSTILE)
        with self.serve(environment=log_test.thrower(PROGRAM, self.folder, text_file)) as server:
            _, trace = self.sent(server)
            faults = self.loki.wait_for(f'{ORAKGARAK} | trace_id="{trace}" | level="error"', 1)
            text_file.unlink()
            whole = self.loki.wait_for(f'{ORAKGARAK} | trace_id="{trace}" |= "COMPLETED"', 1)
        self.assertEqual((len(faults), len(whole)), (1, 1))
        error = json.loads(faults[0][0])["error"]
        self.assertEqual((error["type"], error["message"]), ("std::domain_error", log_test.HOSTILE))
        self.assertEqual(error["trace"].count("a_fault_in_the_depths"), 6)
        self.assertEqual(self.loki.lines(f'{self.mine} | event="forged"'), [])


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    try:
        loki.install_collector()
        loki.install_loki()
    except servers.Unusable as error:
        sys.exit(f"orakgarak: {error}")
    unittest.main()
