"""The product as it runs past one machine: several `serve` and several `worker` over real PostgreSQL, MinIO and Kafka.
Or, with no server beside it, one `serve` that does all."""
import http.client
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "servers"), str(TESTS / "server")]

import s3  # noqa: E402, F401
import servers  # noqa: E402
from proxy import Proxy  # noqa: E402

BUCKET = "takes"
UP_WITHIN = 90  # seconds; a program with sanitizers, on a machine that has other things to do
NO_LIMIT = ["--uploads-an-hour", "1000000", "--sessions-an-hour", "1000000", "--most-of-guests", "1TiB"]


class Part:
    """One process of the product. It is started again on the same port."""

    def __init__(self, topology, kind, number):
        self.topology, self.kind = topology, kind
        self.name = f"{kind}-{number}"
        self.port = servers.free_port()
        self.log = topology.folder / f"{self.name}.log"
        self.environment = {}  # over that of the topology; of the next start
        self.proxied = False
        self.process = None

    def arguments(self):
        address = f"127.0.0.1:{self.port}"
        start = [self.topology.program, "--config", "/dev/null", "--data", self.topology.data]
        if self.kind == "worker":
            return [*start, "worker", "--workers", "1", "--metrics-listen", address]
        alone = [] if self.topology.embedded else ["--no-work"]
        return [*start, "serve", "--listen", address, *alone, *NO_LIMIT]

    def start(self, wait=True):
        self.process = servers.start_process(
            self.arguments(), self.log, env=os.environ | self.topology.environment(self.proxied) | self.environment)
        if wait:
            self.wait()
        return self

    def wait(self):
        deadline = time.monotonic() + UP_WITHIN
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{self.name} does not start: see {self.log}\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/v1/about" if self.kind == "serve" else "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.resume()
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()

    def fell(self):
        """It ended, and nobody asked it to."""
        return self.process is not None and self.process.poll() not in (None, -signal.SIGKILL, 0)

    def lines(self):
        try:
            return self.log.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []


class Topology:
    """Everything, running, until stop()."""

    def __init__(self, program, folder, serves=2, workers=2, embedded=False, data=None):
        self.program, self.embedded = str(program), embedded
        self.folder = pathlib.Path(folder)
        self.data = pathlib.Path(data or self.folder / "data")
        self.postgres = self.minio = self.kafka = None
        self.proxies = {}
        self.serves = [Part(self, "serve", number) for number in range(1, serves + 1)]
        self.workers = [] if embedded else [Part(self, "worker", number) for number in range(1, workers + 1)]

    @property
    def parts(self):
        return [*self.serves, *self.workers]

    @property
    def servers(self):
        return [] if self.embedded else [self.postgres, self.minio, self.kafka]

    def start(self):
        if not self.embedded:
            self.start_servers()
        self.serves[0].start()  # makes the schema and the topics
        for part in self.parts[1:]:
            part.start(wait=False)
        for part in self.parts[1:]:
            part.wait()
        return self

    def start_servers(self):
        kafka_port = servers.free_port()
        self.postgres = servers.Postgres(self.folder, durable=True)
        self.kafka = servers.Kafka(self.folder, proxy=f"127.0.0.1:{kafka_port}")
        self.minio = servers.Minio(self.folder, brokers=self.kafka.address)
        self.kafka.start(wait=False)
        self.postgres.start()
        self.kafka.wait()
        self.kafka.create_topic(servers.STORAGE_TOPIC)
        self.minio.start()
        self.minio.make_bucket(BUCKET)
        self.proxies = {"postgres": Proxy(self.postgres.port), "minio": Proxy(self.minio.port),
                        "kafka": Proxy(self.kafka.proxied_port, kafka_port)}

    def environment(self, proxied=False):
        if self.embedded:
            return {}
        port = {name: proxy.port for name, proxy in self.proxies.items()} if proxied else \
            {server.name: server.port for server in self.servers}
        return {"ORAKGARAK_STORE": f"postgres://app:{servers.PASSWORD}@127.0.0.1:{port['postgres']}/postgres",
                "ORAKGARAK_OBJECTS": f"s3://{BUCKET}?endpoint=http://127.0.0.1:{port['minio']}&path_style=true",
                "ORAKGARAK_EVENTS": f"kafka://127.0.0.1:{port['kafka']}?partitions=3",
                **self.minio.keys}

    def delay(self, seconds):
        for proxy in self.proxies.values():
            proxy.delay = seconds

    def query(self, statement):
        """Rows of texts."""
        if not self.embedded:
            return [tuple(row.split("|")) for row in self.postgres.psql(statement)]
        rows = sqlite3.connect(f"file:{self.data / 'orakgarak.db'}?mode=ro", uri=True, timeout=30)
        try:
            return [tuple(str(value) for value in row) for row in rows.execute(statement)]
        finally:
            rows.close()

    def operator(self, *words, within=60):
        """What a person at the command line gets: exit code, standard output, standard error."""
        ran = subprocess.run([self.program, "--config", "/dev/null", "--data", str(self.data), *words],
                             capture_output=True, text=True, timeout=within, env=os.environ | self.environment())
        return ran.returncode, ran.stdout, ran.stderr

    def topics(self):
        said = subprocess.run(["kcat", "-b", self.kafka.address, "-L", "-J", "-m", "10"], capture_output=True, text=True)
        return sorted(topic["topic"] for topic in json.loads(said.stdout)["topics"]
                      if not topic["topic"].startswith("__"))

    def stop(self):
        for part in self.parts:
            part.stop()
        for proxy in self.proxies.values():
            proxy.stop()
        for server in self.servers:
            if server:
                server.stop()

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()
