"""The same takes through the embedded default and through PostgreSQL, S3 and Kafka, on the same two cores.

scaled_takes.py BINARY [--uploads N] [--at-once N] [--serves N] [--workers N] [--seconds S]

N takes (1,000) of 30 s, no two the same, come from guests of whom each sends the next when the report of the last one
is there. Prints takes a minute, the time from the last byte to the report, where it goes, and what each process cost.
Ends with 1 when the scaled set does less than 0.7 of the default.
"""
import argparse
import concurrent.futures
import datetime
import hashlib
import http.client
import itertools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "deploy"))

from scaled import Place, Scaled, answers, servers  # noqa: E402
from program import form_of  # noqa: E402  (scaled.py says where it is)

LEAST_RATIO = 0.7
CORES = 2
TICK = os.sysconf("SC_CLK_TCK")
FREE_OF_LIMITS = ["--uploads-an-hour", "1000000", "--sessions-an-hour", "1000000", "--most-of-guests", "100GiB"]
MARK = b"salt0000000000000000"  # in the file's own comment; each take has a number there


# --- takes and who sends them ---------------------------------------------------------------------------------------


def one_take(binary, folder, seconds):
    subprocess.run([binary, "sample", folder / "sung.wav"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "20", "-i", folder / "sung.wav", "-t", str(seconds),
                    "-c:a", "libopus", "-b:a", "96k", "-metadata", f"comment={MARK.decode()}", "-write_crc32", "0",
                    folder / "take.webm"], check=True)
    take = (folder / "take.webm").read_bytes()
    assert take.count(MARK) == 1, "the comment is not in the file as it was given"
    return take


class Singer:
    """One guest: a connection to a `serve`, and an event stream."""

    def __init__(self, url):
        self.at = urllib.parse.urlsplit(url)
        self.url, self.cookie, self.store = url, None, None
        self.line = self.connection()
        about = self.call("GET", "/v1/about")
        self.call("POST", "/v1/session", {"consent": about["consent_version"]})
        self.stream = self.connection()
        self.stream.request("GET", "/v1/events", headers={"Cookie": self.cookie})
        self.events = self.stream.getresponse()

    def leave(self):
        for line in (self.line, self.stream, self.store):
            line.close()

    def connection(self):
        return http.client.HTTPConnection(self.at.hostname, self.at.port, timeout=600)

    def call(self, method, path, body=None, also=()):
        fields = {"Content-Type": "application/json"} if body is not None else {}
        if self.cookie:
            fields["Cookie"] = self.cookie
        self.line.request(method, path, json.dumps(body) if body is not None else None, fields)
        answer = self.line.getresponse()
        text = answer.read()
        if answer.status >= 300 and answer.status not in also:
            sys.exit(f"{method} {path} gave {answer.status}: {text.decode(errors='replace')[:300]}")
        if cookie := answer.headers.get("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return json.loads(text or "null")

    def send(self, take):
        """The upload's id, and when the last byte was taken."""
        made = self.call("POST", "/v1/uploads", {"kind": "take", "size": len(take), "content_type": "audio/webm",
                                                 "sha256": hashlib.sha256(take).hexdigest()})
        body, content_type = form_of(made["send"], take)
        url = urllib.parse.urlsplit(made["send"]["url"])
        self.store = self.store or http.client.HTTPConnection(url.hostname, url.port, timeout=600)
        self.store.request("POST", url.path or "/", body, {"Content-Type": content_type, "Origin": self.url})
        answer = self.store.getresponse()
        said = answer.read()
        if answer.status >= 300:
            sys.exit(f"the store answered {answer.status}: {said.decode(errors='replace')[:300]}")
        sent, upload = time.monotonic(), made["upload"]["id"]
        self.call("POST", f"/v1/uploads/{upload}/sent", also=(409,))  # the store's event may have come first
        return upload, sent

    def until_the_end(self, upload):
        """When each state began, of the transitions that the stream tells."""
        began = {}
        for line in self.events:
            if not line.startswith(b"data: "):
                continue
            event = json.loads(line[6:])
            if event["upload"] != upload:
                continue
            began[event["to"]] = datetime.datetime.fromisoformat(event["at"].replace("Z", "+00:00")).timestamp()
            if event["to"] == "COMPLETED":
                return began
            if event["to"] in ("FAILED", "EXPIRED"):
                sys.exit(f"{upload} is {event['to']}")
        sys.exit("the event stream ended")

    def sing(self, take):
        """Seconds from the last byte to the report, and when each state began."""
        upload, sent = self.send(take)
        began = self.until_the_end(upload)
        self.call("GET", f"/v1/uploads/{upload}/report")
        return time.monotonic() - sent, began


def sing_all(urls, takes, at_once):
    """All takes by so many guests: seconds in all, seconds of each, and seconds in each state of each."""
    singers = [Singer(urls[number % len(urls)]) for number in range(at_once)]
    lock = threading.Lock()

    def one(singer):
        sung = []
        while True:
            with lock:
                take = next(takes, None)
            if take is None:
                singer.leave()
                return sung
            sung.append(singer.sing(take))

    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        sung = [entry for entries in pool.map(one, singers) for entry in entries]
    whole = time.monotonic() - begun
    shares = {}
    for _, began in sung:
        order = sorted(began.items(), key=lambda entry: entry[1])
        for (state, since), (_, until) in zip(order, order[1:]):
            shares.setdefault(state, []).append(until - since)
    return whole, sorted(seconds for seconds, _ in sung), shares


# --- what a process costs -------------------------------------------------------------------------------------------


def family(pid):
    """The process and all that it started; this client alone, which started everything."""
    found = [pid]
    if pid == os.getpid():
        return found
    for one in found:
        try:
            for task in pathlib.Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass
    return found


def processor_seconds(pid):
    """Of the family, with those of it that have ended."""
    ticks = 0
    for one in family(pid):
        try:
            words = pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, words[11:13] if one == os.getpid() else words[11:15]))
        except OSError:
            pass
    return ticks / TICK


def resident_bytes(pid):
    """What the family holds; what is shared counts once."""
    total = 0
    for one in family(pid):
        try:
            for line in pathlib.Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) << 10
        except OSError:
            pass
    return total


class Watched:
    """Processor time and highest memory of named processes, from the beginning of the `with` to its end."""

    def __init__(self, processes):
        self.processes = processes
        self.seconds, self.most = {}, dict.fromkeys(processes, 0)

    def __enter__(self):
        self.before = {name: processor_seconds(pid) for name, pid in self.processes.items()}
        self.begun, self.over = time.monotonic(), threading.Event()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def look(self):
        while True:
            for name, pid in self.processes.items():
                self.most[name] = max(self.most[name], resident_bytes(pid))
            if self.over.wait(2):
                return

    def __exit__(self, *_):
        self.lasted = time.monotonic() - self.begun
        self.seconds = {name: processor_seconds(pid) - self.before[name] for name, pid in self.processes.items()}
        self.over.set()
        self.thread.join()


# --- the two ways ---------------------------------------------------------------------------------------------------


def percentile(ordered, share):
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def measured(name, urls, take, options, processes):
    """Takes a minute; prints everything."""
    at_once = options.at_once
    takes = (take.replace(MARK, b"salt%016d" % number) for number in range(at_once + options.uploads))
    sing_all(urls, itertools.islice(takes, at_once), at_once)  # the first ones load what all need
    with Watched(processes) as cost:
        whole, times, shares = sing_all(urls, takes, at_once)
    rate = len(times) / whole * 60
    print(f"\n{name}: {rate:.0f} takes a minute ({len(times)} in {whole:.1f} s, {at_once} guests)")
    print(f"  last byte to report: p50 {percentile(times, 50):.2f} s, p95 {percentile(times, 95):.2f} s, "
          f"p99 {percentile(times, 99):.2f} s, longest {times[-1]:.2f} s")
    means = {state: statistics.fmean(all) for state, all in shares.items()}
    total = sum(means.values())
    for state, seconds in means.items():
        print(f"  {state:24} mean {seconds:7.3f} s {seconds / total:4.0%}   "
              f"p95 {percentile(sorted(shares[state]), 95):7.3f} s")
    for process, seconds in cost.seconds.items():
        print(f"  {process:12} {seconds:7.1f} s of processor ({seconds / len(times) * 1000:5.0f} ms a take, "
              f"{seconds / cost.lasted:4.2f} cores), {cost.most[process] / 2**20:4.0f} MiB")
    everything = sum(cost.seconds.values())
    print(f"  {'all':12} {everything:7.1f} s of processor ({everything / len(times) * 1000:5.0f} ms a take)", flush=True)
    return rate


def embedded(binary, take, options, folder):
    url = f"http://127.0.0.1:{servers.free_port()}"
    with open(folder / "serve.log", "w") as log:
        process = subprocess.Popen(
            [binary, "--config", "/dev/null", "--data", folder / "data", "serve", "--listen", url.removeprefix("http://"),
             "--objects-listen", f"127.0.0.1:{servers.free_port()}", *FREE_OF_LIMITS], stdout=log, stderr=log)
    try:
        while not answers(f"{url}/v1/about"):
            if process.poll() is not None:
                sys.exit(f"the server did not start: {(folder / 'serve.log').read_text()}")
            time.sleep(0.05)
        return measured("embedded default (SQLite, a folder, one process)", [url], take, options,
                        {"serve": process.pid, "this client": os.getpid()})
    finally:
        process.terminate()
        process.wait()


def scaled(binary, take, options, folder):
    folder.chmod(0o755)  # PostgreSQL runs as another user
    running = servers.start_all(folder, durable=True)
    postgres, minio, kafka = running
    try:
        place = Place(postgres.url, minio.address, minio.keys, kafka.address, prefix="")
        minio.make_bucket(place.name)
        with Scaled(binary, place) as processes:
            ports = [servers.free_port() for _ in range(options.serves)]
            for port in ports:
                processes.serve(port, *FREE_OF_LIMITS)
            for _ in range(options.workers):
                processes.worker("--workers", str(max(1, CORES // options.workers)))
            own = {one.name: one.process.pid for one in processes.serving + processes.working}
            others = {one.name: one.process.pid for one in running}
            return measured(f"PostgreSQL, MinIO and Kafka, {options.serves} serve, {options.workers} worker",
                            [f"http://127.0.0.1:{port}" for port in ports], take, options,
                            own | others | {"this client": os.getpid()})
    finally:
        for one in reversed(running):
            one.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--uploads", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--serves", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))  # and all that is started from here
    binary = os.path.abspath(options.binary)
    with tempfile.TemporaryDirectory(prefix="orakgarak-bench-") as name:
        folder = pathlib.Path(name)
        take = one_take(binary, folder, options.seconds)
        print(f"{options.uploads} takes of {options.seconds} s ({len(take) >> 10} KiB each), {CORES} cores for "
              "everything, this client too", flush=True)
        before = embedded(binary, take, options, folder)
        after = scaled(binary, take, options, folder)
    print(f"\nscaled / embedded: {after / before:.2f} (at least {LEAST_RATIO})")
    return after < LEAST_RATIO * before


if __name__ == "__main__":
    sys.exit(main())
