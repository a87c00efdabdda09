#!/usr/bin/env python3
"""The dashboards are ones that Grafana can load and that a person can read: dashboards_test.py FOLDER_FOR_RESULTS"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "servers"))
import servers  # noqa: E402

GRAFANA = ROOT / "deploy" / "grafana"
DASHBOARDS = {file.stem: json.loads(file.read_text()) for file in sorted((GRAFANA / "dashboards").glob("*.json"))}
# What the metrics of those exporters are called that docs/metrics.md does not list.
EXPORTERS = ("node_", "pg_", "kafka_", "minio_", "namedprocess_", "probe_", "alertmanager_", "prometheus_", "nvidia_smi_",
             "scrape_", "up", "ALERTS")
WORDS_OF_PROMQL = {"by", "without", "on", "ignoring", "group_left", "group_right", "bool", "and", "or", "unless", "offset"}


def panels(dashboard):
    return [made for made in dashboard["panels"] if made["type"] != "row"]


def every_panel():
    return [(f"{name}: {made['title']}", made) for name, dashboard in DASHBOARDS.items() for made in panels(dashboard)]


def prometheus_expressions():
    found = [(f"{name}: {mark['name']}", mark["expr"]) for name, dashboard in DASHBOARDS.items()
             for mark in dashboard["annotations"]["list"]]
    return found + [(where, target["expr"].replace("$__rate_interval", "1m")) for where, made in every_panel()
                    for target in made["targets"] if target["datasource"]["type"] == "prometheus"]


def metrics_of(expression):
    """The names of the series that an expression selects."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", bare)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right) ?\([^)]*\)", "", bare)
    return {word for word in re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\(|[a-zA-Z0-9_:])", bare)} - WORDS_OF_PROMQL


class Files(unittest.TestCase):
    def test_they_are_what_the_program_beside_them_writes(self):
        subprocess.run([sys.executable, GRAFANA / "dashboards.py", "--check"], check=True)

    def test_all_six_are_there(self):
        self.assertEqual(set(DASHBOARDS), {"overview", "pipeline", "upload", "device", "host", "alerts"})

    def test_they_fit_the_types_of_grafana(self):
        compiler = ROOT / "web/page/node_modules/typescript/bin/tsc"
        packages = HERE / "node_modules"
        if not compiler.exists() or not packages.exists():
            self.fail("packages of npm are missing; ./test installs them (dashboard_types in tools/setup.sh)")
        shutil.copy(HERE / "tsconfig.json", RESULTS)
        (RESULTS / "node_modules").unlink(missing_ok=True)
        (RESULTS / "node_modules").symlink_to(packages)
        text = (HERE / "schema.ts.in").read_text()
        self.assertIn("/* dashboards */", text)
        both = {"right": DASHBOARDS, "wrong": {"overview": DASHBOARDS["overview"] | {"graphTooltip": "shared"}}}
        for name, dashboards in both.items():
            (RESULTS / "dashboards.ts").write_text(text.replace("/* dashboards */", ",\n".join(
                json.dumps(dashboard, indent=1) for dashboard in dashboards.values())))
            ran = subprocess.run([shutil.which("node"), compiler, "-p", RESULTS], capture_output=True, text=True)
            (self.assertEqual if name == "right" else self.assertNotEqual)(ran.returncode, 0, ran.stdout)


class Panels(unittest.TestCase):
    def test_each_says_what_it_shows_and_in_what_unit(self):
        for where, made in every_panel():
            with self.subTest(where):
                self.assertTrue(made["title"] and made["description"].endswith("."))
                self.assertTrue(made["fieldConfig"]["defaults"]["unit"])
                self.assertTrue(made["targets"])
                letters = [target["refId"] for target in made["targets"]]
                self.assertEqual(len(letters), len(set(letters)))

    def test_numbers_and_names_are_unique(self):
        self.assertEqual(len({dashboard["uid"] for dashboard in DASHBOARDS.values()}), len(DASHBOARDS))
        for name, dashboard in DASHBOARDS.items():
            with self.subTest(name):
                numbers = [made["id"] for made in dashboard["panels"]]
                self.assertEqual(len(numbers), len(set(numbers)))
                titles = [made["title"] for made in panels(dashboard)]
                self.assertEqual(len(titles), len(set(titles)), "two panels of one title")

    def test_none_lies_on_another_or_outside_the_grid(self):
        for name, dashboard in DASHBOARDS.items():
            taken = {}
            for made in dashboard["panels"]:
                place = made["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], 24, (name, made["title"]))
                for square in [(x, y) for x in range(place["x"], place["x"] + place["w"])
                               for y in range(place["y"], place["y"] + place["h"])]:
                    self.assertNotIn(square, taken, f"{name}: {made['title']} lies on {taken.get(square)}")
                    taken[square] = made["title"]

    def test_their_sources_are_provisioned(self):
        sources = (GRAFANA / "provisioning/datasources/orakgarak.yaml").read_text()
        known = set(re.findall(r"uid: (\w+)", sources))
        used = {target["datasource"]["uid"] for _, made in every_panel() for target in made["targets"]}
        self.assertLessEqual(used, known)

    def test_every_link_leads_to_a_dashboard(self):
        text = (GRAFANA / "provisioning/datasources/orakgarak.yaml").read_text()
        for uid in re.findall(r"/d/([\w-]+)", text):
            self.assertIn(uid, {dashboard["uid"] for dashboard in DASHBOARDS.values()})


class Expressions(unittest.TestCase):
    def test_prometheus_can_read_them(self):
        promtool = shutil.which("promtool") or self.fail("promtool is not here; install the package prometheus")
        rules = RESULTS / "dashboards.rules.json"  # JSON is YAML
        rules.write_text(json.dumps({"groups": [{"name": "dashboards", "rules": [
            {"record": f"panel:{number}", "expr": expression}
            for number, (_, expression) in enumerate(prometheus_expressions())]}]}))
        ran = subprocess.run([promtool, "check", "rules", "--lint=none", rules], capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_every_metric_is_in_the_catalogue_or_of_an_exporter(self):
        catalogue = (ROOT / "docs" / "metrics.md").read_text()
        rules = "\n".join(file.read_text() for file in (ROOT / "deploy/prometheus/rules").glob("*.yml"))
        recorded = set(re.findall(r"record: (\S+)", rules))
        listed = recorded | set(re.findall(r"`(\w+)(?:\{[^}]*\})?`", catalogue))
        for where, expression in prometheus_expressions():
            names = metrics_of(expression)
            self.assertTrue(names, where)
            for name in names:
                plain = re.sub(r"_(bucket|count|sum)$", "", name)
                known = name in listed or plain in listed or name.startswith(EXPORTERS)
                self.assertTrue(known, f"{where}: {name} is not in docs/metrics.md")


class Drawn(unittest.TestCase):
    def render(self, address):
        return subprocess.run([sys.executable, GRAFANA / "render.py", "--prometheus", address, "--minutes", "1",
                               RESULTS / "drawn"], capture_output=True, text=True)

    def test_from_a_prometheus_that_watches_itself(self):
        port = servers.free_port()
        with tempfile.TemporaryDirectory(prefix="orakgarak-grafana-") as folder:
            settings = pathlib.Path(folder, "prometheus.yml")
            settings.write_text("scrape_configs: [{job_name: prometheus, scrape_interval: 1s, static_configs: "
                                f"[{{targets: ['127.0.0.1:{port}']}}]}}]\n")
            prometheus = servers.start_process(
                [shutil.which("prometheus") or self.fail("install the package prometheus"), f"--config.file={settings}",
                 f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}"], f"{folder}/log")
            try:
                deadline = time.monotonic() + 120
                while "alerts: nothing" not in (said := self.render(f"http://127.0.0.1:{port}").stdout) \
                        or "Targets" in said:
                    self.assertLess(time.monotonic(), deadline, said)
                    time.sleep(0.5)
            finally:
                prometheus.kill()
                prometheus.wait()
        self.assertEqual({file.stem for file in (RESULTS / "drawn").glob("*.html")}, set(DASHBOARDS))
        drawn = (RESULTS / "drawn" / "alerts.html").read_text()
        self.assertRegex(drawn, r'<polyline points="[\d., ]+"')
        self.assertIn("prometheus 1", drawn)
        self.assertIn("Jobs that wait", said.split("pipeline: nothing in ")[1], "nothing of ours is watched")

    def test_where_nobody_answers_it_says_so(self):
        ran = self.render(f"http://127.0.0.1:{servers.free_port()}")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("is the address right?", ran.stderr)


if __name__ == "__main__":
    RESULTS = pathlib.Path(sys.argv.pop(1))
    RESULTS.mkdir(parents=True, exist_ok=True)
    unittest.main()
