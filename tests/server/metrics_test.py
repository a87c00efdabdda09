"""What a running server shows at /metrics. metrics_test.py PROGRAM [unittest words]."""
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from program import Client, Program, send_form, sung, until

PROGRAM = ""
ROOT = pathlib.Path(__file__).resolve().parents[2]
# With a broker and PostgreSQL alone (scaled_test.py), or under TLS alone.
SCALED = {"orakgarak_kafka_brokers_up", "orakgarak_kafka_errors_total", "orakgarak_postgres_connections",
          "orakgarak_postgres_connections_max"}
ELSEWHERE = SCALED | {"orakgarak_tls_certificate_expiry_timestamp_seconds"}


def metrics_url(server):
    return re.search(r"Metrics are at\s+(\S+)", server.said)[1]


def text_of(server):
    with urllib.request.urlopen(metrics_url(server), timeout=30) as answer:
        return answer.read().decode()


def series_of(text):
    """'name{labels}' -> value"""
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line and line[0] != "#"}


def families_of(text):
    return set(re.findall(r"^# TYPE (\S+)", text, re.M))


def listed():
    """The families of docs/metrics.md."""
    names = set()
    for line in (ROOT / "docs/metrics.md").read_text().splitlines():
        if line.startswith("| `"):
            names |= set(re.findall(r"`(\w+)`", line.split("|")[1]))
    return names


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Program(PROGRAM)

    @classmethod
    def tearDownClass(cls):
        cls.server.end()

    def test_are_those_that_the_documentation_lists(self):
        self.assertEqual(families_of(text_of(self.server)), listed() - ELSEWHERE)

    def test_satisfy_prometheus_own_checker(self):
        if not shutil.which("promtool"):
            self.skipTest("promtool is not installed")
        checked = subprocess.run(["promtool", "check", "metrics"], input=text_of(self.server), capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    def test_no_series_is_made_by_what_clients_ask_for(self):
        client = Client(self.server.url)
        for path in ("/v1/uploads/x", "/x", "/healthz"):
            client.send("GET", path)
        before = set(series_of(text_of(self.server)))
        for i in range(300):
            client.send("GET", f"/v1/uploads/{i}")
            client.send("GET", f"/v1/nothing-{i}")
            client.send("DELETE", f"/page-{i}")
        self.assertEqual(set(series_of(text_of(self.server))), before)
        self.assertLess(len(before), 2000)

    def test_what_a_request_comes_to_is_counted_under_its_route(self):
        counted = 'orakgarak_http_requests_total{code="4xx",method="GET",route="/v1/uploads/{id}"}'
        client = Client(self.server.url)
        before = series_of(text_of(self.server))
        client.send("GET", "/v1/uploads/none")
        until("the request to be counted", lambda: series_of(text_of(self.server))[counted] == before[counted] + 1)

    def test_counters_are_there_at_zero(self):
        with Program(PROGRAM) as fresh:
            series = series_of(text_of(fresh))
        for stage in ("check", "convert", "analyze", "optimize", "thumbnail"):
            for name in ("job_retries", "job_dead_letters", "leases_lost", "upload_failures"):
                self.assertEqual(series[f'orakgarak_{name}_total{{stage="{stage}"}}'], 0)
        self.assertEqual(series['orakgarak_upload_transitions_total{kind="take",to="COMPLETED"}'], 0)

    def test_tell_of_a_take_on_its_way(self):
        take = sung(PROGRAM)
        before = series_of(text_of(self.server))
        singer = Client(self.server.url)
        singer.consent()
        answer = singer.declare(take)
        self.assertEqual(send_form(answer["send"], take), 204)
        where = f"/v1/uploads/{answer['upload']['id']}"
        until("the take", lambda: singer.send("GET", where)[2]["state"] == "COMPLETED")

        def rise(series):
            return lambda: series_of(text_of(self.server))[series] > before[series]

        for series in ('orakgarak_upload_transitions_total{kind="take",to="PENDING"}',
                       'orakgarak_upload_transitions_total{kind="take",to="COMPLETED"}',
                       'orakgarak_uploads{kind="take",state="COMPLETED"}', "orakgarak_take_duration_seconds_count",
                       'orakgarak_stage_duration_seconds_count{stage="analyze"}', "orakgarak_analysis_speed_ratio_count",
                       "orakgarak_analysis_audio_seconds_total", "orakgarak_analysis_busy_seconds_total",
                       'orakgarak_events_published_total{topic="orakgarak.uploads"}',
                       'orakgarak_http_requests_total{code="2xx",method="any",route="object"}'):
            until(series, rise(series))

    def test_the_bounds_that_rules_ask_for_are_there(self):
        text = text_of(self.server)
        asked = set()
        for rules in (ROOT / "deploy/prometheus/rules").glob("*.yml"):
            asked |= set(re.findall(r'(\w+_bucket){[^}]*le="([^"]+)"', rules.read_text()))
        self.assertTrue(asked)
        for name, bound in asked:
            self.assertRegex(text, rf'(?m)^{name}{{.*le="{re.escape(bound)}"')

    def test_dependencies_are_up(self):
        def all_up():
            series = series_of(text_of(self.server))
            return all(series[f'orakgarak_dependency_up{{dependency="{name}"}}'] == 1 for name in ("store", "objects", "events"))
        until("all to be up", all_up)

    def test_only_operators_see_them(self):
        self.assertEqual(Client(self.server.url).send("GET", "/metrics")[0], 404)

    def test_a_taken_port_that_was_asked_for_is_an_error(self):
        port = metrics_url(self.server).split(":")[2].split("/")[0]
        with Program(PROGRAM, "--metrics-listen", f"127.0.0.1:{port}") as refused:
            code, said = refused.ended()
        self.assertNotEqual(code, 0)
        self.assertIn("is taken", said)

    def test_a_taken_port_that_nobody_asked_for_holds_nobody_up(self):
        with socket.create_server(("127.0.0.1", 0)) as holder:
            port = holder.getsockname()[1]
            with Program(PROGRAM, listen=f"127.0.0.1:{port - 2}") as server:
                self.assertNotIn("Metrics are at", server.said)
                self.assertEqual(Client(server.url).send("GET", "/healthz")[0], 200)
                _, said = server.stop(signal.SIGTERM)
        self.assertIn("--metrics-listen", said)

    def test_off_is_off(self):
        with Program(PROGRAM, "--metrics-listen", "off") as server:
            self.assertNotIn("Metrics are at", server.said)
            code, _ = server.stop(signal.SIGTERM)
            self.assertEqual(code, 0)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
