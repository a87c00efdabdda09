#!/usr/bin/env python3
"""Draws the dashboards without Grafana, from a live Prometheus (and Loki): one HTML file each, with the same grid.

  render.py --prometheus http://127.0.0.1:9090 [--loki http://127.0.0.1:3100] [--minutes 30] FOLDER

Says which panels have nothing to show. It draws lines, numbers, bars, buckets, tables and log lines plainly; Grafana does
it better. chromium --headless --screenshot=overview.png --window-size=1600,2000 FOLDER/overview.html makes a picture.
"""
import argparse
import html
import json
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parent / "dashboards"
COLOURS = ["#2f7ed8", "#e8710a", "#1e8e3e", "#d93025", "#9334e6", "#12b5cb", "#b06000", "#e52592", "#607d8b", "#7cb342"]
STYLE = """body{font:12px sans-serif;background:#f4f5f5;margin:8px}h1{font-size:16px}
.grid{display:grid;grid-template-columns:repeat(24,1fr);grid-auto-rows:34px;gap:4px}
.panel{background:#fff;border:1px solid #ddd;padding:4px;overflow:hidden}.panel b{font-size:12px}
.panel i{color:#888;font-style:normal;font-size:10px}.row{font-weight:bold;padding-top:10px}
.number{font-size:24px;text-align:center}.key{font-size:10px;display:inline-block;margin-right:8px}
td,th{text-align:left;padding:0 6px;font-size:10px;border-bottom:1px solid #eee}pre{font-size:10px;white-space:pre-wrap}"""


def asked(base, path, **values):
    with urllib.request.urlopen(f"{base}{path}?{urllib.parse.urlencode(values)}", timeout=30) as answer:
        return json.loads(answer.read())["data"]["result"]


class Sources:
    def __init__(self, prometheus, loki, minutes):
        self.urls = {"prometheus": prometheus, "loki": loki}
        self.end = time.time()
        self.start = self.end - 60 * minutes
        self.step = max(5, int(60 * minutes / 180))

    def series(self, target, variables):
        """Of each series: its labels, and its values as pairs of seconds and text (of Loki's streams: and lines)."""
        kind = target["datasource"]["type"]
        if not self.urls[kind]:
            return []
        expression = target["expr"].replace("$__rate_interval", "1m").replace("$__auto", "1m")
        for name, value in variables.items():
            expression = expression.replace(f"${name}", value)
        if kind == "loki":
            found = asked(self.urls[kind], "/loki/api/v1/query_range", query=expression, start=int(self.start * 1e9),
                          end=int(self.end * 1e9), step=f"{self.step}s", limit=100)
            return [(one.get("metric") or one.get("stream"), [tuple(value[:2]) for value in one["values"]])
                    for one in found]
        if target.get("instant"):
            return [(one["metric"], [tuple(one["value"])])
                    for one in asked(self.urls[kind], "/api/v1/query", query=expression, time=self.end)]
        return [(one["metric"], [tuple(value) for value in one["values"]])
                for one in asked(self.urls[kind], "/api/v1/query_range", query=expression, start=self.start, end=self.end,
                                 step=self.step)]


def legend(target, labels):
    text = target.get("legendFormat", "")
    if text in ("", "__auto"):
        return ", ".join(f"{key}={value}" for key, value in labels.items() if key != "__name__")
    return re.sub(r"{{(\w+)}}", lambda match: labels.get(match[1], ""), text)


def shown(value, unit):
    if value != value:
        return "–"
    if unit == "percentunit":
        return f"{100 * value:.4g} %"
    if unit == "bytes":
        for name in ("B", "KiB", "MiB", "GiB", "TiB"):
            if abs(value) < 1024 or name == "TiB":
                return f"{value:.4g} {name}"
            value /= 1024
    if unit == "s" and abs(value) >= 120:
        return f"{value / 60:.3g} min" if value < 7200 else f"{value / 3600:.3g} h" if value < 172800 else \
            f"{value / 86400:.3g} d"
    return f"{value:.4g}" + {"s": " s", "ops": "/s", "reqps": "/s", "cps": "/s", "Bps": " B/s", "x": " ×"}.get(unit, "")


def colour_of(value, panel):
    colour = "green"
    for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]:
        if step["value"] is None or value >= step["value"]:
            colour = step["color"]
    return colour


def drawn_lines(panel, series, sources):
    field = panel["fieldConfig"]["defaults"]
    numbers = [(name, [(float(at), float(value)) for at, value in values if value != "NaN"]) for name, values in series]
    top = max([value for _, values in numbers for _, value in values] + [field.get("max", 0), 1e-9]) * 1.05
    parts = [f'<svg viewBox="0 0 400 150" preserveAspectRatio="none" style="width:100%;height:calc(100% - 60px)">']
    for part in (0, 0.5, 1):
        parts.append(f'<line x1="0" x2="400" y1="{150 - 150 * part}" y2="{150 - 150 * part}" stroke="#ddd"/>')
    for index, (name, values) in enumerate(numbers):
        points = " ".join(f"{400 * (at - sources.start) / (sources.end - sources.start):.1f},{150 - 150 * value / top:.1f}"
                          for at, value in values)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[index % len(COLOURS)]}" stroke-width="1.5" '
                     'vector-effect="non-scaling-stroke"/>')
    keys = "".join(f'<span class="key" style="color:{COLOURS[index % len(COLOURS)]}">{html.escape(name or panel["title"])} '
                   f'{shown(values[-1][1], field["unit"]) if values else "–"}</span>'
                   for index, (name, values) in enumerate(numbers))
    return f'<i> up to {shown(top, field["unit"])}</i>' + "".join(parts) + "</svg><br>" + keys


def drawn_number(panel, series, sources):
    unit = panel["fieldConfig"]["defaults"]["unit"]
    return "".join(f'<div class="number" style="color:{colour_of(float(values[-1][1]), panel)}">'
                   f'{shown(float(values[-1][1]), unit)}</div>' for _, values in series)


def drawn_bars(panel, series, sources):
    field = panel["fieldConfig"]["defaults"]
    numbers = [(name, float(values[-1][1])) for name, values in series]
    top = field.get("max") or max([value for _, value in numbers] + [1e-9])
    return "".join(f'<div style="background:linear-gradient(90deg,#bcd {100 * value / top:.0f}%,#fff 0)">'
                   f'{html.escape(name)} <b>{shown(value, field["unit"])}</b></div>' for name, value in numbers)


def drawn_buckets(panel, series, sources):
    rows = sorted([(float(name.replace("+Inf", "inf")), {float(at): float(value) for at, value in values})
                   for name, values in series], key=lambda row: row[0])
    parts, own, below = [], [], {}
    for limit, values in rows:  # each holds those of the ones below it
        own.append((limit, {at: value - below.get(at, 0) for at, value in values.items()}))
        below = values
    most = max([value for _, values in own for value in values.values()] + [1e-9])
    for index, (limit, values) in enumerate(own):
        y = 150 - 150 * (index + 1) / len(own)
        for at, value in values.items():
            if value > 0:
                x = 400 * (at - sources.start) / (sources.end - sources.start)
                parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="3" height="{150 / len(own):.1f}" fill="#e8710a" '
                             f'opacity="{value / most:.2f}"/>')
    limits = " ".join(f"{limit:g}" for limit, _ in own)
    return f'<svg viewBox="0 0 400 150" preserveAspectRatio="none" style="width:100%;height:calc(100% - 40px)">' \
        f'{"".join(parts)}</svg><br><i>from below: {limits}</i>'


def drawn_table(panel, series, sources):
    names = sorted({key for labels, _ in series for key in labels if key != "__name__"})
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(labels.get(name, ''))}</td>" for name in names) +
                   f"<td>{values[-1][1]}</td></tr>" for labels, values in series)
    return f"<table><tr>{head}<th>value</th></tr>{rows}</table>"


def drawn_log(panel, series, sources):
    found = sorted([(int(at), text) for _, values in series for at, text in values],
                   reverse=panel["options"]["sortOrder"] == "Descending")
    return "<pre>" + html.escape("\n".join(text[:300] for _, text in found[:30])) + "</pre>"


DRAWN = {"timeseries": drawn_lines, "stat": drawn_number, "bargauge": drawn_bars, "heatmap": drawn_buckets,
         "table": drawn_table, "logs": drawn_log}


def drawn(panel, sources, variables):
    """Its HTML, and whether there was anything to show."""
    series = []
    for target in panel["targets"]:
        for labels, values in sources.series(target, variables):
            named = labels.get("le", "") if panel["type"] == "heatmap" else legend(target, labels)
            series.append((labels if panel["type"] == "table" else named, values))
    return (DRAWN[panel["type"]](panel, series, sources) if series else "<i>nothing</i>"), bool(series)


def page(dashboard, sources):
    """The HTML of one dashboard, and the titles of the panels that have nothing to show."""
    variables = {variable["name"]: variable["current"]["value"] for variable in dashboard["templating"]["list"]}
    parts, empty = [], []
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        where = f'grid-column:{place["x"] + 1}/span {place["w"]};grid-row:{place["y"] + 1}/span {place["h"]}'
        if panel["type"] == "row":
            parts.append(f'<div class="row" style="{where}">{html.escape(panel["title"])}</div>')
            continue
        inside, full = drawn(panel, sources, variables)
        if not full:
            empty.append(panel["title"])
        parts.append(f'<div class="panel" style="{where}"><b>{html.escape(panel["title"])}</b> '
                     f'<i>{html.escape(panel["description"])}</i>{inside}</div>')
    return (f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><h1>{html.escape(dashboard["title"])}</h1>'
            f'<div class="grid">{"".join(parts)}</div>'), empty


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prometheus", required=True)
    parser.add_argument("--loki")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("folder", type=pathlib.Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    sources = Sources(chosen.prometheus, chosen.loki, chosen.minutes)
    for file in sorted(FOLDER.glob("*.json")):
        try:
            text, empty = page(json.loads(file.read_text()), sources)
        except urllib.error.HTTPError as error:
            sys.exit(f"orakgarak: {file.name}: {error.url.split('?')[0]} answered {error.code}: {error.read().decode()[:300]}")
        except OSError as error:
            sys.exit(f"orakgarak: {file.name}: no answer: {error}; is the address right?")
        (chosen.folder / f"{file.stem}.html").write_text(text)
        print(f"{file.stem}: " + (f"nothing in {', '.join(empty)}" if empty else "every panel shows something"))


if __name__ == "__main__":
    main()
