#!/usr/bin/env python3
"""A broker of a test's own, which it may kill: says its address, then does what each line of its input says (kill,
start, pause, resume) and answers "done". Ends with its input."""
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "servers"))
import servers  # noqa: E402

folder = pathlib.Path(tempfile.mkdtemp(prefix="orakgarak-own-broker-"))
try:
    with servers.Kafka(folder) as broker:
        print(broker.address, flush=True)
        for line in sys.stdin:
            {"kill": broker.kill, "start": broker.start, "pause": broker.pause, "resume": broker.resume}[line.strip()]()
            print("done", flush=True)
finally:
    shutil.rmtree(folder, ignore_errors=True)
