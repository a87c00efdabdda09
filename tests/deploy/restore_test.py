"""Backing up and restoring as docs/operations.md says it: real servers, destroyed, and new ones in their place.

Run with the program's path first: restore_test.py PROGRAM [words].
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from proxy import free_ports
from scaled import ROOT, Place, Scaled, servers, take_of

from program import Client, send_form  # noqa: E402  (proxy.py says where it is)

PROGRAM = ""


def commands(heading):
    """The lines of the first block of commands under a heading of docs/operations.md."""
    text = (ROOT / "docs" / "operations.md").read_text().split(f"\n## {heading}\n", 1)[1]
    lines = re.search(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1].splitlines()
    return [line.split("  #")[0].strip() for line in lines]


def as_documented(heading, place, folder, skip=()):
    """Runs them, for this place: its database, its bucket, `files/` and `rows.dump` in `folder`."""
    own = {"ORAKGARAK_STORE": place.rows, "RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_STORE_TYPE": "s3",
           "RCLONE_CONFIG_STORE_PROVIDER": "Other", "RCLONE_CONFIG_STORE_ENDPOINT": f"http://{place.store}",
           "RCLONE_CONFIG_STORE_ACCESS_KEY_ID": place.keys["AWS_ACCESS_KEY_ID"],
           "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY": place.keys["AWS_SECRET_ACCESS_KEY"]}
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_"))}
    ran = []
    for command in commands(heading):
        if command.startswith(skip):
            continue
        here = command.replace("store:orakgarak", f"store:{place.name}")
        ended = subprocess.run(["bash", "-c", here], cwd=folder, env={**outer, **own}, capture_output=True, text=True)
        assert ended.returncode == 0, (here, ended.stderr)
        ran.append(command.split()[0])
    return ran


class Person:
    """One guest, at whatever `serve` there is."""

    def __init__(self, url):
        self.client = Client(url)
        self.client.consent()

    def moved_to(self, url):
        moved = Client(url)
        moved.cookie = self.client.cookie
        self.client = moved

    def sing(self, take):
        made = self.client.declare(take)
        assert send_form(made["send"], take) in (200, 201, 204)
        upload = made["upload"]["id"]
        assert self.client.send("POST", f"/v1/uploads/{upload}/sent")[0] in (202, 409)
        return upload

    def state(self, upload):
        return self.client.send("GET", f"/v1/uploads/{upload}")[2]["state"]

    def wait(self, upload, within=90):
        deadline = time.monotonic() + within
        while (state := self.state(upload)) not in ("COMPLETED", "FAILED", "EXPIRED"):
            assert time.monotonic() < deadline, f"{upload} is still {state}"
            time.sleep(0.1)
        return state

    def read(self, path):
        status, _, answer = self.client.send("GET", path)
        return answer if status == 200 else status

    def has(self):
        """All that this person can see."""
        uploads = self.read("/v1/uploads?limit=100")["items"]
        return {one["id"]: (one, self.read(f"/v1/uploads/{one['id']}/report"),
                            self.read(f"/v1/uploads/{one['id']}/history")) for one in uploads}


class Restore(unittest.TestCase):
    def test_brings_everything_back_and_work_goes_on(self):
        before, take = Place.of_tests(), take_of(PROGRAM, 3)
        with tempfile.TemporaryDirectory(prefix="orakgarak-backup-") as folder:
            backup = pathlib.Path(folder)
            try:
                with Scaled(PROGRAM, before) as scaled:
                    person, waiting = self.sung(scaled, before, take)
                    had, objects = person.has(), before.objects()
                    self.assertEqual(as_documented("Back up", before, backup), ["pg_dump", "rclone"])
                    person.sing(take())  # after the backup: it is lost
            finally:
                before.destroy()
            with servers_of_their_own() as (postgres, minio):
                after = Place(postgres.url, minio.address, minio.keys, before.kafka)
                self.assertEqual(as_documented("Restore", after, backup, skip=("systemctl", "createdb")),
                                 ["pg_restore", "rclone"])
                self.assertEqual(after.objects(), objects)
                with Scaled(PROGRAM, after) as scaled:
                    self.goes_on(scaled, after, person, waiting, had, take)

    def serve(self, scaled, place):
        (port,) = free_ports(1)
        scaled.serve(port, "--public-objects-url", f"http://{place.store}")
        return f"http://127.0.0.1:{port}"

    def sung(self, scaled, place, take):
        """Someone with two takes that were heard, and one that waits because there is no worker."""
        person = Person(self.serve(scaled, place))
        worker = scaled.worker("--workers", "1")
        done = [person.sing(take()) for _ in range(2)]
        self.assertEqual([person.wait(upload) for upload in done], ["COMPLETED"] * 2)
        worker.stop()
        waiting = person.sing(take())
        return person, waiting

    def goes_on(self, scaled, place, person, waiting, had, take):
        person.moved_to(self.serve(scaled, place))
        self.assertEqual(person.has(), had)
        scaled.worker("--workers", "1")
        self.assertEqual(person.wait(waiting), "COMPLETED")
        self.assertEqual(person.wait(person.sing(take())), "COMPLETED")
        self.assertEqual(len(person.client.send("GET", "/v1/recommendations")[2]["songs"]), 10)


class servers_of_their_own:
    """PostgreSQL and MinIO, new and empty."""

    def __enter__(self):
        self.folder = servers.servers_folder()
        self.running = servers.Postgres(self.folder).start(), servers.Minio(self.folder).start()
        return self.running

    def __exit__(self, *_):
        for one in self.running:
            one.stop()
        shutil.rmtree(self.folder)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
