"""The rules in deploy/prometheus and the inhibitions in deploy/alertmanager, as plain data."""
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
ALERTMANAGER = ROOT / "deploy" / "alertmanager"
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(duration):
    """Of Prometheus's notation: 2s500ms is 2.5."""
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)(ms|s|m|h|d)", str(duration)))


def rule_files(folder=PROMETHEUS):
    return sorted((folder / "rules").glob("*.yml"))


def groups(folder=PROMETHEUS):
    """(file, group)."""
    return [(file, group) for file in rule_files(folder) for group in yaml.safe_load(file.read_text())["groups"]]


def alerts(folder=PROMETHEUS):
    """Every alert; `for` in seconds, and `interval`, that of its group."""
    least = seconds(yaml.safe_load((folder / "prometheus.yml").read_text())["global"]["evaluation_interval"])
    return [rule | {"for": seconds(rule.get("for", "0s")), "interval": seconds(group.get("interval", f"{least}s"))}
            for _, group in groups(folder) for rule in group["rules"] if "alert" in rule]


def expressions(folder=PROMETHEUS):
    """(name of the rule, expression)."""
    return [(rule.get("alert") or rule["record"], rule["expr"]) for _, group in groups(folder) for rule in group["rules"]]


def matches(matchers, labels):
    """As Alertmanager matches; a label that is missing is empty."""
    for matcher in matchers:
        name, how, value = re.fullmatch(r'(\w+)(=~|!~|!=|=)"(.*)"', matcher).groups()
        own = labels.get(name, "")
        same = bool(re.fullmatch(value, own)) if how in ("=~", "!~") else own == value
        if same != (how in ("=", "=~")):
            return False
    return True


def inhibitions():
    return yaml.safe_load((ALERTMANAGER / "alertmanager.yml").read_text())["inhibit_rules"]
