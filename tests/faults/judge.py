"""What must hold after every fault: no upload lost, no effect twice, none stuck, and a log that a person can read."""
import hashlib
import json
import time

import topology as place
from topology import s3

STUCK_AFTER = 180  # seconds after the fault has ended
STARTS = ("Orakgarak is at ", "Files come to ", "Threads at work ", "Memory for work ", "Metrics are at ", "Data is in ", "Ctrl-C stops it.")
MOST_LINES = 60  # of trouble, that one process may log for one fault: it says what fails, not how often
LIFE = ["PENDING", "UPLOADED", "AUDIO_CONVERTING", "AUDIO_CONVERTED", "VOICE_ANALYSIS_PENDING", "VOICE_ANALYZING",
        "VOICE_ANALYZED", "COMPLETED"]


class Marks:
    """How long every log was when a fault began."""

    def __init__(self, topology):
        self.lengths = {part.name: len(part.lines()) for part in topology.parts}

    def since(self, topology):
        return {part.name: part.lines()[self.lengths[part.name]:] for part in topology.parts}


def states(topology, uploads):
    """Of each of these uploads that has a row."""
    wanted = set(uploads)
    return {upload: state for upload, state in topology.query("SELECT id, state FROM uploads") if upload in wanted}


def wait_for_all(topology, uploads, began, within=STUCK_AFTER):
    """Until all of them are COMPLETED; gives the seconds since the fault ended, at `began`."""
    while True:
        now = states(topology, uploads)
        waiting = [upload for upload in uploads if now.get(upload) != "COMPLETED"]
        if not waiting:
            return time.monotonic() - began
        ended = [upload for upload in waiting if now.get(upload) in (None, "FAILED", "EXPIRED")]
        if ended or time.monotonic() - began > within:
            raise AssertionError(
                f"{len(waiting)} of {len(uploads)} uploads are not COMPLETED {time.monotonic() - began:.0f} s after the "
                f"fault:\n" + "\n".join(story(topology, upload) for upload in (ended or waiting)[:3]))
        time.sleep(0.5)


def story(topology, upload):
    """What an operator would look at."""
    _, shown, fault = topology.operator("uploads", "show", upload)
    return shown or fault


def no_effect_twice(topology, uploads):
    histories, reports = {}, {}
    for upload, version, state in topology.query("SELECT upload, version, to_state FROM history ORDER BY upload, version"):
        histories.setdefault(upload, []).append((int(version), state))
    for upload, in topology.query("SELECT upload FROM reports"):
        reports[upload] = reports.get(upload, 0) + 1
    for upload in uploads:
        seen = [state for _, state in histories[upload]]
        assert seen == LIFE, f"{upload} went {' '.join(seen)}"
        versions = [version for version, _ in histories[upload]]
        first = versions[0]
        assert versions == list(range(first, first + len(LIFE))), f"{upload} has versions {versions}"
        assert reports.get(upload) == 1, f"{upload} has {reports.get(upload, 0)} reports"


def nothing_left(topology, within=30):
    """No job of what is COMPLETED, no event that nobody published."""
    deadline = time.monotonic() + within
    counts = ["SELECT count(*) FROM jobs WHERE upload IN (SELECT id FROM uploads WHERE state = 'COMPLETED')",
              "SELECT count(*) FROM outbox", "SELECT count(*) FROM dead_letters"]
    while True:
        left = [int(topology.query(count)[0][0]) for count in counts]
        if left == [0, 0, 0]:
            return
        assert time.monotonic() < deadline, f"left: {left[0]} jobs, {left[1]} events, {left[2]} dead letters"
        time.sleep(0.5)


def bytes_are_there(topology, uploads, take, most=5):
    """Of the last few: what was sent is still in the store, as it was."""
    if topology.embedded:
        return
    minio = topology.minio
    keys = dict(topology.query("SELECT id, object_key FROM uploads"))
    for upload in uploads[-most:]:
        status, body = s3.ask(minio.address, "GET", f"/{place.BUCKET}/{keys[upload]}", "", b"", minio.access_key,
                              minio.secret_key, minio.region)
        assert status == 200 and hashlib.sha256(body).digest() == hashlib.sha256(take).digest(), f"{upload}: {status}"


def the_operator_sees(topology, uploads):
    """Every upload, and no dead letter."""
    code, listed, fault = topology.operator("uploads", "list", "--limit", "10000", "--json")
    assert code == 0 and not fault, (code, fault)
    seen = {line["id"]: line["state"] for line in map(json.loads, listed.splitlines())}
    missing = [upload for upload in uploads if seen.get(upload) != "COMPLETED"]
    assert not missing, f"the operator does not see {missing[:3]} as COMPLETED"
    code, listed, fault = topology.operator("dlq", "list")
    assert (code, listed) == (4, ""), (code, listed)
    assert len(fault.splitlines()) == 1, fault


def is_of_a_start(line):
    """What a process says when it has started: it may be killed as often as a fault lasts."""
    return line.startswith(STARTS)


def is_trouble(line):
    """Neither of a start nor what is told of every take and every request that fails."""
    if not line.startswith("{"):
        return not is_of_a_start(line)
    return json.loads(line)["level"] != "info"


def logs_are_sensible(topology, marks, most=MOST_LINES):
    """Few lines beside those of its starts, nothing from a sanitizer. Gives the most lines of a process."""
    longest = 0
    for name, lines in marks.since(topology).items():
        text = "\n".join(lines)
        for word in ("AddressSanitizer", "runtime error:", "LeakSanitizer", "terminate called"):
            assert word not in text, f"{name}: {text[text.index(word):][:3000]}"
        for secret in (topology_secrets(topology)):
            assert secret not in text, f"{name} says a password"
        lines = [line for line in lines if is_trouble(line)]
        assert len(lines) <= most, f"{name} logged {len(lines)} lines:\n" + "\n".join(lines[:10] + ["…"] + lines[-10:])
        longest = max(longest, len(lines))
    for part in topology.parts:
        assert not part.fell(), f"{part.name} ended with {part.process.returncode}:\n" + "\n".join(part.lines()[-20:])
    return longest


def topology_secrets(topology):
    return [] if topology.embedded else [f":{place.servers.PASSWORD}@", topology.minio.secret_key]


def all_rules(topology, uploads, take, marks, ended, most_lines=MOST_LINES):
    """All of the above, of a fault that ended at `ended` (time.monotonic()). Gives seconds from then until the last was
    done, and the most lines of a process."""
    seconds = wait_for_all(topology, uploads, ended)
    no_effect_twice(topology, uploads)
    nothing_left(topology)
    bytes_are_there(topology, uploads, take)
    the_operator_sees(topology, uploads)
    return seconds, logs_are_sensible(topology, marks, most_lines)
