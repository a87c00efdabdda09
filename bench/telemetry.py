"""What it costs to be watched: a whole server whose metrics are on and asked for and whose log tells of everything,
beside one where both are off.

telemetry.py BINARY [ROUNDS]: starts both as `serve` with a folder each. In each of ROUNDS (9) rounds both answer as
many requests as they can for two seconds each, and then take four takes each; who comes first changes with the round.
Prints throughput and processor time of both, and the medians of the rounds' ratios. Ends with 1 where on has less than
LEAST of the throughput of off.
"""
import concurrent.futures
import pathlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from take_time import Singer  # noqa: E402

LEAST = 0.97  # of the throughput without
SECONDS = 2  # of requests, a round
CONNECTIONS = 8
TAKES = 4  # a round
SCRAPE_EVERY = 5  # seconds, as deploy/prometheus asks


class Server:
    def __init__(self, binary, folder, name, *options):
        self.name = name
        self.log = open(folder / f"{name}.log", "w")
        self.process = subprocess.Popen(
            [binary, "--config", "/dev/null", "--data", folder / name, "serve", "--listen", "127.0.0.1:0",
             "--uploads-an-hour", "1000000", "--sessions-an-hour", "1000000", *options],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, "LANG": "C.UTF-8"})
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        else:
            sys.exit(f"the server did not start: see {self.log.name}")
        self.url = re.search(r"(http://\S+:\d+)", said)[1]
        self.metrics = re.search(r"Metrics are at\s+(\S+)", said)
        self.singer = Singer(self.url)
        self.asked = 0

    def processor(self):
        """Seconds used, its children too."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")

    def be_asked(self, ended):
        while not ended.wait(SCRAPE_EVERY):
            urllib.request.urlopen(self.metrics[1]).read()
            self.asked += 1

    def requests(self):
        """Requests a second, and processor seconds a request."""
        before, began = self.processor(), time.monotonic()
        said = subprocess.run(["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s",
                               "-H", f"Cookie: {self.singer.cookie}", f"{self.url}/v1/uploads"],
                              check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in said:
            sys.exit(said)
        count = int(re.search(r"(\d+) requests in", said)[1])
        return count / (time.monotonic() - began), (self.processor() - before) / count

    def takes(self, take):
        """Takes a second, and processor seconds a take."""
        before, began = self.processor(), time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(TAKES) as pool:
            list(pool.map(lambda _: Singer(self.url).sing(take), range(TAKES)))
        return TAKES / (time.monotonic() - began), (self.processor() - before) / TAKES

    def end(self):
        self.process.terminate()
        self.process.wait()


def half_a_minute(binary, folder):
    subprocess.run([binary, "sample", folder / "sung.wav"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "9", "-i", folder / "sung.wav", "-t", "30",
                    "-c:a", "libopus", "-b:a", "96k", folder / "take.webm"], check=True)
    return (folder / "take.webm").read_bytes()


def row(what, unit, on, off):
    """Prints it, and gives the median ratio of throughput."""
    ratio = statistics.median(a[0] / b[0] for a, b in zip(on, off))
    processor = statistics.median(a[1] / b[1] for a, b in zip(on, off))
    middle = [statistics.median(one[0] for one in side) for side in (on, off)]
    spent = [statistics.median(one[1] for one in side) * 1000 for side in (on, off)]
    print(f"{what}: {middle[0]:,.1f} {unit} a second with, {middle[1]:,.1f} without: {ratio:.3f} "
          f"(promised: at least {LEAST}); processor time {spent[0]:.3f} and {spent[1]:.3f} ms each: {processor:.3f}")
    return ratio


def main():
    binary, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 9
    with tempfile.TemporaryDirectory(prefix="orakgarak-telemetry-") as name:
        folder = pathlib.Path(name)
        take = half_a_minute(binary, folder)
        on = Server(binary, folder, "on")
        off = Server(binary, folder, "off", "--metrics-listen", "off", "--log", "text")
        ended = threading.Event()
        asking = threading.Thread(target=on.be_asked, args=[ended])
        asking.start()
        figures = {server: ([], []) for server in (on, off)}
        try:
            for server in (on, off):  # what is only slow the first time
                server.requests(), server.takes(take)
            for number in range(rounds):
                order = (on, off) if number % 2 == 0 else (off, on)
                for server in order:
                    figures[server][0].append(server.requests())
                for server in order:
                    figures[server][1].append(server.takes(take))
        finally:
            ended.set()
            asking.join()
            on.end()
            off.end()
        print(f"{rounds} rounds; metrics were asked for {on.asked} times")
        ratios = [row("GET /v1/uploads", "requests", figures[on][0], figures[off][0]),
                  row("takes of 30 s", "takes", figures[on][1], figures[off][1])]
    if min(ratios) < LEAST:
        sys.exit(f"the promise is broken: {min(ratios):.3f} is less than {LEAST}")


if __name__ == "__main__":
    main()
