"""What can be said of the rules without running anything but promtool and amtool."""
import collections
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

import rules

CASES = yaml.load((pathlib.Path(__file__).parent / "cases.yml").read_text(), yaml.BaseLoader)  # 0x40 is no number
SHORT = {"{c}": 'cluster="main"', "{h}": 'cluster="main",host="a"', "{i}": 'cluster="main",host="a",instance="a:1"'}


def spelled(series):
    for short, whole in SHORT.items():
        series = series.replace(short, whole)
    return series


def looked_at(case, series, fires):
    """One of promtool's tests: whether the alert fires, and no matter how often."""
    return {"interval": case.get("interval", "5s"),
            "input_series": [{"series": spelled(name), "values": str(values)} for name, values in series.items()],
            "promql_expr_test": [{
                "expr": f'max(ALERTS{{alertname="{case["alert"]}",alertstate="firing"}})', "eval_time": case["at"],
                "exp_samples": [{"labels": "{}", "value": 1}] if fires else []}]}


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True)


class Files(unittest.TestCase):
    def test_are_sound(self):
        for words in (["promtool", "check", "config", rules.PROMETHEUS / "prometheus.yml"],
                      ["promtool", "check", "rules", *rules.rule_files()],
                      ["prometheus-blackbox-exporter", "--config.check", "--config.file",
                       rules.ROOT / "deploy/exporters/blackbox.yml"]):
            ran = run(*words)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        with tempfile.TemporaryDirectory() as folder:  # its own place of the template is that of a server
            file = pathlib.Path(folder) / "alertmanager.yml"
            text = (rules.ALERTMANAGER / "alertmanager.yml").read_text()
            file.write_text(text.replace("/etc/orakgarak/alertmanager", str(rules.ALERTMANAGER)))
            ran = run("amtool", "check-config", file)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)


class EveryAlert(unittest.TestCase):
    alerts = rules.alerts()

    def test_has_a_name_of_its_own(self):
        names = [alert["alert"] for alert in self.alerts]
        self.assertEqual(len(names), len(set(names)))
        self.assertGreaterEqual(len(names), 29)

    def test_says_what_is_felt_what_to_do_and_where_to_read_on(self):
        for alert in self.alerts:
            with self.subTest(alert["alert"]):
                self.assertEqual(sorted(alert["annotations"]), ["action", "runbook_url", "summary"])
                self.assertTrue(all(alert["annotations"].values()))
                self.assertIn(alert["labels"]["severity"], ("critical", "page", "ticket", "heartbeat"))

    def test_has_a_runbook_and_every_runbook_an_alert(self):
        headings = re.findall(r"^### (\w+)$", (rules.ROOT / "docs" / "runbooks.md").read_text(), re.MULTILINE)
        self.assertEqual(sorted(headings), sorted(alert["alert"] for alert in self.alerts))
        for alert in self.alerts:
            self.assertEqual(alert["annotations"]["runbook_url"], f"docs/runbooks.md#{alert['alert'].lower()}")

    def test_that_is_told_at_once_is_told_within_25_seconds(self):
        """Scrape, its time-out, evaluation, `for`; what is looked at every 5 s before it is scraped comes on top."""
        scraped = yaml.safe_load((rules.PROMETHEUS / "prometheus.yml").read_text())["global"]
        for alert in self.alerts:
            if alert["labels"]["severity"] == "critical" and alert["alert"] != "SiteUnreachable":
                took = rules.seconds(scraped["scrape_interval"]) + alert["interval"] + alert["for"]
                self.assertLessEqual(took, 25, alert["alert"])
        for route in yaml.safe_load((rules.ALERTMANAGER / "alertmanager.yml").read_text())["route"]["routes"]:
            if route["matchers"] == ['severity="critical"']:
                self.assertEqual(route["group_wait"], "0s")
                self.assertLessEqual({"alertname", "instance"}, set(route["group_by"]))

    def test_speaks_after_its_cause(self):
        """What an inhibition silences fires two evaluations later than what silences it, or later still."""
        pairs = 0
        for rule in rules.inhibitions():
            for cause in self.alerts:
                for effect in self.alerts:
                    labels = [{"alertname": alert["alert"], **alert["labels"]} for alert in (cause, effect)]
                    # needs of DependencyDown is the dependency itself.
                    labels[1]["needs"] = labels[1].get("needs", "").replace("{{ $labels.dependency }}", "store,objects,events")
                    if cause is effect or not rules.matches(rule["source_matchers"], labels[0]) \
                            or not rules.matches(rule["target_matchers"], labels[1]):
                        continue
                    pairs += 1
                    self.assertGreaterEqual(effect["for"], cause["for"] + 2 * cause["interval"],
                                            f"{effect['alert']} is silenced by {cause['alert']}")
        self.assertGreater(pairs, 50)

    def test_goes_on_for_as_long_as_its_effects_can_be_seen(self):
        """A cause that silences burn rates is over when their shortest window is."""
        for alert in self.alerts:
            if alert["alert"] in ("DatabaseDown", "ObjectStoreDown", "BrokerDown"):
                self.assertGreaterEqual(rules.seconds(alert["keep_firing_for"]), 5 * 60 + 30)

    def test_fires_and_stays_silent_when_it_should(self):
        names = {alert["alert"] for alert in self.alerts}
        self.assertEqual({case["alert"] for case in CASES}, names, "an alert without its case in cases.yml, or the other way")
        homes = {rule["alert"]: file for file, group in rules.groups() for rule in group["rules"] if "alert" in rule}
        tests = collections.defaultdict(list)  # by rule file and by how often values come and rules are looked at
        for case in CASES:
            mine = tests[homes[case["alert"]], case.get("interval", "5s")]
            mine.append(looked_at(case, case["series"], True))
            if case["silent"] == "never":
                self.assertEqual(case["alert"], "Watchdog")
                continue
            self.assertTrue(case["silent"])
            mine.append(looked_at(case, case["series"] | case["silent"], False))
        for (rule_file, interval), some in tests.items():
            # Every file stands on its own, but for the host that is up.
            files = sorted({str(rule_file), str(rules.PROMETHEUS / "rules" / "causes.yml")})
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder) / "tests.yml"
                file.write_text(yaml.safe_dump({
                    "rule_files": files if rule_file.stem == "servers" else [str(rule_file)],
                    "evaluation_interval": interval, "tests": some}))
                ran = run("promtool", "test", "rules", file)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)


if __name__ == "__main__":
    unittest.main()
