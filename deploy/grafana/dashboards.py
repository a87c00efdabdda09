#!/usr/bin/env python3
"""Writes dashboards/*.json, which Grafana loads as they are.

  dashboards.py            writes them
  dashboards.py --check    exit code 1 where a file is not what this program writes
"""
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent / "dashboards"
PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
LOKI = {"type": "loki", "uid": "loki"}
COLUMNS = 24  # of Grafana's grid
GOOD, WARN, BAD = "green", "orange", "red"


# --- panels ---------------------------------------------------------------------------------------------------------


def targets(queries, **more):
    """queries: an expression, or pairs of an expression and the legend of its series."""
    if isinstance(queries, str):
        queries = [(queries, "")]
    return [{"refId": chr(ord("A") + number), "datasource": PROMETHEUS, "expr": expression,
             "legendFormat": legend or "__auto", **more} for number, (expression, legend) in enumerate(queries)]


def panel(kind, title, description, unit, queries, size, options, custom=None, steps=None, **defaults):
    """steps: pairs of a colour and the value from which on it holds (the first: None)."""
    field = {"unit": unit, "custom": custom or {}, **defaults}
    field["color"] = {"mode": "thresholds" if steps else "palette-classic"}
    field["thresholds"] = {"mode": "absolute",
                           "steps": [{"color": colour, "value": value} for colour, value in steps or [(GOOD, None)]]}
    return {"type": kind, "title": title, "description": description, "datasource": PROMETHEUS, "size": size,
            "targets": queries, "fieldConfig": {"defaults": field, "overrides": []}, "options": options}


def lines(title, description, unit, queries, size=(8, 8), stack=False, steps=None, **defaults):
    """Lines over time; with steps, the limits are drawn as lines too."""
    custom = {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 40 if stack else 8, "showPoints": "never",
              "stacking": {"mode": "normal" if stack else "none", "group": "A"}}
    if steps:
        custom["thresholdsStyle"] = {"mode": "dashed"}
    made = panel("timeseries", title, description, unit, targets(queries), size,
                 {"legend": {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []},
                  "tooltip": {"mode": "multi", "sort": "desc"}}, custom, steps, min=0, **defaults)
    made["fieldConfig"]["defaults"]["color"] = {"mode": "palette-classic"}
    return made


REDUCED = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}


def number(title, description, unit, queries, size=(4, 4), steps=None, **defaults):
    return panel("stat", title, description, unit, targets(queries, instant=True), size,
                 {**REDUCED, "colorMode": "background" if steps else "value", "graphMode": "none", "textMode": "auto",
                  "justifyMode": "auto", "orientation": "auto", "wideLayout": True, "showPercentChange": False,
                  "percentChangeColorMode": "standard"}, None, steps, **defaults)


def bars(title, description, unit, queries, size=(8, 8), steps=None, **defaults):
    """How much there is of each, now."""
    return panel("bargauge", title, description, unit, targets(queries, instant=True), size,
                 {**REDUCED, "displayMode": "basic", "orientation": "horizontal", "valueMode": "color",
                  "showUnfilled": True, "minVizHeight": 16, "minVizWidth": 8, "maxVizHeight": 300, "namePlacement": "auto",
                  "sizing": "auto", "legend": {"showLegend": False, "displayMode": "list", "placement": "bottom",
                                               "calcs": []}}, None, steps, min=0, **defaults)


def spread(title, description, queries, size=(12, 8)):
    """A histogram over time. Each column: how many fell between two limits of a bucket."""
    return panel("heatmap", title, description, "s", targets(queries, format="heatmap"), size,
                 {"calculate": False, "cellGap": 1,
                  "color": {"mode": "scheme", "scheme": "Oranges", "exponent": 0.5, "fill": "dark-orange", "reverse": False,
                            "steps": 64, "scale": "exponential"},
                  "cellValues": {"unit": "ops"}, "exemplars": {"color": "rgba(255,0,255,0.7)"},
                  "filterValues": {"le": 1e-9}, "legend": {"show": True}, "rowsFrame": {"layout": "auto"},
                  "showValue": "never", "tooltip": {"mode": "single", "yHistogram": False, "showColorScale": False},
                  "yAxis": {"axisPlacement": "left", "reverse": False, "unit": "s"}})


def table(title, description, queries, size=(12, 8), unit="none"):
    return panel("table", title, description, unit, targets(queries, instant=True, format="table"), size,
                 {"showHeader": True, "cellHeight": "sm", "frameIndex": 0},
                 {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False})


def log(title, description, expression, size=(24, 12), ascending=False):
    made = panel("logs", title, description, "none",
                 [{"refId": "A", "datasource": LOKI, "expr": expression, "queryType": "range"}], size,
                 {"showTime": True, "showLabels": False, "showCommonLabels": False, "wrapLogMessage": True,
                  "prettifyLogMessage": False, "enableLogDetails": True, "showLogContextToggle": True,
                  "dedupStrategy": "none",
                  "sortOrder": "Ascending" if ascending else "Descending"})
    return {**made, "datasource": LOKI}


def counted_lines(title, description, expression, legend, size=(12, 8)):
    made = lines(title, description, "short", [(expression, legend)], size, stack=True)
    made["datasource"] = LOKI
    made["targets"] = [{"refId": "A", "datasource": LOKI, "expr": expression, "legendFormat": legend,
                        "queryType": "range"}]
    return made


def row(title):
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "size": (COLUMNS, 1)}


# --- a dashboard ----------------------------------------------------------------------------------------------------


def placed(panels):
    """Fills the grid from left to right, row by row."""
    x = y = height = 0
    for identity, made in enumerate(panels, 1):
        width, tall = made.pop("size")
        if x + width > COLUMNS:
            x, y, height = 0, y + height, 0
        made |= {"id": identity, "gridPos": {"x": x, "y": y, "w": width, "h": tall}}
        x, height = x + width, max(height, tall)
    return panels


def textbox(name, label, description):
    return {"type": "textbox", "name": name, "label": label, "description": description, "query": "", "hide": 0,
            "skipUrlSync": False, "current": {"text": "", "value": ""}, "options": []}


def dashboard(name, title, description, panels, variables=(), since="now-3h"):
    return {"uid": f"orakgarak-{name}", "title": f"Orakgarak: {title}", "description": description, "tags": ["orakgarak"],
            "schemaVersion": 41, "version": 1, "editable": False, "graphTooltip": 1, "refresh": "10s",
            "timezone": "browser", "time": {"from": since, "to": "now"}, "timepicker": {}, "fiscalYearStartMonth": 0,
            "weekStart": "", "annotations": {"list": [
                {"name": "Restarts", "enable": True, "hide": False, "iconColor": "blue", "datasource": PROMETHEUS,
                 "expr": 'changes(orakgarak_start_time_seconds[1m]) > 0', "titleFormat": "{{role}} started",
                 "textFormat": "{{instance}}", "step": "30s"}]},
            "templating": {"list": list(variables)}, "preload": False,
            "links": [{"type": "dashboards", "title": "Orakgarak", "tags": ["orakgarak"], "asDropdown": True,
                       "icon": "external link", "includeVars": False, "keepTime": True, "targetBlank": False,
                       "tooltip": "", "url": ""}],
            "panels": placed(panels)}


# --- what is asked --------------------------------------------------------------------------------------------------


def rate(metric, by="", match=""):
    return f"sum{' by (' + by + ')' if by else ''} (rate(orakgarak_{metric}{{{match}}}[$__rate_interval]))".replace("{}", "")


def quantile(q, metric, by="", match=""):
    inner = rate(f"{metric}_bucket", f"le, {by}" if by else "le", match)
    return f"histogram_quantile({q}, {inner})"


def quantiles(metric, match=""):
    return [(quantile(q, metric, match=match), f"{round(q * 100)} %") for q in (0.5, 0.95, 0.99)]


def kept(promise, window):
    """The share that was as promised; the rules of deploy/prometheus record the share that was not."""
    return f"1 - max(orakgarak:{promise}_bad:ratio{window})"


def slo(title, description, promise, window, goal):
    return number(title, description, "percentunit", kept(promise, window), (4, 4), decimals=3,
                  steps=[(BAD, None), (WARN, 2 * goal - 1), (GOOD, goal)], noValue="nothing happened")


def burn_rate(window):
    return [(f"max(orakgarak:{promise}_bad:ratio{window}) / {share}", promise)
            for promise, share in (("availability", 0.001), ("latency", 0.01), ("takes", 0.01))]


ERRORS = '{service_name="orakgarak"} | level=~"error|fatal"'


def overview():
    return dashboard("overview", "overview", "What singers feel, and whether it is as promised.", [
        row("As promised"),
        slo("Answered without a fault, 1 h", "Requests that were not answered 5xx.", "availability", "1h", 0.999),
        slo("Answered within 0.5 s, 1 h", "Requests, without the streams of events.", "latency", "1h", 0.99),
        slo("Takes with a report within 60 s, 1 h", "From the last byte of a take.", "takes", "1h", 0.99),
        slo("Answered without a fault, 3 d", "Requests that were not answered 5xx.", "availability", "3d", 0.999),
        slo("Answered within 0.5 s, 3 d", "Requests, without the streams of events.", "latency", "3d", 0.99),
        slo("Takes with a report within 60 s, 3 d", "From the last byte of a take.", "takes", "3d", 0.99),
        lines("How fast the month's share is used up, over 1 h", "1: it lasts for just a month. Alerts page at 14.4 and 6.",
              "none", burn_rate("1h"), (12, 7), steps=[(GOOD, None), (WARN, 6), (BAD, 14.4)]),
        lines("How fast the month's share is used up, over 3 d", "Above 1 there is a ticket.", "none", burn_rate("3d"),
              (12, 7), steps=[(GOOD, None), (WARN, 1)]),
        row("Now"),
        number("Alerts that fire", "All severities, without the Watchdog.", "none",
               'count(ALERTS{alertstate="firing",alertname!="Watchdog"}) or vector(0)',
               steps=[(GOOD, None), (BAD, 1)]),
        number("Processes that answer", "Of serve and worker, as Prometheus sees them.", "none",
               'sum(up{job="orakgarak"})', steps=[(BAD, None), (GOOD, 1)]),
        number("Dependencies away", "Probed every 5 s by each process: store, objects, events.", "none",
               "count(orakgarak_dependency_up == 0) or vector(0)", steps=[(GOOD, None), (BAD, 1)]),
        number("Pages open", "Streams of events to pages.", "none", "sum(orakgarak_sse_clients)"),
        number("Oldest upload under way", "The longest time that an upload has been in a state that is not its last.",
               "s", "max(orakgarak_oldest_upload_age_seconds)", steps=[(GOOD, None), (WARN, 300), (BAD, 1800)]),
        number("Dead letters", "Jobs that were given up and wait for an operator: dlq list.", "none",
               "max(orakgarak_dead_letters)", steps=[(GOOD, None), (WARN, 1)]),
        row("Requests"),
        lines("Requests", "By class of the answer.", "reqps", [(rate("http_requests_total", "code"), "{{code}}")],
              stack=True),
        lines("Time to answer", "Over all routes.", "s", quantiles("http_request_duration_seconds")),
        lines("Slowest routes, 95 %", "The five routes that take longest.", "s",
              [(f'topk(5, {quantile(0.95, "http_request_duration_seconds", "route")})', "{{route}}")]),
        lines("Errors by route", "Requests that were answered 5xx.", "reqps",
              [(rate("http_requests_total", "route", 'code="5xx"'), "{{route}}")]),
        lines("Handlers", "Threads that answer: busy, and requests that wait for one.", "none",
              [("sum(orakgarak_http_handlers_busy)", "busy"), ("sum(orakgarak_http_handlers_waiting)", "waiting"),
               ("sum(orakgarak_http_handlers)", "there are")]),
        lines("Connections", "Open, and refused because there were too many.", "none",
              [("sum by (listener) (orakgarak_http_connections)", "{{listener}}"),
               ("sum by (listener) (increase(orakgarak_http_connections_refused_total[$__rate_interval]))",
                "{{listener}} refused")]),
        row("Takes"),
        lines("From the last byte to the report", "What a singer waits.", "s", quantiles("take_duration_seconds")),
        lines("Takes that ended", "By how they ended.", "ops",
              [(rate("upload_transitions_total", "to", 'to=~"COMPLETED|FAILED|EXPIRED",kind="take"'), "{{to}}")],
              stack=True),
        lines("Dependencies", "1: it answers its probe.", "bool",
              [("min by (dependency) (orakgarak_dependency_up)", "{{dependency}}")], max=1),
        row("Errors in the log"),
        log("Last errors", "One entry an error, with its whole trace: open one and follow its trace_id.", ERRORS,
            (24, 10)),
    ])


STATES = ("PENDING", "UPLOADED", "AUDIO_CONVERTING", "AUDIO_CONVERTED", "VOICE_ANALYSIS_PENDING", "VOICE_ANALYZING",
          "VOICE_ANALYZED", "IMAGE_OPTIMIZING", "THUMBNAIL_GENERATING", "COMPLETED", "FAILED", "EXPIRED")


def pipeline():
    return dashboard("pipeline", "pipeline", "Uploads on their way: states, stages, queues, events.", [
        row("States"),
        bars("Uploads in each state", "Now, in the order of their life. Takes and images together, without those that "
             "are done.", "none", [(f'sum(max by (kind) (orakgarak_uploads{{state="{state}"}}))', state)
                                   for state in STATES if state not in ("COMPLETED", "EXPIRED")], (8, 9)),
        lines("Flow through the states", "Uploads that came into each state: where one line falls below the one before "
              "it, there they gather.", "ops", [(rate("upload_transitions_total", match=f'to="{state}"'), state)
                                                for state in STATES], (8, 9)),
        lines("Oldest upload in each state", "Of those that are under way.", "s",
              [("max by (state) (orakgarak_oldest_upload_age_seconds)", "{{state}}")], (8, 9)),
        row("Stages"),
        lines("Time of a stage, 50 %", "From the claim of the job to its end.", "s",
              [(quantile(0.5, "stage_duration_seconds", "stage"), "{{stage}}")]),
        lines("Time of a stage, 95 %", "The same, of the slowest twentieth.", "s",
              [(quantile(0.95, "stage_duration_seconds", "stage"), "{{stage}}")]),
        lines("Failures", "Uploads that failed, by the stage in which.", "ops",
              [(rate("upload_failures_total", "stage"), "{{stage}}")]),
        lines("Jobs that wait", "Depth of the queue of each stage.", "none",
              [("max by (stage) (orakgarak_jobs_waiting)", "{{stage}}")]),
        lines("Oldest job that is due", "How long the first of each queue has waited.", "s",
              [("max by (stage) (orakgarak_oldest_job_age_seconds)", "{{stage}}")]),
        lines("Jobs that run", "Claimed and under a lease.", "none",
              [("max by (stage) (orakgarak_jobs_running)", "{{stage}}")]),
        lines("Retries", "Jobs that will be tried again.", "ops", [(rate("job_retries_total", "stage"), "{{stage}}")]),
        lines("Dead letters", "Jobs that were given up.", "ops",
              [(rate("job_dead_letters_total", "stage"), "{{stage}}")]),
        lines("Leases lost", "Jobs that another process took over: the one that had them died or hung.", "ops",
              [(rate("leases_lost_total", "stage"), "{{stage}}")]),
        row("What singers wait"),
        spread("From the last byte to the report", "How many takes took how long.", rate("take_duration_seconds_bucket", "le")),
        lines("Speed of the analysis", "Seconds of singing heard in a second of work. Below 1 it falls behind.", "x",
              quantiles("analysis_speed_ratio"), (6, 8)),
        lines("Singing heard", "Seconds of audio, and seconds of work on it, in each second.", "none",
              [(rate("analysis_audio_seconds_total"), "audio"), (rate("analysis_busy_seconds_total"), "work")], (6, 8)),
        row("Events"),
        lines("Outbox", "Events that are not published yet, and the age of the oldest.", "none",
              [("max(orakgarak_outbox_unpublished)", "unpublished"),
               ("max(orakgarak_outbox_oldest_age_seconds)", "oldest, seconds")]),
        lines("Published", "Events, by topic.", "ops", [(rate("events_published_total", "topic"), "{{topic}}")]),
        lines("Found by the reconciler", "What an event should have told: lost events, expired uploads, objects without "
              "a row.", "ops", [(rate("reconciler_finds_total", "what"), "{{what}}")]),
        lines("Consumer lag", "Messages that a group has not read, by topic.", "none",
              [("sum by (group, topic) (max by (group, topic, partition) (orakgarak_consumer_lag))",
                "{{group}} {{topic}}")]),
        lines("Streams of events", "Pages that listen, and those that were too slow and were sent away.", "none",
              [("sum(orakgarak_sse_clients)", "clients"),
               ("sum(increase(orakgarak_sse_dropped_total[$__rate_interval]))", "dropped")]),
        lines("Threads of the workers", "Busy, of those that there are.", "none",
              [("sum(orakgarak_worker_threads_busy)", "busy"), ("sum(orakgarak_worker_threads)", "there are")]),
    ])


def upload():
    one = '{service_name="orakgarak"} | upload_id=~"$upload" | trace_id=~"$trace"'
    given = [{**textbox("upload", "Upload", "The id of an upload, as `uploads show` takes it."), "query": ".*"},
             {**textbox("trace", "Trace", "The trace id that a page shows with an error."), "query": ".*"}]
    for variable in given:
        variable["current"] = {"text": variable["query"], "value": variable["query"]}
    return dashboard("upload", "one upload", "All that was said of one upload, by its id or its trace id. `orakgarak "
                     "uploads show ID` prints the same life with the time in each state.", [
        counted_lines("What happened when", "Lines by event.", f"sum by (event) (count_over_time({one} [$__auto]))",
                      "{{event}}", (24, 7)),
        log("Its states", "Each with the reason that was given.",
            f'{one} | event=~"upload_declared|upload_moved" | json | line_format '
            '"{{.from}} to {{.to}} {{.why}}"', (10, 9), True),
        log("Errors", "An error and its whole trace are one entry.",
            f'{one} | level=~"warn|error|fatal" | json | line_format '
            '"{{.event}} {{.stage}}: {{.message}}\\n{{.error_trace}}"', (14, 9), True),
        log("From the first request to the report", "In the order in which it happened.", one, (24, 18), True),
    ], given, "now-24h")


def device():
    return dashboard("device", "device", "Admission of heavy work: the memory of each device, and what waits for it.", [
        lines("Memory of each device", "The budget, what of it is granted to work, and what waits for it.", "bytes",
              [("max by (device) (orakgarak_device_budget_bytes)", "{{device}} budget"),
               ("max by (device) (orakgarak_device_granted_bytes)", "{{device}} granted"),
               ("max by (device) (orakgarak_device_waiting_bytes)", "{{device}} waiting")], (12, 9)),
        bars("Granted", "Of the budget, now.", "percentunit",
             [("max by (device) (orakgarak_device_granted_bytes) / max by (device) (orakgarak_device_budget_bytes)",
               "{{device}}")], (4, 9), steps=[(GOOD, None), (WARN, 0.8), (BAD, 0.95)], max=1),
        lines("Jobs that wait for room", "They enter when others leave.", "none",
              [("max by (device) (orakgarak_device_waiting_jobs)", "{{device}}")], (8, 9)),
        lines("Longest wait for room", "Of the jobs that wait.", "s",
              [("max by (device) (orakgarak_device_oldest_wait_seconds)", "{{device}}")]),
        lines("Refused", "Jobs that can never fit, or that did not get room in time.", "ops",
              [(rate("device_refused_total", "device"), "{{device}}")]),
        lines("Memory that could not be had", "Although it was granted: the budget is larger than the device.", "ops",
              [(rate("device_allocation_failures_total", "device"), "{{device}}")]),
        lines("Speed of the analysis", "Seconds of singing heard in a second of work.", "x",
              quantiles("analysis_speed_ratio")),
        lines("Threads of the workers", "Busy, of those that there are.", "none",
              [("sum(orakgarak_worker_threads_busy)", "busy"), ("sum(orakgarak_worker_threads)", "there are")]),
        lines("Memory of the processes", "Resident.", "bytes",
              [('process_resident_memory_bytes{job="orakgarak"}', "{{role}} {{instance}}")]),
        row("GPU (where there is one)"),
        lines("GPU: utilization", "Share of the time in which it computed.", "percentunit",
              [("nvidia_smi_utilization_gpu_ratio", "{{uuid}}")], (8, 7), max=1),
        lines("GPU: memory", "Used, and all of it.", "bytes",
              [("nvidia_smi_memory_used_bytes", "{{uuid}} used"), ("nvidia_smi_memory_total_bytes", "{{uuid}} total")],
              (8, 7)),
        lines("GPU: temperature", "Of the chip.", "celsius", [("nvidia_smi_temperature_gpu", "{{uuid}}")], (8, 7)),
    ])


def host():
    idle = 'rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval])'
    disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs"'
    return dashboard("host", "host", "The machine, the processes and the servers that they need.", [
        row("Machine"),
        lines("Processor", "Share that is busy.", "percentunit", [(f"1 - avg by (host) ({idle})", "{{host}}")],
              steps=[(GOOD, None), (BAD, 0.9)], max=1),
        lines("Memory", "Share in use.", "percentunit",
              [("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{host}}")],
              steps=[(GOOD, None), (BAD, 0.9)], max=1),
        lines("Disk", "Share in use, of each file system.", "percentunit",
              [(f"1 - node_filesystem_avail_bytes{{{disks}}} / node_filesystem_size_bytes{{{disks}}}",
                "{{host}} {{mountpoint}}")], steps=[(GOOD, None), (WARN, 0.8), (BAD, 0.9)], max=1),
        lines("Disk: busy", "Share of the time in which a disk had something to do.", "percentunit",
              [("rate(node_disk_io_time_seconds_total[$__rate_interval])", "{{host}} {{device}}")], (8, 7), max=1),
        lines("Network", "Received and sent.", "Bps",
              [('sum by (host) (rate(node_network_receive_bytes_total{device!="lo"}[$__rate_interval]))',
                "{{host}} in"),
               ('sum by (host) (rate(node_network_transmit_bytes_total{device!="lo"}[$__rate_interval]))',
                "{{host}} out")], (8, 7)),
        lines("Clock", "Away from the time of the network, as the kernel knows it.", "s",
              [("abs(node_timex_offset_seconds)", "{{host}}")], (8, 7)),
        row("Our processes"),
        lines("Processor of each process", "Cores in use.", "none",
              [('rate(process_cpu_seconds_total{job="orakgarak"}[$__rate_interval])', "{{role}} {{instance}}")], (6, 7)),
        lines("Memory of each process", "Resident.", "bytes",
              [('process_resident_memory_bytes{job="orakgarak"}', "{{role}} {{instance}}")], (6, 7)),
        lines("File descriptors", "Share in use of what the system allows.", "percentunit",
              [('process_open_fds{job="orakgarak"} / process_max_fds{job="orakgarak"}', "{{role}} {{instance}}")], (6, 7),
              max=1),
        number("Certificate ends in", "The first one to end.", "s",
               "min(orakgarak_tls_certificate_expiry_timestamp_seconds - time())", (6, 7),
               steps=[(BAD, None), (WARN, 604800), (GOOD, 1814400)], noValue="no TLS here"),
        counted_lines("Log lines", "By level; none where the line is not of our log.",
                      'sum by (level) (count_over_time({service_name="orakgarak"} [$__auto]))', "{{level}}", (12, 7)),
        table("Versions", "What runs where.", "orakgarak_build_info", (12, 7)),
        row("Servers"),
        lines("PostgreSQL: connections", "By what they do, and how many there may be.", "none",
              [("sum by (state) (pg_stat_activity_count)", "{{state}}"), ("max(pg_settings_max_connections)", "most")]),
        lines("PostgreSQL: transactions", "Committed and rolled back, of all databases.", "ops",
              [("sum(rate(pg_stat_database_xact_commit[$__rate_interval]))", "committed"),
               ("sum(rate(pg_stat_database_xact_rollback[$__rate_interval]))", "rolled back")]),
        lines("Kafka: brokers", "Brokers that take part, as the controller sees them.", "none",
              [("max(kafka_controller_activebrokercount)", "brokers")]),
        lines("Kafka: memory of the broker", "Java's heap: used, and how much it may have.", "bytes",
              [("kafka_heap_used_bytes", "{{instance}} used"), ("kafka_heap_max_bytes", "{{instance}} most")]),
        lines("Kafka: messages", "Taken in by the broker.", "ops",
              [("sum by (instance) (rate(kafka_server_messagesin_total[$__rate_interval]))", "{{instance}}")]),
        lines("S3: requests", "By what was asked, where the store is MinIO.", "reqps",
              [("sum by (api) (rate(minio_s3_requests_total[$__rate_interval]))", "{{api}}")]),
        lines("S3: room", "Free, of all of it.", "percentunit",
              [("minio_cluster_capacity_usable_free_bytes / minio_cluster_capacity_usable_total_bytes", "free")], max=1),
        lines("Memory of all programs", "Resident, by program.", "bytes",
              [('sum by (host, groupname) (namedprocess_namegroup_memory_bytes{memtype="resident"})',
                "{{host}} {{groupname}}")]),
        lines("Seen from outside", "1: a probe of the page, the ports and the store succeeded.", "bool",
              [('min by (dependency, instance) (probe_success{job="blackbox"})', "{{dependency}} {{instance}}")], max=1),
        lines("Probes of what we need", "How long each took.", "s",
              [("max by (dependency) (orakgarak_dependency_probe_seconds)", "{{dependency}}")]),
    ])


def alerts():
    return dashboard("alerts", "alerts", "What fires, what is about to, and whether the watch itself is well.", [
        table("Firing", "Now, of all severities. Each links to its page in docs/runbooks.md.",
              'ALERTS{alertstate="firing",alertname!="Watchdog"}', (12, 9)),
        table("Pending", "Seen, but not yet for as long as they have to last.", 'ALERTS{alertstate="pending"}', (12, 9)),
        lines("Firing over time", "One line an alert.", "none",
              [('sum by (alertname, severity) (ALERTS{alertstate="firing"})', "{{alertname}} ({{severity}})")], (24, 9)),
        lines("Targets", "1: Prometheus has read it.", "bool", [("min by (job) (up)", "{{job}}")], (12, 8), max=1),
        lines("Time of a scrape", "The slowest target of each job.", "s",
              [("max by (job) (scrape_duration_seconds)", "{{job}}")], (12, 8)),
        lines("Notifications", "Sent by Alertmanager, and those that failed.", "none",
              [("sum by (integration) (increase(alertmanager_notifications_total[$__rate_interval]))", "{{integration}}"),
               ("sum by (integration) (increase(alertmanager_notifications_failed_total[$__rate_interval]))",
                "{{integration}} failed")]),
        lines("Silenced or inhibited", "Alerts that Alertmanager holds, by state.", "none",
              [("sum by (state) (alertmanager_alerts)", "{{state}}"),
               ('sum(alertmanager_silences{state="active"})', "silences")]),
        lines("Rules", "Time to evaluate all groups, and evaluations that failed.", "s",
              [("sum(prometheus_rule_group_last_duration_seconds)", "seconds"),
               ("sum(increase(prometheus_rule_evaluation_failures_total[$__rate_interval]))", "failed")]),
    ])


def text_of(made):
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def main(words):
    wrong = []
    made = {name: text_of(write()) for name, write in (
        ("overview", overview), ("pipeline", pipeline), ("upload", upload), ("device", device), ("host", host),
        ("alerts", alerts))}
    for name, text in made.items():
        file = FOLDER / f"{name}.json"
        if words == ["--check"]:
            if not file.exists() or file.read_text() != text:
                wrong.append(file.name)
        else:
            file.write_text(text)
    if wrong:
        print(f"orakgarak: {', '.join(wrong)} not as dashboards.py writes it; run deploy/grafana/dashboards.py",
              file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
