"""The rules of the running program. Run with the program's path first: program_test.py PROGRAM [unittest words]."""
import contextlib
import io
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

from program import Client, Program, arrived_at, send_form, sung, until

PROGRAM = ""


class OneTake(unittest.TestCase):
    def test_from_consent_to_songs_with_every_transition_once_and_in_order(self):
        take = sung(PROGRAM)
        with Program(PROGRAM) as server:
            singer = Client(server.url)
            singer.consent()
            stream = singer.events(after=0)
            answer = singer.declare(take)
            self.assertEqual(send_form(answer["send"], take), 204)
            states = []
            while not states or states[-1] not in ("COMPLETED", "FAILED", "EXPIRED"):
                number, event = stream.next()
                states.append(event["to"])
                self.assertEqual(number, len(states))
            stream.close()
            self.assertEqual(states, ["PENDING", "UPLOADED", "AUDIO_CONVERTING", "AUDIO_CONVERTED",
                                      "VOICE_ANALYSIS_PENDING", "VOICE_ANALYZING", "VOICE_ANALYZED", "COMPLETED"])
            again = singer.events(after=6)
            self.assertEqual([again.next()[0] for _ in range(2)], [7, 8])
            again.close()

            upload = answer["upload"]["id"]
            report = singer.send("GET", f"/v1/uploads/{upload}/report")[2]
            self.assertTrue(report["answered"])
            self.assertEqual(report["file"], "")
            songs = singer.send("GET", "/v1/recommendations")[2]
            self.assertEqual(len(songs["songs"]), 10)

            stranger = Client(server.url)
            stranger.consent()
            self.assertEqual(stranger.send("GET", f"/v1/uploads/{upload}/report")[0], 404)
            self.assertEqual(singer.send("DELETE", "/v1/me")[0], 204)
            self.assertEqual(singer.send("GET", "/v1/uploads")[0], 401)
            self.assertEqual(server.stop()[0], 0)


class Export(unittest.TestCase):
    def test_holds_all_that_is_kept_and_nothing_of_others(self):
        take = sung(PROGRAM)
        with Program(PROGRAM) as server:
            singer, stranger = Client(server.url), Client(server.url)
            for one in (singer, stranger):
                one.consent()
            declared = singer.declare(take)
            self.assertEqual(send_form(declared["send"], take), 204)
            arrived_at(singer, declared, "COMPLETED")
            never_sent = singer.declare(b"x" * 100)["upload"]["id"]
            song = singer.send("GET", "/v1/recommendations")[2]["songs"][0]["song"]["id"]
            self.assertEqual(singer.send("PUT", f"/v1/songs/{song}/feedback", {"verdict": "easy", "key_shift": 1})[0], 200)
            self.assertEqual(singer.send("PUT", "/v1/me/profile", {"nickname": "sora", "introduction": "안녕"})[0], 200)
            album = singer.send("POST", "/v1/albums", {"title": "모음", "tracks": [declared["upload"]["id"]]})[2]["id"]
            status, fields, body = singer.send("GET", "/v1/me/export")
            self.assertEqual((status, fields["Content-Type"]), (200, "application/zip"))
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                self.assertIsNone(archive.testzip())
                read = lambda name: json.loads(archive.read(name))
                upload = declared["upload"]["id"]
                self.assertEqual(set(archive.namelist()), {
                    "me.json", "feedback.json", "profile.json", "page.json", "albums.json", f"uploads/{never_sent}/upload.json",
                    f"uploads/{upload}/upload.json", f"uploads/{upload}/report.json", f"uploads/{upload}/original.wav"})
                self.assertEqual(archive.read(f"uploads/{upload}/original.wav"), take)
                self.assertIsNone(read("me.json")["account"])
                self.assertEqual(read(f"uploads/{upload}/report.json"), singer.send("GET", f"/v1/uploads/{upload}/report")[2])
                self.assertEqual(read(f"uploads/{upload}/upload.json")["history"][-1]["to"], "COMPLETED")
                self.assertEqual(read("profile.json"), singer.send("GET", "/v1/profile")[2])
                self.assertEqual([said["song"] for said in read("feedback.json")], [song])
                self.assertEqual(read("page.json")["nickname"], "sora")
                self.assertEqual([(one["id"], one["tracks"][0]["upload"]) for one in read("albums.json")], [(album, upload)])
            with zipfile.ZipFile(io.BytesIO(stranger.send("GET", "/v1/me/export")[2])) as archive:
                self.assertEqual(set(archive.namelist()), {"me.json", "feedback.json", "profile.json", "page.json", "albums.json"})
            self.assertEqual(Client(server.url).send("GET", "/v1/me/export")[0], 401)


class Streams(unittest.TestCase):
    def test_end_with_the_session_and_are_four_a_person(self):
        with Program(PROGRAM) as server:
            singer = Client(server.url)
            singer.consent()
            streams = [singer.events() for _ in range(4)]
            self.assertEqual([stream.status for stream in streams], [200] * 4)
            fifth = singer.events()
            self.assertEqual(fifth.status, 429)
            fifth.close()
            streams.pop().close()
            for _ in range(200):  # until the server has noticed
                stream = singer.events()
                if stream.status == 200:
                    break
                stream.close()
                time.sleep(0.05)
            self.assertEqual(stream.status, 200)
            self.assertEqual(singer.send("DELETE", "/v1/session")[0], 204)
            for open_one in [*streams, stream]:
                self.assertIsNone(open_one.next())
                open_one.close()


class Deleting(unittest.TestCase):
    def files(self, server):
        return [file for file in (server.data / "objects" / "objects").rglob("*") if file.is_file()]

    def test_removes_the_bytes_before_it_answers_and_those_that_come_after_it(self):
        take = b"x" * 100
        with Program(PROGRAM) as server:
            singer = Client(server.url)
            singer.consent()
            answer = singer.declare(take)
            self.assertEqual(send_form(answer["send"], take), 204)
            self.assertEqual(singer.send("DELETE", f"/v1/uploads/{answer['upload']['id']}")[0], 204)
            self.assertEqual(self.files(server), [])
            self.assertEqual(send_form(answer["send"], take), 204)
            self.assertEqual(self.files(server), [])


class MeasuringAnew(unittest.TestCase):
    def test_a_running_server_does_what_reprocess_queues_and_the_report_is_the_new_one(self):
        take = sung(PROGRAM)
        with Program(PROGRAM) as server:
            singer = Client(server.url)
            singer.consent()
            stream = singer.events(after=0)
            answer = singer.declare(take)
            self.assertEqual(send_form(answer["send"], take), 204)
            while stream.next()[1]["to"] != "COMPLETED":
                pass
            stream.close()
            address = f"/v1/uploads/{answer['upload']['id']}"
            report, upload = singer.send("GET", address + "/report")[2], singer.send("GET", address)[2]
            with contextlib.closing(sqlite3.connect(server.data / "orakgarak.db", timeout=30)) as rows, rows:
                rows.execute("UPDATE reports SET core = 0, report = '{}'")
            self.assertEqual(singer.send("GET", address + "/report")[2], {})

            command = [PROGRAM, "--config", "/dev/null", "--data", str(server.data), "reprocess"]
            dry = subprocess.run([*command, "--dry-run"], capture_output=True, text=True, check=True).stdout
            self.assertIn("1 take of 1 person", dry)
            self.assertEqual(singer.send("GET", address + "/report")[2], {})
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
            self.assertIn("1 take measured anew", done)
            self.assertEqual(singer.send("GET", address + "/report")[2], report)
            self.assertEqual(singer.send("GET", address)[2], upload)
            self.assertIn("All takes", subprocess.run([*command, "--dry-run"], capture_output=True, text=True,
                                                      check=True).stdout)
            self.assertEqual(server.stop()[0], 0)


class StorageEvents(unittest.TestCase):
    def test_are_taken_with_a_key_of_the_file_and_are_not_there_without_one(self):
        event = {"source": "aws.s3", "detail-type": "Object Created",
                 "detail": {"bucket": {"name": "takes"}, "object": {"key": "uploads/none"}}}

        def tell(server, key):
            return Client(server.url).send("POST", "/v1/storage-events", event, {"X-Api-Key": key})[0]

        with tempfile.TemporaryDirectory() as folder:
            keys = pathlib.Path(folder) / "keys"
            keys.write_text("# two\nthe-key-of-yesterday\nthe-key-of-tomorrow\n")
            with Program(PROGRAM, "--storage-events-key-file", str(keys)) as server:
                self.assertEqual([tell(server, key) for key in ("the-key-of-yesterday", "the-key-of-tomorrow", "x")],
                                 [204, 204, 401])
            keys.write_text("short\n")
            with Program(PROGRAM, "--storage-events-key-file", str(keys)) as server:
                code, error = server.ended()
                self.assertEqual(code, 5)
                self.assertIn(f"{keys}: line 1", error)
                self.assertNotIn("short", error)
            with Program(PROGRAM) as server:
                self.assertEqual(tell(server, "the-key-of-tomorrow"), 404)


class Ending(unittest.TestCase):
    def test_a_signal_ends_it_with_0_and_open_streams_do_not_hold_it(self):
        for one in (signal.SIGTERM, signal.SIGINT):
            with Program(PROGRAM) as server:
                singer = Client(server.url)
                singer.consent()
                stream = singer.events()
                code, error = server.stop(one)
                self.assertEqual(code, 0, error)
                self.assertIsNone(stream.next())
                stream.close()

    def test_a_second_signal_ends_it_at_once(self):
        with Program(PROGRAM, "--stop-seconds", "600") as server:
            singer = Client(server.url)
            singer.consent()
            half = singer.connection()  # a request that never comes to its end
            half.putrequest("POST", "/v1/uploads")
            half.putheader("Cookie", singer.cookie)
            half.putheader("Content-Type", "application/json")
            half.putheader("Content-Length", "100")
            half.endheaders(b"{")
            self.assertEqual(singer.send("GET", "/v1/about")[0], 200)
            server.process.send_signal(signal.SIGTERM)
            for line in server.process.stderr:
                if "stopping" in line:
                    break
            code, _ = server.stop(signal.SIGTERM, within=30)
            half.close()
            self.assertEqual(code, 128 + signal.SIGTERM)

    def test_what_was_there_is_there_again(self):
        with tempfile.TemporaryDirectory() as data:
            with Program(PROGRAM, data=data) as server:
                singer = Client(server.url)
                singer.consent()
                upload = singer.declare(b"x" * 100)["upload"]["id"]
                server.process.kill()
            with Program(PROGRAM, data=data) as server:
                again = Client(server.url)
                again.cookie = singer.cookie
                self.assertEqual(again.send("GET", f"/v1/uploads/{upload}")[2]["state"], "PENDING")


class Starting(unittest.TestCase):
    def test_says_where_it_is_where_data_is_and_how_to_stop(self):
        with Program(PROGRAM) as server:
            self.assertRegex(server.said, r"at +http://localhost:\d+\n")
            self.assertIn(str(server.data), server.said)
            self.assertIn("Ctrl-C", server.said)
            self.assertEqual(oct((server.data / "orakgarak.db").stat().st_mode & 0o777), "0o600")

    def test_a_busy_port_names_who_holds_it_and_what_to_do(self):
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
            with Program(PROGRAM, listen=f"127.0.0.1:{port}") as server:
                code, error = server.ended()
                self.assertEqual(code, 5)
                self.assertIn(str(port), error)
                self.assertIn(f"process {os.getpid()}", error)
                self.assertIn("--listen", error)

    def test_a_data_folder_has_one_server(self):
        with Program(PROGRAM) as first, Program(PROGRAM, data=first.data) as second:
            code, error = second.ended()
            self.assertEqual(code, 5)
            self.assertIn(f"process {first.process.pid}", error)
            self.assertIn(str(first.data), error)
            self.assertIn("--data", error)

    def test_a_data_folder_that_cannot_be_used_is_named(self):
        with Program(PROGRAM, data="/proc/none") as server:
            code, error = server.ended()
            self.assertEqual(code, 5)
            self.assertIn("/proc/none", error)
            self.assertIn("--data", error)

    def test_wrong_options_are_usage(self):
        for options in (["--public-url", "sing.example"], ["--public-url", "https://sing.example/path"],
                        ["--tls-cert", "x.pem"], ["--workers", "0"], ["--most-upload", "many"],
                        ["--listen", "here"], ["--listen", "::1:80"], ["--listen", "127.0.0.1:70000"]):
            ended = subprocess.run([PROGRAM, "--config", "/dev/null", "serve", *options], capture_output=True, text=True)
            self.assertEqual(ended.returncode, 2, (options, ended.stderr))

    def test_the_configuration_file_sets_what_the_command_line_does_not(self):
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
            file.write("[serve]\nlisten=127.0.0.1:0\nmost-upload=1KiB\nmost-take-seconds=60\n")
            file.flush()
            with Program(PROGRAM, listen=None, config=file.name) as server:
                limits = Client(server.url).send("GET", "/v1/about")[2]["limits"]
                self.assertEqual(limits["upload_bytes"], 1024)
                self.assertEqual(limits["take_seconds"], 60)


class Memory(unittest.TestCase):
    def test_is_said_at_the_start_and_shown_by_a_command(self):
        with Program(PROGRAM, "--memory-budget", "300MiB") as server:
            self.assertRegex(server.said, r"Memory for work +300 MiB of the \d+ MiB of (machine|group) ")
            shown = subprocess.run([PROGRAM, "--data", str(server.data), "devices", "--json"], capture_output=True,
                                   text=True, check=True).stdout
            self.assertEqual(json.loads(shown)["budget"], 300 << 20)
            self.assertEqual(oct(next((server.data / "devices").iterdir()).stat().st_mode & 0o777), "0o600")
        with Program(PROGRAM, "--no-work") as server:
            self.assertNotIn("Memory", server.said)

    def test_a_gpu_that_is_asked_for_and_not_there_is_said_once_and_hinders_nothing(self):
        with Program(PROGRAM, "--gpu", environment={"CUDA_VISIBLE_DEVICES": ""}) as server:
            singer = Client(server.url)
            singer.consent()
            take = sung(PROGRAM)
            declared = singer.declare(take)
            self.assertLess(send_form(declared["send"], take), 300)
            upload = arrived_at(singer, declared, "COMPLETED")
            self.assertEqual(upload["state"], "COMPLETED")
            _, error = server.stop()
            self.assertEqual(error.count('"event":"no_gpu"'), 1, error)

    def test_a_take_that_can_never_fit_fails_and_says_so(self):
        with Program(PROGRAM, "--memory-budget", "30MiB") as server:
            singer = Client(server.url)
            singer.consent()
            take = sung(PROGRAM)
            declared = singer.declare(take)
            self.assertLess(send_form(declared["send"], take), 300)
            upload = arrived_at(singer, declared, "FAILED")
            self.assertEqual(upload["failure"]["code"], "never_fits")

    def test_a_damaged_count_is_made_anew_and_a_folder_that_cannot_be_written_costs_only_the_sharing(self):
        with tempfile.TemporaryDirectory() as data:
            with Program(PROGRAM, data=data) as server:
                server.stop()
            count = next((pathlib.Path(data) / "devices").iterdir())
            count.write_bytes(b"nonsense")
            with Program(PROGRAM, data=data) as server:
                self.assertIn("Ctrl-C", server.said)
                server.stop()
            self.assertGreater(count.stat().st_size, 1000)
            count.unlink()
            count.parent.rmdir()
            count.parent.write_text("a file in the place of the folder")
            with Program(PROGRAM, data=data) as server:
                self.assertIn("Ctrl-C", server.said)
                self.assertIn("memory_not_shared", server.stop()[1])


class Tls(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.certificate, self.key = (f"{self.folder.name}/{name}.pem" for name in ("certificate", "key"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", self.key, "-out", self.certificate], check=True, capture_output=True)

    def test_both_ports_take_the_certificate_and_the_cookie_is_bound(self):
        with Program(PROGRAM, "--tls-cert", self.certificate, "--tls-key", self.key) as server:
            self.assertTrue(server.url.startswith("https://"))
            singer = Client(server.url, trust=self.certificate)
            cookie = singer.consent()
            self.assertTrue(cookie.startswith("__Host-orakgarak_session="), cookie.split("=")[0])
            self.assertIn("; Secure", cookie)
            _, fields, about = singer.send("GET", "/v1/about")
            self.assertIn("max-age", fields["Strict-Transport-Security"])
            send = singer.declare(b"x")["send"]
            self.assertTrue(send["url"].startswith("https://localhost:"), send["url"])
            files = Client(server.objects, trust=self.certificate)
            self.assertEqual(files.send("GET", "/")[0], 403)  # nothing is given without a signature

    def test_a_certificate_that_is_none_is_named(self):
        pathlib.Path(self.certificate).write_text("no certificate")
        with Program(PROGRAM, "--tls-cert", self.certificate, "--tls-key", self.key) as server:
            code, error = server.ended()
            self.assertEqual(code, 5)
            self.assertIn(self.certificate, error)


class Proxies(unittest.TestCase):
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "sing.example", "X-Forwarded-For": "203.0.113.7"}

    def begin(self, server):
        _, fields, _ = Client(server.url).send("POST", "/v1/session", {"consent": 1},
                                               self.forwarded | {"Origin": "https://sing.example"})
        return fields.get("Set-Cookie") or ""

    def test_what_a_proxy_says_is_believed_only_of_those_that_are_named(self):
        with Program(PROGRAM, "--trusted-proxy", "127.0.0.0/8") as server:
            self.assertTrue(self.begin(server).startswith("__Host-"))
        with Program(PROGRAM) as server:
            self.assertEqual(self.begin(server), "", "another site's origin")


class Answers(unittest.TestCase):
    def test_carry_their_security_fields_also_where_the_server_itself_refuses(self):
        with Program(PROGRAM) as server:
            client = Client(server.url)
            for path, fields in (("/v1/about", {}), ("/v1/none", {}), ("/v1/about", {"X": "y" * 20000})):
                status, answered, body = client.send("GET", path, None, fields)
                self.assertEqual(answered["X-Content-Type-Options"], "nosniff", (path, status))
                self.assertIn("default-src 'none'", answered["Content-Security-Policy"])
                self.assertIn("microphone=(self)", answered["Permissions-Policy"])
            self.assertEqual((status, body["code"]), (431, "head_too_large"))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
