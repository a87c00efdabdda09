"""What watches the program, started for real on free ports: exporters, Prometheus and Alertmanager with the files of
deploy/, and a receiver that stands for Mattermost (which takes Slack's format) and for the heartbeat outside.

Only what names a machine is changed: targets, addresses of the webhooks, the folder /etc/orakgarak.
"""
import contextlib
import http.server
import json
import os
import pathlib
import shutil
import signal
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

import rules

sys.path[:0] = [str(rules.ROOT / "tests" / folder) for folder in ("servers", "server", "deploy")]

import servers  # noqa: E402
from proxy import Nginx  # noqa: E402
from scaled import Place, take_of  # noqa: E402, F401

HOST = "sing-1"


def get(url, timeout=5):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read().decode()


def post(url, body, timeout=5):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.read().decode()


def until(what, true, within=60):
    """What `true` gives, once that is true; a server that is asked and does not answer is asked again."""
    deadline = time.monotonic() + within
    while True:
        with contextlib.suppress(OSError):
            if answer := true():
                return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within} s")
        time.sleep(0.1)


class Receiver:
    """Records what is posted: (when, path, body), `when` by time.time()."""

    def __init__(self):
        self.got, self.lock = [], threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with outer.lock:
                    outer.got.append((time.time(), self.path, body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def posts(self, path="/mattermost"):
        """(when, channel, title, text) of each message."""
        with self.lock:
            return [(when, body["channel"], body["attachments"][0]["title"], body["attachments"][0]["text"])
                    for when, where, body in self.got if where == path]

    def heartbeats(self, path="/heartbeat"):
        with self.lock:
            return [when for when, where, _ in self.got if where == path]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Daemon(servers.Server):
    """A program that is well when GET `path` gives 200."""

    def __init__(self, folder, name, arguments, path="/metrics", environment=None):
        self.name = name
        super().__init__(folder)
        self.arguments, self.path, self.environment = arguments, path, environment or {}

    def prepare(self):
        pass

    def launch(self):
        arguments = self.arguments(self) if callable(self.arguments) else self.arguments
        return servers.start_process(arguments, self.log, env=os.environ | self.environment, cwd=self.folder)

    def ready(self):
        try:
            get(f"http://{self.address}{self.path}")
            return True
        except OSError:
            return False


class Broker(servers.Kafka):
    """With the agent that shows its metrics."""

    def __init__(self, folder):
        super().__init__(folder)
        self.metrics = servers.free_port()

    def prepare(self):
        self.agent = servers.install_jmx_agent()
        super().prepare()

    def launch(self):
        agent = f"-javaagent:{self.agent}=127.0.0.1:{self.metrics}:{rules.ROOT / 'deploy/exporters/jmx.yml'}"
        return servers.start_process(self.java("kafka.Kafka", self.settings, memory=("-Xms256m", "-Xmx512m", agent)),
                                     self.log, cwd=self.folder)


class Alertmanager(Daemon):
    """deploy/alertmanager, or `configuration` in its place. Its messages go to `receiver`."""

    def __init__(self, folder, receiver, name="alertmanager", configuration=None, mattermost="/mattermost",
                 heartbeat="/heartbeat"):
        super().__init__(folder, name, lambda self: [
            "prometheus-alertmanager", f"--config.file={self.folder}/alertmanager.yml", f"--storage.path={self.folder}/data",
            f"--web.listen-address={self.address}", "--cluster.listen-address=", "--log.level=warn"], "/-/ready")
        self.receiver, self.configuration = receiver, configuration
        self.paths = (mattermost, heartbeat)

    def prepare(self):
        shutil.copytree(rules.ALERTMANAGER, self.folder, dirs_exist_ok=True)
        file = self.folder / "alertmanager.yml"
        text = self.configuration or file.read_text()
        text = text.replace("/etc/orakgarak/alertmanager", str(self.folder))
        text = text.replace("https://heartbeat.example/orakgarak", self.receiver.url + self.paths[1])
        file.write_text(text)
        (self.folder / "mattermost-url").write_text(self.receiver.url + self.paths[0] + "\n")

    @property
    def api(self):
        return f"http://{self.address}/api/v2"

    def alerts(self):
        return json.loads(get(self.api + "/alerts"))

    def raise_alerts(self, *labels, seconds=300):
        """Posts these alerts as Prometheus would. labels: one dictionary each."""
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        post(self.api + "/alerts", [{"labels": one, "endsAt": end, "annotations": {
            "summary": "what is felt", "action": "what to do", "runbook_url": f"docs/runbooks.md#{one['alertname'].lower()}"}}
            for one in labels])

    def wipe(self):
        shutil.rmtree(self.folder / "data", ignore_errors=True)


class Prometheus(Daemon):
    """deploy/prometheus with other targets. targets: file's name to its list of (address, labels)."""

    def __init__(self, folder, targets, name="prometheus", rule_files=None):
        super().__init__(folder, name, lambda self: [
            "prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
            f"--web.listen-address={self.address}", "--rules.alert.resend-delay=3s", "--web.enable-lifecycle",
            "--log.level=warn"], "/-/ready")
        self.targets, self.rule_files = targets, rule_files

    def prepare(self):
        shutil.copytree(rules.PROMETHEUS, self.folder, dirs_exist_ok=True)
        if self.rule_files is not None:
            shutil.rmtree(self.folder / "rules")
            (self.folder / "rules").mkdir()
            for file, text in self.rule_files.items():
                (self.folder / "rules" / file).write_text(text)
        for file in (self.folder / "targets").glob("*.yml"):
            file.write_text(yaml.safe_dump([
                {"targets": [address], "labels": {"cluster": "main", "host": HOST, **labels}}
                for address, labels in self.targets.get(file.stem, [])]))

    def query(self, expression):
        """[(labels, value)]."""
        answer = json.loads(get(f"http://{self.address}/api/v1/query?" + urllib.parse.urlencode({"query": expression})))
        return [(one["metric"], one["value"][1]) for one in answer["data"]["result"]]

    def has(self, selector):
        """Whether any series of the last five minutes fits."""
        words = urllib.parse.urlencode({"match[]": selector, "start": time.time() - 300})
        return bool(json.loads(get(f"http://{self.address}/api/v1/series?{words}"))["data"])

    def firing(self):
        return sorted({labels["alertname"] for labels, _ in self.query('ALERTS{alertstate="firing"}')})

    def health(self):
        """Of each target: job and instance to "" or what is wrong."""
        answer = json.loads(get(f"http://{self.address}/api/v1/targets?state=active"))
        return {(one["labels"]["job"], one["labels"]["instance"]): one["lastError"] or ("" if one["health"] == "up" else "?")
                for one in answer["data"]["activeTargets"]}

    def wipe(self):
        shutil.rmtree(self.folder / "data", ignore_errors=True)


class Stack:
    """The whole set: servers, two `serve`, two `worker`, exporters. Prometheus and Alertmanager by watch()."""

    def __init__(self, program):
        self.program = program
        self.folder = servers.servers_folder()
        self.started, self.receiver, self.front = [], Receiver(), None

    def __enter__(self):
        try:
            return self.begin()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise

    def start(self, server, wait=True):
        self.started.append(server)
        return server.start(wait)

    def begin(self):
        self.postgres, self.kafka = servers.Postgres(self.folder), Broker(self.folder)
        self.minio = servers.Minio(self.folder)
        self.start(self.kafka, wait=False)
        self.start(self.postgres)
        self.kafka.wait()
        self.start(self.minio)
        self.minio.make_bucket("takes", notify=False)
        place = {
            **self.minio.keys, "ORAKGARAK_STORE": self.postgres.url,
            "ORAKGARAK_OBJECTS": f"s3://takes?endpoint={self.minio.url}&path_style=true",
            "ORAKGARAK_EVENTS": f"kafka://{self.kafka.address}?partitions=2"}
        data = self.folder / "data"
        data.mkdir()
        self.pages = [servers.free_port() for _ in range(2)]
        more = ["--uploads-an-hour", "1000000", "--sessions-an-hour", "1000000", "--most-of-guests", "1TiB"]
        self.serving = [self.start(Daemon(self.folder, f"serve-{number}", lambda own, page=page: [
            self.program, "--config", "/dev/null", "--data", data, "serve", "--no-work", "--listen", f"127.0.0.1:{page}",
            "--metrics-listen", own.address, *more], "/readyz", place)) for number, page in enumerate(self.pages, 1)]
        self.working = [self.start(Daemon(self.folder, f"worker-{number}", lambda own: [
            self.program, "--config", "/dev/null", "--data", data, "worker", "--workers", "1", "--metrics-listen",
            own.address], "/readyz", place)) for number in (1, 2)]
        self.node = self.exporter("node", lambda own: [
            "prometheus-node-exporter", f"--web.listen-address={own.address}", "--log.level=error"])
        self.database = self.exporter("postgres-exporter", lambda own: [
            "prometheus-postgres-exporter", f"--web.listen-address={own.address}", "--log.level=error",
            f"--extend.query-path={rules.ROOT}/deploy/exporters/postgres.yml"],
            {"DATA_SOURCE_NAME": self.postgres.url.replace("postgres:", "postgresql:") + "?sslmode=disable"})
        self.process = self.exporter("process", lambda own: [
            "prometheus-process-exporter", f"-web.listen-address={own.address}", "-config.path",
            rules.ROOT / "deploy/exporters/process.yml"])
        self.front = Nginx(self.pages).__enter__()
        self.blackbox = self.exporter("blackbox", lambda own: [
            "prometheus-blackbox-exporter", f"--web.listen-address={own.address}", "--log.level=error",
            f"--config.file={rules.ROOT}/deploy/exporters/blackbox.yml"], {"SSL_CERT_FILE": str(self.front.trust)})
        return self

    def exporter(self, name, arguments, environment=None):
        return self.start(Daemon(self.folder, name, arguments, environment=environment))

    def targets(self):
        probe = {"exporter": self.blackbox.address}
        return {
            "orakgarak": [(one.address, {"role": "serve"}) for one in self.serving]
            + [(one.address, {"role": "worker"}) for one in self.working],
            "node": [(self.node.address, {})], "postgres": [(self.database.address, {})],
            "kafka": [(f"127.0.0.1:{self.kafka.metrics}", {})], "minio": [(self.minio.address, {})],
            "process": [(self.process.address, {})],
            "blackbox": [
                (f"{self.front.url}/v1/about", probe | {"module": "page", "dependency": "site"}),
                (self.postgres.address, probe | {"module": "port", "dependency": "store"}),
                (self.kafka.address, probe | {"module": "port", "dependency": "events"}),
                (self.minio.url + "/minio/health/live", probe | {"module": "answer", "dependency": "objects"})]}

    def watch(self, name="", rule_files=None, configuration=None):
        """A Prometheus and its Alertmanager, started; messages arrive at /mattermost{name}."""
        alertmanager = Alertmanager(self.folder, self.receiver, f"alertmanager{name}", configuration,
                                    f"/mattermost{name}", f"/heartbeat{name}")
        self.start(alertmanager)
        targets = self.targets() | {"alertmanager": [(alertmanager.address, {})]}
        prometheus = Prometheus(self.folder, targets, f"prometheus{name}", rule_files)
        prometheus.targets["prometheus"] = [(prometheus.address, {})]
        self.start(prometheus)
        return prometheus, alertmanager

    def __exit__(self, failed, *_):
        for server in reversed(self.started):
            if server.process:
                server.resume()
                server.kill() if isinstance(server, Daemon) else server.stop()
        if self.front:
            self.front.__exit__(None, None, None)
        if failed:
            for log in sorted(self.folder.glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}", file=sys.stderr)
        self.receiver.close()
        shutil.rmtree(self.folder, ignore_errors=True)
