"""Several `orakgarak serve` and `orakgarak worker` over one database, one bucket and one broker."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("server", "servers"):
    sys.path.insert(0, str(ROOT / "tests" / folder))

import s3  # noqa: E402
import servers  # noqa: E402

STARTS_WITHIN = 90  # seconds; built with sanitizers, on a machine that has other things to do


def take_of(program, seconds):
    """A function that gives takes of the demo singer, no two the same."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "take.wav"
        subprocess.run([program, "sample", str(file), "--rate", "16000"], check=True, stdout=subprocess.DEVNULL)
        whole = file.read_bytes()
    head, sound = whole[:44], whole[44:44 + 2 * 16000 * seconds]
    lock, count = threading.Lock(), [0]

    def one():
        with lock:
            count[0] += 1
            return head + sound[:-4] + count[0].to_bytes(4, "little")

    return one


class Place:
    """What the processes share: where rows, objects and events are."""

    def __init__(self, postgres, store, keys, kafka, prefix=None):
        """postgres: a URL of any database of that server. store: HOST:PORT. keys: AWS_…. kafka: HOST:PORT. prefix: of
        its topics; "" where the broker is nobody else's and hears of new objects."""
        self.name = "deploy-" + uuid.uuid4().hex[:12]
        self.server, self.store, self.keys, self.kafka = postgres, store, dict(keys), kafka
        self.rows = postgres.rpartition("/")[0] + "/" + self.name
        self.psql(f'CREATE DATABASE "{self.name}"', self.server)
        self.ask("PUT", f"/{self.name}")
        self.environment = {
            **self.keys, "ORAKGARAK_STORE": self.rows,
            "ORAKGARAK_OBJECTS": f"s3://{self.name}?endpoint=http://{store}&path_style=true",
            "ORAKGARAK_EVENTS": f"kafka://{kafka}?partitions=4&topic_prefix={self.name + '.' if prefix is None else prefix}"}

    @classmethod
    def of_tests(cls):
        """On the servers that ctest started."""
        values = servers.read_file(os.environ.get("ORAKGARAK_TEST_SERVERS", ""))
        if not values:
            sys.exit("ORAKGARAK_TEST_SERVERS is not set; run: tests/servers/servers.py start FILE")
        return cls(values["ORAKGARAK_TEST_POSTGRES"], values["ORAKGARAK_TEST_S3"].removeprefix("http://"),
                   {name: values[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")},
                   values["ORAKGARAK_TEST_KAFKA"])

    def psql(self, statement, database=None):
        ended = subprocess.run(["psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement, database or self.rows],
                               capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.splitlines()

    def ask(self, method, path, query="", body=b""):
        status, answer = s3.ask(self.store, method, path, query, body, self.keys["AWS_ACCESS_KEY_ID"],
                                self.keys["AWS_SECRET_ACCESS_KEY"], "us-east-1")
        assert status in (200, 204), (method, path, status, answer[:300])
        return answer

    def objects(self):
        """Key: ETag and size."""
        listed = self.ask("GET", f"/{self.name}", "list-type=2").decode()
        assert "<IsTruncated>false" in listed
        return {key: (etag, int(size)) for key, etag, size in re.findall(
            r"<Key>([^<]*)</Key>.*?<ETag>([^<]*)</ETag>.*?<Size>(\d+)</Size>", listed)}

    def destroy(self):
        """Everything: rows and objects."""
        self.psql(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)', self.server)
        for key in self.objects():
            self.ask("DELETE", f"/{self.name}/{key}")
        self.ask("DELETE", f"/{self.name}")


class Process:
    """One `serve` or `worker`, which can be ended and started again."""

    def __init__(self, program, place, folder, name, command, ready):
        self.command = [program, "--config", "/dev/null", "--data", str(folder), *command]
        self.environment = {**os.environ, **place.environment, "LANG": "C.UTF-8"}
        self.name, self.ready = name, ready
        self.log = folder.parent / f"{name}.log"
        self.process = None

    def start(self):
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=out, stderr=out,
                                            stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + STARTS_WITHIN
        while not self.ready(self):
            assert self.process.poll() is None, f"{self.name} ended: {self.said()}"
            assert time.monotonic() < deadline, f"{self.name} does not start: {self.said()}"
            time.sleep(0.05)
        return self

    def said(self):
        return self.log.read_text(errors="replace")[-2000:]

    def stop(self, within=60):
        """Its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=5).close()
        return True
    except OSError:
        return False


class Scaled:
    """All processes of one place; they end with it."""

    def __init__(self, program, place):
        self.program, self.place = program, place
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="orakgarak-scaled-"))
        self.serving, self.working = [], []

    def data(self):
        folder = self.folder / "data"
        folder.mkdir(exist_ok=True)
        return folder

    def serve(self, port, *options):
        process = Process(self.program, self.place, self.data(), f"serve-{port}",
                          ["serve", "--no-work", "--listen", f"127.0.0.1:{port}", *options],
                          lambda _: answers(f"http://127.0.0.1:{port}/readyz"))
        self.serving.append(process)
        return process.start()

    def worker(self, *options):
        process = Process(self.program, self.place, self.data(), f"worker-{len(self.working) + 1}",
                          ["worker", *options], lambda one: "Ctrl-C" in one.said())
        self.working.append(process)
        return process.start()

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        for process in self.serving + self.working:
            process.kill()
            if failed:
                print(f"--- {process.name}\n{process.said()}", file=sys.stderr)
        shutil.rmtree(self.folder)


class Steady:
    """Does one thing again and again in a thread of its own, and keeps what went wrong."""

    def __init__(self, one, pause=0.0):
        self.one, self.pause = one, pause
        self.done, self.failures = 0, []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ending.is_set():
            try:
                self.one()
                self.done += 1
            except Exception as failure:  # all of it is shown at the end
                self.failures.append(f"{time.strftime('%H:%M:%S')} {type(failure).__name__}: {failure}")
            self.ending.wait(self.pause)

    def end(self, within=60):
        self.ending.set()
        self.thread.join(within)
        if self.thread.is_alive():
            self.failures.append(f"did not come to an end in {within} s")
        return self
