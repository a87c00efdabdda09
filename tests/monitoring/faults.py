"""What goes wrong in detection.py and noise.py, and what Mattermost is told of it."""
import threading
import time
import urllib.request

import stack  # noqa: F401 (it says where program.py is)
from program import Client, send_form

QUEUED = 2500


def fill_queue(stack):
    """Jobs that nobody takes yet: their time is in the year 2255."""
    stack.postgres.psql(f"""
      WITH made AS (INSERT INTO uploads (id, owner, kind, content_type, size, sha256, file_name, object_key, state, version,
          created, changed, expires, traceparent)
        SELECT gen_random_uuid(), gen_random_uuid(), 'take', 'audio/wav', 1, repeat('0', 64), '', 'filled/' || n, 'UPLOADED', 2,
          now, now, now + 86400000000, '' FROM generate_series(1, {QUEUED}) n,
          (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now) clock RETURNING id)
      INSERT INTO jobs (id, upload, stage, priority, run_after) SELECT gen_random_uuid(), id, 'convert', 'batch',
        9000000000000000 FROM made""")


def empty_queue(stack):
    stack.postgres.psql("DELETE FROM uploads WHERE object_key LIKE 'filled/%'")


class Load:
    """Asks the pages of every `serve`, and sings, so many times a second, until it ends. What fails is what is wanted."""

    def __init__(self, stack, take, requests=5.0, takes=0.5):
        self.stack, self.take, self.ending = stack, take, threading.Event()
        self.threads = [threading.Thread(target=self.again, args=(self.ask, requests), daemon=True),
                        threading.Thread(target=self.again, args=(self.sing, takes), daemon=True)]
        self.asked = self.sung = 0
        for thread in self.threads:
            thread.start()

    def again(self, one, a_second):
        while not self.ending.wait(1 / a_second):
            try:
                one()
            except (OSError, AssertionError, KeyError, TypeError, ValueError):
                pass

    def page(self):
        return f"http://127.0.0.1:{self.stack.pages[(self.asked + self.sung) % len(self.stack.pages)]}"

    def ask(self):
        self.asked += 1
        client = Client(self.page())
        client.consent()
        client.send("GET", "/v1/uploads")

    def sing(self):
        self.sung += 1
        client = Client(self.page())
        client.consent()
        take = self.take()
        made = client.declare(take)
        send_form(made["send"], take)
        client.send("POST", f"/v1/uploads/{made['upload']['id']}/sent")

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join(30)


def sleep_until(moment):
    time.sleep(max(0.0, moment - time.time()))


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=2).close()
        return True
    except OSError:
        return False
