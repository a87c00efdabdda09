"""People who send takes while things fall, as the page does: what breaks is tried again, with whichever `serve`
answers."""
import hashlib
import http.client
import pathlib
import random
import subprocess
import tempfile
import threading
import time
import wave

from topology import TESTS  # noqa: F401  (its folders are on the path)
from program import Client, send_form

LINE_BROKE = (OSError, http.client.HTTPException)


def short_take(program, seconds=1.5):
    """The beginning of a sung take, as a WAV file."""
    with tempfile.TemporaryDirectory() as folder:
        whole, short = f"{folder}/whole.wav", f"{folder}/short.wav"
        subprocess.run([program, "sample", whole, "--rate", "16000"], check=True, capture_output=True)
        with wave.open(whole) as source, wave.open(short, "wb") as to:
            to.setparams(source.getparams())
            source.setpos(source.getframerate())
            to.writeframes(source.readframes(int(seconds * source.getframerate())))
        return pathlib.Path(short).read_bytes()


class Singer:
    """One browser; its takes, and which of them the store has taken."""

    def __init__(self, topology, take, chance, stopping):
        self.topology, self.take, self.chance, self.stopping = topology, take, chance, stopping
        self.cookie = None
        self.accepted = []  # upload ids whose bytes the store has taken: these must not be lost
        self.refused = []  # answers that a page cannot help

    def ask(self, method, path, body=None):
        """Until some `serve` has an answer that stays; None where the singer is told to stop first."""
        wait = 0.2
        while True:
            part = self.chance.choice(self.topology.serves)
            client = Client(f"http://127.0.0.1:{part.port}")
            client.cookie = self.cookie
            try:
                status, fields, answer = client.send(method, path, body)
                if status < 500 and status != 429:
                    return status, fields, answer
            except LINE_BROKE:
                pass
            if self.stopping.wait(wait):
                return None
            wait = min(3.0, 2 * wait)

    def consent(self):
        got = self.ask("POST", "/v1/session", {"consent": 1})
        if got:
            self.cookie = got[1]["Set-Cookie"].split(";")[0]
        return got is not None

    def sing(self, close_tab=False):
        """Sends one take. close_tab: nobody says that it was sent; only the store knows."""
        got = self.ask("POST", "/v1/uploads", {
            "kind": "take", "size": len(self.take), "content_type": "audio/wav",
            "sha256": hashlib.sha256(self.take).hexdigest(), "file_name": "take.wav"})
        while got:
            status, _, answer = got
            if status not in (200, 201):
                self.refused.append((status, answer))
                return
            upload = answer["upload"]["id"]
            if self.put(answer["send"]):
                self.accepted.append(upload)
                if not close_tab:
                    self.ask("POST", f"/v1/uploads/{upload}/sent")
                return
            if self.stopping.wait(0.5):
                return
            got = self.ask("POST", f"/v1/uploads/{upload}/sign", {})
            if got and got[0] == 409:  # the bytes were there, and only the answer was lost
                self.accepted.append(upload)
                return

    def put(self, send):
        try:
            return 200 <= send_form(send, self.take) < 300
        except LINE_BROKE:
            return False


class Choir:
    """Several singers at once, a take each `pace` seconds, until stop()."""

    def __init__(self, topology, take, seed, singers=2, pace=2.0, most=10_000):
        self.stopping = threading.Event()
        self.pace, self.most = pace, most
        self.singers = [Singer(topology, take, random.Random(f"{seed}/{number}"), self.stopping)
                        for number in range(singers)]
        self.threads = [threading.Thread(target=self.run, args=(singer,), daemon=True) for singer in self.singers]
        for thread in self.threads:
            thread.start()

    def run(self, singer):
        if not singer.consent():
            return
        for _ in range(self.most):
            singer.sing(close_tab=singer.chance.random() < 0.5)
            if self.stopping.wait(self.pace * singer.chance.uniform(0.5, 1.5)):
                return

    def stop(self):
        """Upload ids that must not be lost."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        return [upload for singer in self.singers for upload in singer.accepted]

    @property
    def accepted(self):
        return sum(len(singer.accepted) for singer in self.singers)

    @property
    def refused(self):
        return [one for singer in self.singers for one in singer.refused]

    def until(self, count, within=120):
        """Waits until so many takes were accepted, so that a fault falls into work."""
        deadline = time.monotonic() + within
        while self.accepted < count and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self.accepted >= count, f"only {self.accepted} takes in {within} s"
