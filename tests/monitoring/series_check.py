#!/usr/bin/env python3
"""Whether every series that a rule or a dashboard selects exists: series_check.py PROMETHEUS_URL [FILE...]

Takes each vector selector of the rules in deploy/prometheus and of the panels in deploy/grafana/dashboards, and asks a
Prometheus that scrapes everything. Ends with 1 and names each selector that fits no series.
"""
import json
import re
import sys
import time
import urllib.parse
import urllib.request

import rules

# What cannot be where the tests run, and why.
ABSENT = {
    r"nvidia_smi_\w+": "there is no GPU",
    r"orakgarak_tls_certificate_expiry_timestamp_seconds": "in the tests the certificate is that of nginx",
    r'namedprocess_namegroup_\w+\{groupname="orakgarak-decode"\}': "a child is there only while it decodes",
}
WORDS = {"by", "on", "ignoring", "without", "group_left", "group_right", "and", "or", "unless", "bool", "offset", "inf", "nan"}


def selectors(expression):
    """The vector selectors of an expression, each as NAME{MATCHERS}."""
    strings = []

    def keep(match):
        strings.append(match[0])
        return f'"{len(strings) - 1}"'

    bare = re.sub(r'"(?:[^"\\]|\\.)*"', keep, expression)
    bare = re.sub(r"\b(by|on|ignoring|without|group_left|group_right)\s*\([^)]*\)", " ", bare)
    found = []
    for match in re.finditer(r"(?<![\w:$])([a-zA-Z_:][\w:]*)?\s*(\{[^}]*\})?(?!\w)", bare):
        name, matchers = match[1] or "", match[2] or ""
        after = bare[match.end():].lstrip()
        inside = bare[:match.start()].count("{") > bare[:match.start()].count("}")
        duration = bare[:match.start()].count("[") > bare[:match.start()].count("]")
        name = "" if name in WORDS else name
        if inside or duration or not (name or matchers) or (after.startswith("(") and not matchers):
            continue
        found.append(name + re.sub(r'"(\d+)"', lambda one: strings[int(one[1])], matchers))
    return found


def dashboard_expressions(folder=rules.ROOT / "deploy" / "grafana" / "dashboards"):
    """(panel, expression) of those that ask Prometheus."""
    found = []

    def panels(of):
        for panel in of.get("panels", []):
            yield panel
            yield from panels(panel)

    for file in sorted(folder.glob("*.json")):
        for panel in panels(json.loads(file.read_text())):
            for target in panel.get("targets", []):
                kind = (target.get("datasource") or panel.get("datasource") or {}).get("type", "prometheus")
                if kind == "prometheus" and target.get("expr"):
                    found.append((f"{file.name}: {panel.get('title')}", target["expr"]))
    return found


def wanted():
    """Selector to the places that have it. What a dashboard asks of its reader stands for anything."""
    places = {}
    for where, expression in rules.expressions() + dashboard_expressions():
        expression = expression.replace("$__rate_interval", "1m").replace("$__interval", "1m").replace("$__range", "1h")
        expression = re.sub(r'(=~?)\s*"([^"]*\$[^"]*)"', '=~".*"', expression)
        for selector in selectors(expression):
            places.setdefault(selector, set()).add(where)
    return places


def absent(selector):
    return next((why for form, why in ABSENT.items() if re.match(form, selector)), None)


def exists(prometheus, selector):
    words = urllib.parse.urlencode({"match[]": selector, "start": time.time() - 3600})
    with urllib.request.urlopen(f"{prometheus}/api/v1/series?{words}", timeout=20) as answer:
        return bool(json.loads(answer.read())["data"])


def missing(prometheus):
    """({selector: places} that fit nothing, {selector: why} that were not asked for, how many fit)."""
    lost, passed, found = {}, {}, 0
    for selector, places in sorted(wanted().items()):
        # ALERTS is there only while something fires or waits: Watchdog always does.
        selector = 'ALERTS{alertname="Watchdog"}' if selector.startswith("ALERTS") else selector
        if why := absent(selector):
            passed[selector] = why
        elif exists(prometheus, selector):
            found += 1
        else:
            lost[selector] = places
    return lost, passed, found


def main(words):
    if len(words) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    lost, passed, found = missing(words[0].rstrip("/"))
    for selector, why in passed.items():
        print(f"not asked for: {selector} ({why})")
    for selector, places in lost.items():
        print(f"no series: {selector} (in {', '.join(sorted(places))})")
    print(f"{found} selectors fit a series, {len(lost)} fit none, {len(passed)} cannot exist here")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
