"""Every process is restarted once, one after the other, behind nginx and under steady load: nothing fails.

Run with the program's path first: rolling_test.py PROGRAM [words].
"""
import http.client
import sys
import time
import unittest

from proxy import Nginx, free_ports
from scaled import Place, Scaled, Steady, take_of

from program import Client, send_form  # noqa: E402  (proxy.py says where it is)

PROGRAM = ""
NOTICED = 2.5  # seconds; nginx asks a process again after fail_timeout (deploy/nginx/orakgarak/processes.conf)
ENDS = {"COMPLETED", "FAILED", "EXPIRED"}


class Asking:
    """Looks at things, and declares and deletes."""

    def __init__(self, url, trust):
        self.client = Client(url, trust)
        self.client.consent()

    def __call__(self):
        for method, path, body, expected in (
                ("GET", "/v1/about", None, 200), ("GET", "/v1/uploads", None, 200), ("GET", "/v1/profile", None, 200),
                ("POST", "/v1/uploads", {"kind": "take", "size": 9, "content_type": "audio/wav", "sha256": "0" * 64}, 201)):
            status, _, answer = self.client.send(method, path, body)
            if status != expected:
                raise AssertionError(f"{method} {path} gave {status}: {answer}")
        status, _, answer = self.client.send("DELETE", f"/v1/uploads/{answer['upload']['id']}")
        if status != 204:
            raise AssertionError(f"DELETE gave {status}: {answer}")


class Singing:
    """Sends takes. What becomes of them is looked at in the end."""

    def __init__(self, client, take):
        self.client, self.take, self.sent = client, take, []

    def __call__(self):
        take = self.take()
        made = self.client.declare(take)
        status = send_form(made["send"], take)
        if status not in (200, 201, 204):
            raise AssertionError(f"the store answered {status}")
        upload = made["upload"]["id"]
        self.sent.append(upload)
        status, _, answer = self.client.send("POST", f"/v1/uploads/{upload}/sent")
        if status not in (202, 409):  # 409: it is known already
            raise AssertionError(f"sent gave {status}: {answer}")


class Following:
    """Holds an event stream as a browser does: one that ends is opened again where it was."""

    def __init__(self, client):
        self.client, self.seen, self.streams = client, [], 0
        self.stream = None

    def __call__(self):
        self.stream = self.client.events(after=len(self.seen))
        try:
            if self.stream.status != 200:
                raise AssertionError(f"/v1/events gave {self.stream.status}")
            self.streams += 1
            while event := self.stream.next():
                number, what = event
                if number != len(self.seen) + 1:
                    raise AssertionError(f"event {number} came after {len(self.seen)}")
                self.seen.append((what["upload"], what["to"]))
        except (http.client.IncompleteRead, ConnectionError, TimeoutError, OSError):
            pass  # it ended in the middle: a browser opens the next one
        finally:
            self.stream.close()

    def ends(self):
        return {upload: state for upload, state in self.seen if state in ENDS}


class RollingRestart(unittest.TestCase):
    def test_of_every_process_fails_no_request_and_loses_no_job_and_no_event(self):
        place, ports = Place.of_tests(), free_ports(2)
        self.addCleanup(place.destroy)
        take = take_of(PROGRAM, 3)
        with Scaled(PROGRAM, place) as scaled, Nginx(ports, files=place.store) as nginx:
            for port in ports:
                scaled.serve(port, "--public-url", nginx.url, "--public-objects-url", f"http://{place.store}",
                             "--trusted-proxy", "127.0.0.1", "--uploads-an-hour", "1000000")
            for _ in range(2):
                scaled.worker("--workers", "1")
            asking = [Steady(Asking(nginx.url, nginx.trust), 0.05) for _ in range(3)]
            singers, followers = [], []
            for _ in range(3):
                client = Client(nginx.url, trust=nginx.trust)
                client.consent()
                singers.append(Singing(client, take))
                followers.append(Following(client))
            singing = [Steady(one, 3.0) for one in singers]
            following = [Steady(one) for one in followers]
            for process in scaled.serving + scaled.working:
                time.sleep(1)
                self.assertEqual(process.stop(), 0, process.said())
                process.start()
                time.sleep(NOTICED)
            for one in singing:
                one.end()
            sent = [set(one.sent) for one in singers]
            deadline = time.monotonic() + 90
            while any(not uploads <= one.ends().keys() for uploads, one in zip(sent, followers)):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.1)
            for one in asking:
                one.end()
            for one in following:
                one.ending.set()
            for process in scaled.serving:  # ends the streams
                process.stop()
            for one in following:
                one.end()
            failures = [line for one in asking + singing for line in one.failures]
            # After its last process has gone, a stream cannot be opened.
            failures += [line for one in following for line in one.failures if "gave 503" not in line]
            self.assertEqual(failures, [], nginx.errors())
            for uploads, one in zip(sent, followers):
                self.assertTrue(uploads)
                self.assertEqual({upload: one.ends().get(upload) for upload in uploads},
                                 {upload: "COMPLETED" for upload in uploads})
                self.assertGreaterEqual(one.streams, 2)  # each was on a process that was restarted, and came back
            asked = sum(one.done for one in asking)
            self.assertGreater(asked, 20)
            print(f"{asked * 5} requests and {sum(map(len, sent))} takes during 4 restarts; none failed")


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
