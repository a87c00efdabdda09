"""Schemathesis against the running program: everything that docs/openapi.yaml promises, with data that fits it and
data that does not. contract_test.py PROGRAM; skipped (77) where schemathesis is not installed."""
import importlib.util
import pathlib
import subprocess
import sys
import tempfile

from program import Client, Program, send_form

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What ends what the others need, and the stream that never ends: program_test.py has rules for them.
LEFT_OUT = ["deleteEverything", "signOut", "events"]


# What the contract cannot say in a schema: sizes over a limit that is configured, types that are not taken.
SETTINGS = """
[auth.openapi.session]
api_key = "{session}"
[auth.openapi.operator]
bearer = "{operator}"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "413", "415", "429"]
"""


def check(server, session, operator):
    """Its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "schemathesis.toml").write_text(SETTINGS.format(session=session, operator=operator))
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(ROOT / "docs/openapi.yaml"), "--url", server.url,
                   "--checks", "all", "--max-examples", "20", "--phases", "examples,coverage,fuzzing",
                   "--generation-deterministic", "--no-color", "--workers", "2", "--continue-on-failure"]
        for operation in LEFT_OUT:
            command += ["--exclude-operation-id", operation]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if ended.returncode:
        print(ended.stdout, ended.stderr, sep="\n")
    return ended.returncode


def operator(program, data):
    """The token of a new operator."""
    said = subprocess.run([program, "--config", "/dev/null", "--data", str(data), "operators", "add", "tester"],
                          check=True, capture_output=True, text=True).stdout
    return max(said.split(), key=len)


def main(program):
    if importlib.util.find_spec("schemathesis") is None:
        print("schemathesis is not installed here; ./test installs it")
        return 77
    many = "1000000"
    with Program(program, "--uploads-an-hour", many, "--sessions-an-hour", many) as server:
        singer = Client(server.url)
        singer.consent()
        take = b"no take"
        send_form(singer.declare(take)["send"], take)
        session = singer.cookie.split("=", 1)[1]
        status = check(server, session, operator(program, server.data))
        code, error = server.stop()
        if code != 0 or "failed" in error:
            print(error)
            status |= 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
