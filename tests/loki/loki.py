"""Loki and the OpenTelemetry Collector, built once and started with the files of deploy/, which they read as they are but
for folders and ports."""
import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "servers"))
import servers  # noqa: E402

LOKI_MODULE = ROOT / "deploy" / "loki" / "build"
LOKI_SETTINGS = ROOT / "deploy" / "loki" / "loki.yml"
COLLECTOR_PARTS = ROOT / "deploy" / "otel-collector" / "builder.yaml"
COLLECTOR_SETTINGS = ROOT / "deploy" / "otel-collector" / "collector.yml"
GO_LEAST = (1, 26)  # what Loki's go.mod asks for


# --- installing -----------------------------------------------------------------------------------------------------


def digest(*files):
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def one_at_a_time(environment):
    """Building takes little of a machine that does other things too."""
    return environment | {"GOFLAGS": environment["GOFLAGS"] + " -p=1", "GOMEMLIMIT": "2GiB"}


def install_loki():
    """The program loki."""
    cache = servers.cache_folder()
    files = [LOKI_MODULE / "go.mod", LOKI_MODULE / "go.sum"]

    def build(folder):
        servers.say("• building Loki (8 minutes or more, once)")
        work = folder / "module"
        work.mkdir()
        for file in files:
            shutil.copy(file, work)
        with servers.go_workshop(folder, cache, GO_LEAST) as (go, environment):
            servers.logged(cache / "loki.log",
                           ["nice", "-n", "15", go, "build", "-ldflags=-s -w", "-o", folder / "loki",
                            "github.com/grafana/loki/v3/cmd/loki"],
                           "Loki could not be built", env=one_at_a_time(environment), cwd=work)
        shutil.rmtree(work)

    return servers.install_into(cache / f"loki-{digest(*files)}", build) / "loki"


def install_collector():
    """The program otelcol."""
    cache = servers.cache_folder()
    version = re.search(r"filelogreceiver (v\S+)", COLLECTOR_PARTS.read_text())[1]

    def build(folder):
        servers.say("• building the OpenTelemetry Collector (a minute or more, once)")
        work = folder / "work"
        work.mkdir()
        shutil.copy(COLLECTOR_PARTS, work)
        with servers.go_workshop(work, cache, GO_LEAST) as (go, environment):
            environment = one_at_a_time(environment)
            servers.logged(cache / "collector.log",
                           ["nice", "-n", "15", go, "install", f"go.opentelemetry.io/collector/cmd/builder@{version}"],
                           "the collector's builder could not be built", env=environment)
            environment["PATH"] = f"{pathlib.Path(go).parent}:{environment['PATH']}"
            servers.logged(cache / "collector.log",
                           ["nice", "-n", "15", work / "builder", "--config", COLLECTOR_PARTS.name],
                           "the collector could not be built", env=environment, cwd=work)
        (work / "out" / "otelcol").rename(folder / "otelcol")
        shutil.rmtree(work)

    return servers.install_into(cache / f"otelcol-{digest(COLLECTOR_PARTS)}", build) / "otelcol"


# --- running --------------------------------------------------------------------------------------------------------


def with_places(file, places):
    """The text of a file of deploy/ with other folders and ports; each has to be in it."""
    text = file.read_text()
    for there, here in places.items():
        if there not in text:
            raise servers.Unusable(f"{file} does not name {there} any more; tests/loki/loki.py puts another in its place")
        text = text.replace(there, str(here))
    return text


class Loki(servers.Server):
    name = "loki"

    def prepare(self):
        self.program = install_loki()
        (self.folder / "loki.yml").write_text(with_places(LOKI_SETTINGS, {
            "/var/lib/loki": self.folder, "http_listen_port: 3100": f"http_listen_port: {self.port}",
            "grpc_listen_port: 9096": f"grpc_listen_port: {servers.free_port()}"}))

    def launch(self):
        return servers.start_process([self.program, f"-config.file={self.folder / 'loki.yml'}"], self.log,
                                     cwd=self.folder)

    def ready(self):
        try:
            return self.ask("/ready")[0] == 200
        except OSError:
            return False

    def ask(self, path, **values):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", f"{path}?{urllib.parse.urlencode(values)}" if values else path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def get(self, path, **values):
        """`data` of the answer, over the last hour."""
        now = time.time_ns()
        status, body = self.ask(path, start=now - 3600 * 10**9, end=now + 60 * 10**9, **values)
        if status != 200:
            raise servers.Unusable(f"Loki answered {status} to {path} {values}: {body.decode(errors='replace')[:300]}")
        return json.loads(body)["data"]

    def lines(self, query, limit=5000):
        """The entries that LogQL finds, oldest first: pairs of the line and its labels with its structured metadata."""
        found = [(int(at), line, stream["stream"])
                 for stream in self.get("/loki/api/v1/query_range", query=query, limit=limit)["result"]
                 for at, line, *_ in stream["values"]]
        return [(line, labels) for _, line, labels in sorted(found, key=lambda entry: entry[0])]

    def wait_for(self, query, count, within=120):
        """The lines, when there are `count` of them or more."""
        deadline = time.monotonic() + within
        while len(found := self.lines(query)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} lines of {query} after {within} s; see {self.log}")
            time.sleep(0.2)
        return found


class Collector(servers.Server):
    """Ships what is in `logs` to `loki`."""
    name = "collector"

    def __init__(self, folder, logs, loki):
        super().__init__(folder)
        self.logs = logs
        self.loki = loki

    def prepare(self):
        self.program = install_collector()
        (self.folder / "collector.yml").write_text(with_places(COLLECTOR_SETTINGS, {
            "/var/log/orakgarak": self.logs, "/var/lib/otelcol": self.folder / "state",
            "127.0.0.1:3100": self.loki.address}))

    def launch(self):
        return servers.start_process([self.program, "--config", self.folder / "collector.yml"], self.log,
                                     cwd=self.folder, env=os.environ | {"HOST_NAME": "stage"})

    def ready(self):
        return self.process.poll() is None  # it has no port; what it ships shows that it runs
