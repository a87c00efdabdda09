"""deploy/alertmanager in a real Alertmanager: who is told what, and what stays silent."""
import contextlib
import shutil
import subprocess
import unittest

import rules
from stack import Alertmanager, Receiver, until
from stack import servers

ALERTS = {alert["alert"]: alert for alert in rules.alerts()}
EVERYTHING = "store,objects,events"


def labelled(name, **more):
    """An alert as Prometheus would send it."""
    labels = {"alertname": name, **ALERTS[name]["labels"], "cluster": "main", **more}
    if "{{" in labels.get("needs", ""):
        labels["needs"] = EVERYTHING
    return labels


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder, cls.receiver = servers.servers_folder(), Receiver()
        cls.alertmanager = Alertmanager(cls.folder, cls.receiver).start()
        # What comes after a while, is raised before all others.
        cls.alertmanager.raise_alerts(
            labelled("Watchdog", cluster="heart"),
            labelled("AvailabilityBurnFast", cluster="promises"), labelled("TakesBurnFast", cluster="promises"),
            labelled("MemoryHigh", cluster="tickets", host="a"), labelled("MemoryHigh", cluster="tickets", host="b"))

    @classmethod
    def tearDownClass(cls):
        cls.alertmanager.stop()
        cls.receiver.close()
        shutil.rmtree(cls.folder)

    def raised(self, *labels, **more):
        self.alertmanager.raise_alerts(*labels, **more)

    def told(self, word):
        return [post for post in self.receiver.posts() if word in post[2] + post[3]]

    def suppressed(self, cluster):
        """Names of the alerts of a cluster that something silences."""
        return sorted(alert["labels"]["alertname"] for alert in self.alertmanager.alerts()
                      if alert["labels"]["cluster"] == cluster and alert["status"]["state"] == "suppressed")

    def assertSuppressed(self, cluster, expected):
        """What an alert silences, it does a moment after it came."""
        with contextlib.suppress(AssertionError):
            until("silence", lambda: self.suppressed(cluster) == sorted(expected), 30)
        self.assertEqual(self.suppressed(cluster), sorted(expected))

    def test_a_critical_alert_is_told_at_once_by_itself_and_says_what_to_do(self):
        for instance in ("a:1", "b:2"):
            self.raised(labelled("InstanceDown", cluster="critical", instance=instance, host=instance[0]))
        until("both are told", lambda: len(self.told("InstanceDown on")) == 2)
        _, channel, title, text = next(post for post in self.told("InstanceDown on") if "(a:1)" in post[2])
        self.assertEqual(channel, "orakgarak-critical")
        self.assertEqual(title, "InstanceDown on a (a:1)")
        self.assertIn("**what is felt**\nDo first: what to do\n", text)
        self.assertIn("[InstanceDown](https://git.example/orakgarak/docs/runbooks.md#instancedown) since ", text)

    def test_tickets_go_to_their_own_channel_and_pages_of_promises_are_one_message(self):
        until("a ticket is told", lambda: self.told("MemoryHigh and"), 90)
        (ticket,) = self.told("MemoryHigh and")
        self.assertEqual(ticket[1:3], ("orakgarak-tickets", "MemoryHigh and 1 more"))
        (page,) = [post for post in self.receiver.posts() if "BurnFast" in post[2]]
        self.assertEqual(page[1], "orakgarak-critical")
        self.assertIn("TakesBurnFast", page[3])

    def test_the_heartbeat_goes_outside_each_minute(self):
        until("it is heard twice", lambda: len(self.receiver.heartbeats()) >= 2, 150)
        self.assertEqual(self.told("Watchdog"), [])

    def needing(self, part, cluster):
        return [labelled(name, cluster=cluster, host="b", instance="b:1") for name, alert in ALERTS.items()
                if part in labelled(name).get("needs", "").split(",")]

    def test_what_follows_from_a_server_that_is_down_is_silent(self):
        for cause, part in (("DatabaseDown", "store"), ("ObjectStoreDown", "objects"), ("BrokerDown", "events")):
            with self.subTest(cause):
                effects = self.needing(part, cause)
                self.assertGreater(len(effects), 5)
                others = [one | {"cluster": "other-" + cause} for one in effects]
                well = [labelled(name, cluster=cause, host="b", instance="b:1") for name in ("MemoryHigh", "LogsDropped")]
                self.raised(labelled(cause, cluster=cause, host="a"), *effects, *others, *well)
                self.assertSuppressed(cause, [one["alertname"] for one in effects])
                # Elsewhere only faster burn rates silence slower ones.
                self.assertEqual([name for name in self.suppressed("other-" + cause) if "Burn" not in name], [])

    def test_what_was_on_a_host_that_is_down_is_silent(self):
        on_it = [labelled(name, cluster="host", host="a", instance="a:1") for name in
                 ("InstanceDown", "ExporterDown", "HandlersBusy")]
        beyond = [labelled(name, cluster="host") for name in ("DatabaseDown", "BrokerDown", "ObjectStoreDown", "AvailabilityBurnFast")]
        elsewhere = [labelled("InstanceDown", cluster="host", host="b", instance="b:1"),
                     labelled("MemoryHigh", cluster="host", host="b", instance="b:9100")]
        self.raised(labelled("HostDown", cluster="host", host="a"), *on_it, *beyond, *elsewhere)
        self.assertSuppressed("host", [one["alertname"] for one in on_it + beyond])

    def test_what_a_process_that_is_down_says_is_silent(self):
        self.raised(*(labelled(name, cluster="process", host="a", instance=instance) for instance in ("a:1", "a:2")
                      for name in ("InstanceDown", "HandlersBusy", "RestartsOften") if (name, instance) != ("InstanceDown", "a:2")))
        self.assertSuppressed("process", ["HandlersBusy", "RestartsOften"])
        self.assertEqual({alert["labels"]["instance"] for alert in self.alertmanager.alerts()
                          if alert["labels"]["cluster"] == "process" and alert["status"]["state"] == "suppressed"}, {"a:1"})

    def silence(self, *words):
        ran = subprocess.run([rules.ROOT / "deploy" / "silence-deploy", "--alertmanager",
                              f"http://{self.alertmanager.address}", *words], capture_output=True, text=True)
        return ran.returncode, ran.stderr

    def test_a_deploy_is_silent_and_a_process_that_does_not_come_back_is_told(self):
        self.assertEqual(self.silence("deploy:1", "--seconds", "10"), (0, ""))
        self.raised(*(labelled("InstanceDown", cluster="deploy", host="deploy", instance=instance)
                      for instance in ("deploy:1", "deploy:2")))
        until("the other one is told", lambda: self.told("(deploy:2)"))
        self.assertSuppressed("deploy", ["InstanceDown"])
        self.assertEqual(self.told("(deploy:1)"), [])
        until("it is told in the end", lambda: self.told("(deploy:1)"), 60)
        code, said = self.silence("deploy:1")  # not for ever, by one after the other
        self.assertEqual(code, 1)
        self.assertIn("deploy:1 was silenced already", said)

    def test_a_deploy_is_of_one_instance_and_lasts_two_minutes_at_most(self):
        for words, said in ((["x:1", "--seconds", "121"], "121 s cannot be silenced; a deploy of one process gets 1 to 120 s"),
                            (["x:1", "--seconds", "0"], "0 s cannot be silenced"),
                            ([".*"], "'.*' names no instance"), ([""], "'' names no instance"),
                            (["x:1", "--alertmanager", "http://127.0.0.1:1"], "made no silence")):
            code, answer = self.silence(*words)
            self.assertEqual(code, 1, words)
            self.assertIn(said, answer)
        self.assertEqual(self.silence("y:1", "--seconds", "120"), (0, ""))


if __name__ == "__main__":
    unittest.main()
