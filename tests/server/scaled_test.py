"""Several of everything: two processes that serve and two that work, over real PostgreSQL, S3 and Kafka.
scaled_test.py PROGRAM [unittest words]; ORAKGARAK_TEST_SERVERS names the file that says where those are (tests/servers)."""
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest
import urllib.parse

from metrics_test import SCALED, series_of, text_of
from program import Client, Program, send_form, sung, until

PROGRAM = ""
SERVERS = pathlib.Path(__file__).resolve().parents[1] / "servers" / "servers.py"
NAME = f"scaled-{os.getpid()}"
STATES = ["PENDING", "UPLOADED", "AUDIO_CONVERTING", "AUDIO_CONVERTED", "VOICE_ANALYSIS_PENDING", "VOICE_ANALYZING",
          "VOICE_ANALYZED", "COMPLETED"]


def settings():
    """The environment of programs that share a database, a bucket and topics of their own."""
    file = os.environ["ORAKGARAK_TEST_SERVERS"]
    there = dict(line.split("=", 1) for line in pathlib.Path(file).read_text().splitlines() if "=" in line)
    postgres = there["ORAKGARAK_TEST_POSTGRES"]
    subprocess.run(["psql", "-qX", postgres, "-c", f'CREATE DATABASE "{NAME}"'], check=True)
    subprocess.run([sys.executable, SERVERS, "bucket", file, NAME], check=True)
    endpoint = urllib.parse.quote(there["ORAKGARAK_TEST_S3"], safe="")
    return {"ORAKGARAK_STORE": postgres.rpartition("/")[0] + "/" + NAME,
            "ORAKGARAK_OBJECTS": f"s3://{NAME}?endpoint={endpoint}&path_style=true",
            "ORAKGARAK_EVENTS": f"kafka://{there['ORAKGARAK_TEST_KAFKA']}?partitions=4&topic_prefix={NAME}.",
            "AWS_ACCESS_KEY_ID": there["AWS_ACCESS_KEY_ID"], "AWS_SECRET_ACCESS_KEY": there["AWS_SECRET_ACCESS_KEY"]}


def status(url, path):
    return Client(url).send("GET", path)[0]


class Several(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.environment = settings()
        cls.take = sung(PROGRAM)
        cls.programs = []
        cls.serving = [cls.start("serve", "--no-work") for _ in range(2)]
        cls.working = [cls.start("worker", "--workers", "1", "--metrics-listen", "127.0.0.1:0") for _ in range(2)]

    @classmethod
    def tearDownClass(cls):
        for program in cls.programs:
            program.end()

    @classmethod
    def start(cls, command, *options):
        program = Program(PROGRAM, *options, command=command, environment=cls.environment)
        cls.programs.append(program)
        if "Ctrl-C" not in program.said:
            raise AssertionError(f"{command} did not start: {program.ended()[1]}")
        return program

    def send_take(self, singer):
        """The id of a take that is sent to the object store and said to be."""
        answer = singer.declare(self.take)
        self.assertEqual(send_form(answer["send"], self.take), 204)
        self.assertEqual(singer.send("POST", f"/v1/uploads/{answer['upload']['id']}/sent")[0], 202)
        return answer["upload"]["id"]

    def states(self, stream, takes):
        """What the stream tells of each take, until all of them are at their end."""
        states = {take: [] for take in takes}
        while not all(told and told[-1] in ("COMPLETED", "FAILED", "EXPIRED") for told in states.values()):
            _, event = stream.next()
            states[event["upload"]].append(event["to"])
        return states

    def test_what_one_process_got_is_followed_on_the_other(self):
        one, other = (Client(server.url) for server in self.serving)
        one.consent()
        other.consent()
        for sends, follows in ((one, self.serving[1]), (other, self.serving[0])):
            elsewhere = Client(follows.url)
            elsewhere.cookie = sends.cookie
            stream = elsewhere.events(after=0)
            takes = [self.send_take(sends) for _ in range(3)]
            for take, told in self.states(stream, takes).items():
                self.assertEqual(told, STATES, "each transition once and in order")
                self.assertTrue(elsewhere.send("GET", f"/v1/uploads/{take}/report")[2]["answered"])
            stream.close()

    def test_operators_see_that_nobody_is_behind(self):
        singer = Client(self.serving[0].url)
        singer.consent()
        stream = singer.events(after=0)
        self.states(stream, [self.send_take(singer)])
        stream.close()
        until = time.monotonic() + 60  # offsets are committed each second
        while True:
            said = subprocess.run([PROGRAM, "--config", "/dev/null", "events", "lag", "--json"], check=True,
                                  capture_output=True, text=True, env={**os.environ, **self.environment}).stdout
            lags = [json.loads(line) for line in said.splitlines()]
            if lags and all(lag["events"] == 0 for lag in lags) or time.monotonic() > until:
                break
            time.sleep(0.5)
        groups = {lag["group"].removeprefix(f"{NAME}.") for lag in lags}
        self.assertLessEqual({"orakgarak.check", "orakgarak.convert", "orakgarak.analyze"}, groups)
        self.assertEqual([lag for lag in lags if lag["events"]], [])

    def test_each_says_where_its_data_is_and_no_secret(self):
        password = urllib.parse.urlsplit(self.environment["ORAKGARAK_STORE"]).password
        for program in self.programs:
            self.assertRegex(program.said, f"PostgreSQL at .*{NAME}; files in S3 bucket {NAME} at http.*; "
                                           "events over Kafka at ")
            self.assertNotIn(password, program.said)
            self.assertNotIn(self.environment["AWS_SECRET_ACCESS_KEY"], program.said)

    def test_each_says_that_it_lives_and_is_ready(self):
        health = [re.search(r"Metrics are at +(\S+)/metrics", program.said)[1] for program in self.working]
        for url in [*health, *(server.url for server in self.serving)]:
            self.assertEqual(status(url, "/healthz"), 200)
            self.assertEqual(status(url, "/readyz"), 200)
        self.assertEqual(status(health[0], "/v1/about"), 404)
        signs = ['orakgarak_consumer_lag{group="orakgarak.analyze"',
                 *(f'orakgarak_dependency_up{{dependency="{name}"}} 1' for name in ("store", "objects", "events"))]
        until("the worker's metrics", lambda: all(
            sign in Client(health[0]).send("GET", "/metrics")[2].decode() for sign in signs))

    def test_each_tells_of_its_database_and_its_broker(self):
        for program in self.programs[:4]:
            def told():
                return series_of(text_of(program))

            for family in SCALED | {"orakgarak_consumer_lag"}:
                until(family, lambda: any(re.match(family + r"\b", series) for series in told()))
            until("the broker", lambda: told()["orakgarak_kafka_brokers_up"] == 1)
            until("all to be up", lambda: all(
                told()[f'orakgarak_dependency_up{{dependency="{name}"}}'] == 1 for name in ("store", "objects", "events")))
            series = told()
            most = series["orakgarak_postgres_connections_max"]
            self.assertTrue(0 < sum(series[f'orakgarak_postgres_connections{{state="{state}"}}']
                                    for state in ("busy", "idle")) <= most)
            checked = subprocess.run(["promtool", "check", "metrics"], input=text_of(program), capture_output=True, text=True)
            self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    def test_a_stream_that_ends_with_its_process_goes_on_at_another(self):
        going = self.start("serve", "--no-work")
        singer = Client(going.url)
        singer.consent()
        stream = singer.events(after=0)
        take = self.send_take(singer)
        number, event = stream.next()
        code, error = going.stop()
        self.assertEqual(code, 0, error)
        told = [event["to"]]
        while following := stream.next():
            number, event = following
            told.append(event["to"])
        stream.close()
        elsewhere = Client(self.serving[0].url)
        elsewhere.cookie = singer.cookie
        stream = elsewhere.events(after=number)
        while told[-1] != "COMPLETED":
            told.append(stream.next()[1]["to"])
        stream.close()
        self.assertEqual(told, STATES)

    def test_a_worker_that_is_told_to_go_leaves_no_job_behind(self):
        going = self.start("worker", "--workers", "1")
        singer = Client(self.serving[0].url)
        singer.consent()
        stream = singer.events(after=0)
        takes = [self.send_take(singer) for _ in range(4)]
        code, error = going.stop()
        self.assertEqual(code, 0, error)
        self.assertNotIn("cut off", error)
        self.assertEqual(set(map(tuple, self.states(stream, takes).values())), {tuple(STATES)})
        stream.close()


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    import program_test
    program_test.PROGRAM = PROGRAM
    unittest.main()
