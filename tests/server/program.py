"""The programs `orakgarak serve` and `orakgarak worker` as a test sees them: started on free ports, asked over real
sockets, ended."""
import hashlib
import http.client
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.parse

STARTS_WITHIN = 60  # seconds; built with sanitizers, on a machine that has other things to do


def until(what, holds, seconds=60):
    """Asks until it holds; gives what it gave."""
    end = time.monotonic() + seconds
    while True:
        got = holds()
        if got:
            return got
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.2)


def sung(program):
    """A take of the demo singer."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "take.wav"
        subprocess.run([program, "sample", str(file)], check=True)
        return file.read_bytes()


def arrived_at(singer, declared, state):
    """The upload once it is in this state."""
    def look():
        upload = singer.send("GET", "/v1/uploads/" + declared["upload"]["id"])[2]
        return upload if upload["state"] == state else None
    return until(state, look)


class Program:
    """Runs until stop(), or to the end of a `with`."""

    def __init__(self, program, *options, data=None, listen="127.0.0.1:0", config=None, command="serve", environment=None,
                 log=None, terminal=None):
        """log: a file for what it says on standard error, which stop() gives otherwise; terminal: a descriptor for it."""
        self.folder = None if data else tempfile.TemporaryDirectory(prefix="orakgarak-serve-")
        self.data = pathlib.Path(data or self.folder.name)
        arguments = [program, "--config", config or "/dev/null", "--data", str(self.data), command]
        if listen and command == "serve":
            arguments += ["--listen", listen]
        error = open(log, "ab") if log else terminal if terminal is not None else subprocess.PIPE
        self.process = subprocess.Popen(arguments + list(options), stdout=subprocess.PIPE, stderr=error,
                                        stdin=subprocess.DEVNULL, text=True, env={**os.environ, **(environment or {})})
        if log:
            error.close()
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C" in line:
                break
        urls = re.findall(r"https?://\S+", self.said)
        self.url, self.objects = (urls + [None, None])[:2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def stop(self, with_signal=signal.SIGTERM, within=60):
        """Its exit code and what it wrote to standard error."""
        self.process.send_signal(with_signal)
        return self.ended(within)

    def ended(self, within=60):
        _, error = self.process.communicate(timeout=within)
        return self.process.returncode, error

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        if self.folder:
            self.folder.cleanup()


class Client:
    """One browser: keeps its cookie."""

    def __init__(self, url, trust=None):
        self.url = urllib.parse.urlsplit(url)
        self.cookie = None
        self.trust = ssl.create_default_context(cafile=trust) if trust else None

    def connection(self, timeout=60):
        host, port = self.url.hostname, self.url.port
        if self.url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=self.trust)
        return http.client.HTTPConnection(host, port, timeout=timeout)

    def send(self, method, path, body=None, fields=None):
        """status, fields, and the JSON of the body (or its text)."""
        fields = dict(fields or {})
        if self.cookie:
            fields["Cookie"] = self.cookie
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        connection = self.connection()
        try:
            connection.request(method, path, body, fields)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if "json" in (response.headers.get("Content-Type") or ""):
            text = json.loads(text)
        return response.status, response.headers, text

    def consent(self):
        status, fields, _ = self.send("POST", "/v1/session", {"consent": 1})
        assert status == 201, status
        self.cookie = fields["Set-Cookie"].split(";")[0]
        return fields["Set-Cookie"]

    def declare(self, data, content_type="audio/wav", fields=None):
        status, _, answer = self.send("POST", "/v1/uploads", {
            "kind": "take", "size": len(data), "content_type": content_type,
            "sha256": hashlib.sha256(data).hexdigest(), "file_name": "take.wav"}, fields)
        assert status == 201, answer
        return answer

    def events(self, after=None):
        return Events(self, after)


class Events:
    """A stream of transitions."""

    def __init__(self, client, after):
        self.connection = client.connection()
        fields = {"Cookie": client.cookie}
        if after is not None:
            fields["Last-Event-ID"] = str(after)
        self.connection.request("GET", "/v1/events", headers=fields)
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def next(self):
        """(id, event) of the next one; None where the stream has ended."""
        number = None
        for line in self.response:
            line = line.decode().rstrip("\n")
            if line.startswith("id: "):
                number = int(line[4:])
            elif line.startswith("data: "):
                return number, json.loads(line[6:])
        return None

    def close(self):
        self.response.close()
        self.connection.close()


def form_of(send, data):
    """The signed form of `send` with these bytes, as a browser writes it: body and content type."""
    boundary = "b0undary"
    body = b""
    for name, value in send["fields"].items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="take"\r\n\r\n'.encode()
    body += data + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def send_form(send, data, trust=None):
    """Posts the form. Its status. trust: the certificate of an https address."""
    url = urllib.parse.urlsplit(send["url"])
    body, content_type = form_of(send, data)
    connection = (http.client.HTTPSConnection(url.hostname, url.port, timeout=60,
                                              context=ssl.create_default_context(cafile=trust)) if trust else
                  http.client.HTTPConnection(url.hostname, url.port, timeout=60))
    connection.request("POST", url.path or "/", body, {"Content-Type": content_type})
    status = connection.getresponse().status
    connection.close()
    return status
