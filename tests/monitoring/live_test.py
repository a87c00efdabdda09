"""deploy/ as it is, scraping a whole set for real: live_test.py PROGRAM [words].

Every target is up, every rule and panel finds its series, a set that is well says nothing, and a worker that is killed
is told to Mattermost.
"""
import json
import sys
import time
import unittest

import rules
import series_check
from stack import Stack, get, take_of, until

from program import Client, send_form  # noqa: E402  (stack.py says where it is)

PROGRAM = ""
MACHINE = {alert["alert"] for _, group in rules.groups() if group["name"] == "hosts"
           for alert in group["rules"] if "alert" in alert}  # the tests' machine may be busy or full


def sing(stack, take):
    """One take through the whole set; its last state."""
    client = Client(f"http://127.0.0.1:{stack.pages[0]}")
    client.consent()
    made = client.declare(take)
    assert send_form(made["send"], take) in (200, 204)
    upload = made["upload"]["id"]
    client.send("POST", f"/v1/uploads/{upload}/sent")

    def ended():
        state = client.send("GET", f"/v1/uploads/{upload}")[2]["state"]
        return state if state in ("COMPLETED", "FAILED", "EXPIRED") else None

    return until("a take ends", ended, 90)


class Live(unittest.TestCase):
    maxDiff = None

    def test_everything_is_seen_and_what_dies_is_told(self):
        with Stack(PROGRAM) as stack:
            prometheus, _ = stack.watch()
            self.assertEqual(sing(stack, take_of(PROGRAM, 3)()), "COMPLETED")
            health = until("every target is up", lambda: (all(not wrong for wrong in prometheus.health().values())
                                                          and prometheus.health()), 90)
            self.assertEqual({job for job, _ in health}, {
                "orakgarak", "node", "postgres", "kafka", "minio", "process", "blackbox", "prometheus", "alertmanager"})
            address, deadline = f"http://{prometheus.address}", time.monotonic() + 90
            while (found := series_check.missing(address))[0] and time.monotonic() < deadline:
                time.sleep(1)
            self.assertEqual(found[0], {}, "selectors of rules and panels that fit no series")
            self.assertGreater(found[2], 100)
            print(f"{found[2]} selectors fit a series; not asked for: {found[1]}")
            loaded = json.loads(get(address + "/api/v1/rules"))["data"]["groups"]
            wrong = {rule["name"]: rule["lastError"] for group in loaded for rule in group["rules"] if rule.get("lastError")}
            self.assertEqual(wrong, {})
            self.assertEqual(set(prometheus.firing()) - MACHINE, {"Watchdog"})
            until("the heartbeat is heard", stack.receiver.heartbeats)
            stack.working[1].kill()
            until("it is told", lambda: [post for post in stack.receiver.posts()
                                         if post[2] == f"InstanceDown on sing-1 ({stack.working[1].address})"], 90)
            told = {title.split(" ")[0] for _, channel, title, _ in stack.receiver.posts() if channel == "orakgarak-critical"}
            self.assertEqual(told, {"InstanceDown"})
            (text,) = [text for _, _, title, text in stack.receiver.posts() if title.startswith("InstanceDown")]
            self.assertIn("A worker on sing-1 does not answer", text)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
