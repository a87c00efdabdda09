"""Schemathesis against the running program: everything that docs/openapi.yaml promises, with data that fits it and
data that does not. contract_test.py PROGRAM; skipped (77) where schemathesis is not installed: ./test names a Python that has
it in ORAKGARAK_CONTRACT_PYTHON."""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

from program import Client, Program, send_form

PYTHON = os.environ.get("ORAKGARAK_CONTRACT_PYTHON", sys.executable)
ROOT = pathlib.Path(__file__).resolve().parents[2]

# What ends what the others need, and the stream that never ends: program_test.py has rules for them.
LEFT_OUT = ["deleteEverything", "signOut", "signUp", "changePassword", "events"]


# What the contract cannot say in a schema: sizes over a limit that is configured, types that are not taken.
SETTINGS = """
[auth.openapi.session]
api_key = "{session}"
[auth.openapi.operator]
bearer = "{operator}"
[auth.openapi.storageEvents]
api_key = "{storage_key}"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "413", "415", "429"]
[[operations]]
include-operation-id = ["uploadReport", "uploadHistory", "getUpload", "opsUpload", "opsUploadHistory"]
parameters = {{ "path.id" = "{take}" }}
[[operations]]
include-operation-id = ["getSong", "giveFeedback"]
parameters = {{ "path.song" = "{song}" }}
"""


# Another event than the one described is taken and ignored.
OPEN = "storageEvent"


def check(server, *words, **settings):
    """Its exit code. words: further ones of the command line. settings: what SETTINGS names."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "schemathesis.toml").write_text(SETTINGS.format(**settings))
        # One worker: before 3.11.8 Python sometimes fails to parse source in two threads at once (gh-106905).
        command = [PYTHON, "-m", "schemathesis.cli", "run", str(ROOT / "docs/openapi.yaml"), "--url", server.url,
                   "--checks", "all", "--max-examples", "20", "--phases", "examples,coverage,fuzzing,stateful",
                   "--generation-deterministic", "--no-color", "--workers", "1", "--continue-on-failure", *words]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if ended.returncode:
        print(ended.stdout, ended.stderr, sep="\n")
    return ended.returncode


def completed_take(program, singer):
    """Its id: answers about a voice have to fit the contract too."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "take.wav"
        subprocess.run([program, "sample", str(file)], check=True)
        take = file.read_bytes()
    events = singer.events(after=0)
    answer = singer.declare(take)
    send_form(answer["send"], take)
    state = None
    while state not in ("COMPLETED", "FAILED", "EXPIRED", "nothing more"):
        state = (events.next() or (0, {"to": "nothing more"}))[1]["to"]
    events.close()
    assert state == "COMPLETED", state
    return answer["upload"]["id"]


def operator(program, data):
    """The token of a new operator."""
    said = subprocess.run([program, "--config", "/dev/null", "--data", str(data), "operators", "add", "tester"],
                          check=True, capture_output=True, text=True).stdout
    return max(said.split(), key=len)


def main(program):
    if subprocess.run([PYTHON, "-c", "import schemathesis"], capture_output=True).returncode:
        print("schemathesis is not installed here; ./test installs it")
        return 77
    many, storage_key = "1000000", "a-key-of-the-object-store"
    with contextlib.ExitStack() as stack:
        keys = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory())) / "keys"
        keys.write_text(storage_key)
        server = stack.enter_context(Program(program, "--uploads-an-hour", many, "--sessions-an-hour", many,
                                             "--storage-events-key-file", str(keys)))
        singer = Client(server.url)
        singer.consent()
        take = completed_take(program, singer)
        song = singer.send("GET", "/v1/recommendations")[2]["songs"][0]["song"]["id"]
        settings = {"session": singer.cookie.split("=", 1)[1], "operator": operator(program, server.data),
                    "storage_key": storage_key, "take": take, "song": song}
        status = check(server, *(word for left in [*LEFT_OUT, OPEN] for word in ("--exclude-operation-id", left)),
                       **settings)
        status |= check(server, "--include-operation-id", OPEN, "--exclude-checks", "negative_data_rejection",
                        **settings)
        code, error = server.stop()
        if code != 0 or '"level":"error"' in error:
            print(error)
            status |= 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
