"""The faults. Each is a function of the running topology, a source of chance and the seconds that it may last; when it
returns, everything runs again as before."""
import contextlib
import json
import os
import pathlib
import subprocess
import time

import topology as place

LEASE = 60  # seconds that a job is held (uploads/worker.h)


def down(parts, chance, seconds):
    """SIGKILL, away for a while, started again."""
    for part in parts:
        part.kill()
    time.sleep(seconds)
    start(chance.sample(parts, len(parts)))


def start(parts):
    """All at once, and waits until they answer."""
    for part in parts:
        part.start(wait=False)
    for part in parts:
        part.wait()


def worker_killed(t, chance, seconds):
    """SIGKILL of workers at random moments, each started again at once."""
    end = time.monotonic() + seconds
    while True:
        time.sleep(chance.uniform(0.1, 2.0))
        down([chance.choice(t.workers)], chance, 0)
        if time.monotonic() > end:
            return


def worker_killed_before_commit(t, chance, seconds):
    """The database stands still while effects run: they end, none can be committed; then the workers are killed."""
    t.postgres.pause()
    time.sleep(min(seconds, chance.uniform(1, 4)))
    for part in t.workers:
        part.kill()
    t.postgres.resume()
    start(t.workers)


def worker_killed_before_offset(t, chance, seconds):
    """The broker stands still while work is done and committed: no offset can be; then the workers are killed."""
    t.kafka.pause()
    time.sleep(min(seconds, chance.uniform(1, 4)))
    for part in t.workers:
        part.kill()
    t.kafka.resume()
    start(t.workers)


def worker_wakes_with_an_old_lease(t, chance, seconds):
    """SIGSTOP of a worker for longer than its lease; another takes its job; then it goes on where it was."""
    sleeper = chance.choice(t.workers)
    sleeper.pause()
    time.sleep(LEASE + 5 + min(seconds, chance.uniform(0, 10)))
    sleeper.resume()


def api_killed(t, chance, seconds):
    """SIGKILL of one `serve` after the other, while people send."""
    end = time.monotonic() + seconds
    while True:
        time.sleep(chance.uniform(0.2, 2.0))
        down([chance.choice(t.serves)], chance, chance.uniform(0, 1))
        if time.monotonic() > end:
            return


def broker_killed(t, chance, seconds):
    down([t.kafka], chance, seconds)


def database_killed(t, chance, seconds):
    down([t.postgres], chance, seconds)


def store_killed(t, chance, seconds):
    down([t.minio], chance, seconds)


def all_killed(t, chance, seconds):
    """Broker, database and object store together."""
    down([t.kafka, t.postgres, t.minio], chance, seconds)


def all_killed_with_us(t, chance, seconds):
    """The whole machine, as a power cut takes it."""
    for part in t.parts:
        part.kill()
    down([t.kafka, t.postgres, t.minio], chance, min(seconds, 5))
    start(t.parts)


def server_hangs(t, chance, seconds):
    """Broker, database or object store stands still, with its connections open."""
    one = chance.choice([t.kafka, t.postgres, t.minio])
    one.pause()
    time.sleep(seconds)
    one.resume()


def slow_network(t, chance, seconds):
    """All processes reach all servers over a proxy that holds every piece back; then connections break."""
    t.delay(chance.uniform(0.05, 0.2))
    restart(t, proxied=True)
    time.sleep(seconds)
    for proxy in t.proxies.values():
        proxy.cut()
    time.sleep(1)
    t.delay(0)
    restart(t, proxied=False)


def restart(t, proxied):
    """One after the other, so that somebody always answers."""
    for part in t.parts:
        part.stop()
        part.proxied = proxied
        part.start()


# --- messages that should not be ------------------------------------------------------------------------------------


def produce(t, topic, key, value):
    file = t.folder / "message"
    file.write_bytes(value)
    subprocess.run(["kcat", "-P", "-b", t.kafka.address, "-X", "message.max.bytes=1048000", "-t", topic, "-k", key,
                    str(file)], check=True, capture_output=True)


NOBODY = "0193a1b2-0000-7000-8000-000000000000"


def poison(t, chance, seconds):
    """Into every topic: bytes, foreign JSON, an upload and a job that do not exist, almost 1 MiB (a broker takes no more)."""
    job = {"specversion": "1.0", "id": NOBODY, "source": "orakgarak", "type": "orakgarak.job.requested",
           "subject": NOBODY, "time": "2026-11-24T12:00:00Z",
           "data": {"job": NOBODY, "stage": "convert", "attempt": 1, "owner": NOBODY}}
    event = {"Records": [{"eventName": "s3:ObjectCreated:Put", "s3": {
        "bucket": {"name": place.BUCKET}, "object": {"key": f"uploads/{NOBODY}", "size": 1}}}]}
    foreign = {"Records": [{"eventName": "s3:ObjectCreated:Put", "s3": {
        "bucket": {"name": "others"}, "object": {"key": "..%2F..%2Fetc%2Fpasswd", "size": -1}}}]}
    values = [b"\x00\xff\xfe" * 100, b"{}", b"[1, 2", b"null", json.dumps(job).encode(), json.dumps(event).encode(),
              json.dumps(foreign).encode(), b"x" * 1_040_000, b"[" * 100_000]
    for topic in t.topics():
        for value in chance.sample(values, len(values)):
            produce(t, topic, NOBODY, value)


def duplicates(t, chance, seconds, most=10_000):
    """Real messages again, 10,000 of them, in any order."""
    seen = []
    for topic in t.topics():
        ran = subprocess.run(["kcat", "-C", "-b", t.kafka.address, "-t", topic, "-o", "beginning", "-e", "-q", "-f",
                              r"%k\t%s\n"], capture_output=True)
        seen += [(topic, line) for line in ran.stdout.split(b"\n") if line.count(b"\t") == 1 and len(line) < 10_000]
    assert seen, "no message was published at all"
    chosen = {}
    for topic, line in chance.choices(seen, k=most):
        chosen.setdefault(topic, []).append(line)
    for topic, lines in chosen.items():
        file = t.folder / "messages"
        file.write_bytes(b"\n".join(lines) + b"\n")
        subprocess.run(["kcat", "-P", "-b", t.kafka.address, "-t", topic, "-K", r"\t", "-l", str(file)], check=True,
                       capture_output=True)


# --- one machine's own faults -----------------------------------------------------------------------------------------


class SmallDisk:
    """A file system of a few MiB; mounting takes root."""

    def __init__(self, folder, mebibytes):
        self.path = pathlib.Path(folder)
        self.path.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(self.path)], check=True,
                       capture_output=True)

    def fill(self):
        with open(self.path / "filler", "ab", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(4096))

    def free(self):
        (self.path / "filler").unlink(missing_ok=True)

    def unmount(self):
        subprocess.run(["umount", "-l", str(self.path)], check=False, capture_output=True)


def can_mount():
    return os.geteuid() == 0 and subprocess.run(
        ["unshare", "--mount", "true"], capture_output=True).returncode == 0


def worker_disk_full(t, chance, seconds):
    """The folder where workers put a recording while they decode it takes no more."""
    disk = SmallDisk(t.folder / "small", 8)
    try:
        disk.fill()
        for part in t.workers:
            part.environment["TMPDIR"] = str(disk.path)
        restart_workers(t)
        time.sleep(seconds)
        disk.free()
        time.sleep(0.1)
    finally:
        for part in t.workers:
            part.environment.pop("TMPDIR", None)
        disk.free()
    restart_workers(t)
    disk.unmount()


def restart_workers(t):
    for part in t.workers:
        part.stop()
        part.start()


def wrong_clock(program, folder, offset_file):
    """The environment under which a program has a clock that is wrong by the seconds in `offset_file`."""
    library = pathlib.Path(folder) / "clock.so"
    subprocess.run(["g++", "-x", "c", "-O1", "-shared", "-fPIC", "-o", str(library),
                    str(pathlib.Path(__file__).with_name("clock.c"))], check=True)
    said = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    sanitizer = [line.split("=>")[1].split()[0] for line in said.splitlines() if "libasan" in line]  # wants to be first
    return {"LD_PRELOAD": ":".join([*sanitizer, str(library)]), "CLOCK_OFFSET_FILE": str(offset_file)}


def clock_jump(t, chance, seconds):
    """The clock of one worker's machine jumps ahead and back behind, then is right again."""
    jumper = chance.choice(t.workers)
    clock = t.folder / "clock"
    clock.write_text("0")
    jumper.stop()
    jumper.environment = wrong_clock(t.program, t.folder, clock)
    jumper.start()
    for jump in chance.sample(["300", "-300", "7200", "-7200"], 4):
        clock.write_text(jump)
        time.sleep(seconds / 4)
    jumper.stop()
    jumper.environment = {}
    jumper.start()


FAULTS = [worker_killed, worker_killed_before_commit, worker_killed_before_offset, worker_wakes_with_an_old_lease,
          api_killed, broker_killed, database_killed, store_killed, all_killed, all_killed_with_us, server_hangs,
          slow_network, poison, duplicates, worker_disk_full, clock_jump]


def cannot(fault):
    """Why this machine cannot have this fault; empty where it can."""
    if fault is worker_disk_full and not can_mount():
        return "mounting a small tmpfs takes root"
    return ""
