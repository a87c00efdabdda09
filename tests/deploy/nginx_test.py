"""deploy/nginx in front of a running program. Run with the program's path first: nginx_test.py PROGRAM [words]."""
import http.client
import json
import shutil
import socket
import ssl
import sys
import time
import unittest

from proxy import Nginx, free_ports

from program import Client, Program, send_form, until  # noqa: E402  (proxy.py says where it is)

PROGRAM = ""


class Served:
    """nginx, and one process behind it. port: of the process; another one is named to nginx, where nobody is."""

    def __enter__(self):
        self.port, self.nobody, files = free_ports(3)
        self.nginx = Nginx([self.port, self.nobody], files=f"127.0.0.1:{files}").__enter__()
        self.program = Program(PROGRAM, "--public-url", self.nginx.url, "--public-objects-url",
                               self.nginx.files_url, "--trusted-proxy", "127.0.0.1", "--objects-listen",
                               f"127.0.0.1:{files}", listen=f"127.0.0.1:{self.port}")
        return self

    def __exit__(self, *_):
        self.program.end()
        self.nginx.__exit__()

    def client(self):
        return Client(self.nginx.url, trust=self.nginx.trust)


class Configuration(unittest.TestCase):
    def test_nginx_takes_the_files_as_they_are(self):
        nginx = Nginx(free_ports(2), files="127.0.0.1:9000")
        self.addCleanup(shutil.rmtree, nginx.folder)
        code, said = nginx.check()
        self.assertEqual(code, 0, said)
        self.assertNotIn("[warn]", said)


class Requests(unittest.TestCase):
    def test_arrive_as_the_browser_sent_them(self):
        with Served() as served:
            singer = served.client()
            cookie = singer.consent()
            self.assertTrue(cookie.startswith("__Host-"), cookie)  # the process knows of the TLS before it
            trace = "0af7651916cd43dd8448eb211c80319c"
            status, fields, problem = singer.send("GET", "/v1/uploads/none", fields={
                "traceparent": f"00-{trace}-b7ad6b7169203331-01", "Origin": served.nginx.url})
            self.assertEqual((status, problem["trace_id"]), (404, trace))
            self.assertIn("max-age", fields["Strict-Transport-Security"])
            status, _, problem = singer.send("POST", "/v1/uploads", {"kind": "take"}, {"Origin": "https://else.example"})
            self.assertEqual((status, problem["code"]), (403, "cross_site"))
            until("the line of it", lambda: [line for line in map(json.loads, served.nginx.requests().splitlines())
                                            if (line["path"], line["status"]) == ("/v1/uploads", 403)])

    def test_go_to_another_process_where_one_does_not_answer_and_nothing_is_asked_twice_of_one(self):
        with Served() as served:  # of two processes one is away
            singer = served.client()
            singer.consent()
            for _ in range(40):
                self.assertEqual(singer.send("POST", "/v1/uploads", {
                    "kind": "take", "size": 1, "content_type": "audio/wav", "sha256": "0" * 64})[0], 201)
            uploads = singer.send("GET", "/v1/uploads?limit=100")[2]["items"]
            self.assertEqual(len(uploads), 40)

    def test_without_tls_are_sent_on_to_it(self):
        with Served() as served:
            plain = http.client.HTTPConnection("127.0.0.1", served.nginx.plain_port, timeout=20)
            plain.request("GET", "/a?b=c", headers={"Host": "sing.example"})
            answer = plain.getresponse()
            self.assertEqual((answer.status, answer.headers["Location"]), (308, "https://sing.example/a?b=c"))
            plain.close()


class Limits(unittest.TestCase):
    def test_of_nginx_and_of_the_program_agree_on_a_body(self):
        with Served() as served:
            singer = served.client()
            singer.consent()
            largest = b'{"kind":"' + b"x" * ((1 << 20) - 11) + b'"}'
            self.assertEqual(len(largest), 1 << 20)
            fields = {"Content-Type": "application/json"}
            self.assertEqual(singer.send("POST", "/v1/uploads", largest, fields)[0], 400)
            for body in (largest + b" ", largest * 3):
                status, headers, problem = singer.send("POST", "/v1/uploads", body, fields)
                self.assertEqual((status, problem["code"]), (413, "body_too_large"))
                self.assertEqual(headers["Content-Type"], "application/problem+json")


class Away(unittest.TestCase):
    def test_is_a_problem_for_programs_and_a_page_for_people(self):
        with Nginx(free_ports(2)) as nginx:
            client = Client(nginx.url, trust=nginx.trust)
            for path, method in (("/v1/about", "GET"), ("/v1/uploads", "POST"), ("/v1/events", "GET")):
                status, fields, problem = client.send(method, path)
                self.assertEqual((status, problem["code"], fields["Retry-After"]), (503, "unavailable", "2"))
            status, fields, page = client.send("GET", "/", fields={"Accept": "text/html,*/*"})
            self.assertEqual(status, 503)
            self.assertEqual(fields["Content-Type"], "text/html; charset=utf-8")
            self.assertIn(b"comes back by itself", page)


class Files(unittest.TestCase):
    def test_go_by_a_host_of_their_own_that_gives_nothing_unsigned(self):
        with Served() as served:
            singer = served.client()
            singer.consent()
            take = b"x" * 100_000
            made = singer.declare(take)
            self.assertTrue(made["send"]["url"].startswith(served.nginx.files_url), made["send"]["url"])
            self.assertEqual(send_form(made["send"], take, trust=served.nginx.trust), 204)
            files = Client(served.nginx.files_url, trust=served.nginx.trust)
            for method in ("GET", "DELETE"):
                self.assertEqual(files.send(method, f"/uploads/{made['upload']['id']}")[0], 403)


class Events(unittest.TestCase):
    def test_come_as_they_happen(self):
        with Served() as served:
            singer = served.client()
            singer.consent()
            stream = singer.events(after=0)
            for number in range(1, 6):
                begun = time.monotonic()
                singer.declare(b"x" * 100)
                self.assertEqual(stream.next()[0], number)
                self.assertLess(time.monotonic() - begun, 10)  # held back they would wait for 16 KiB
            stream.close()


class Packing(unittest.TestCase):
    def test_is_of_answers_and_not_of_streams(self):
        with Served() as served:
            singer = served.client()
            singer.consent()
            for path, packed in (("/v1/songs?limit=50", "gzip"), ("/v1/events", None)):
                line = singer.connection()
                line.request("GET", path, headers={"Accept-Encoding": "gzip", "Cookie": singer.cookie})
                self.assertEqual(line.getresponse().headers["Content-Encoding"], packed)
                line.close()


class Versions(unittest.TestCase):
    def test_side_by_side_find_each_others_files(self):
        """One process has no such file, the other has: over TLS, by hand, so that the second is no program of ours."""
        with Served() as served:
            with socket.create_server(("127.0.0.1", served.nobody)) as other:
                other.settimeout(20)
                raw = socket.create_connection(("127.0.0.1", served.nginx.port), timeout=20)
                line = served.nginx.context().wrap_socket(raw, server_hostname="localhost")
                line.sendall(b"GET /assets/new.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                there, _ = other.accept()
                there.recv(4096)
                there.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nnew")
                there.close()
                said = b""
                try:
                    while piece := line.recv(4096):
                        said += piece
                except ssl.SSLError:
                    pass
                line.close()
            self.assertTrue(said.startswith(b"HTTP/1.1 200"), said)
            self.assertTrue(said.endswith(b"new"), said)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
