"""nginx with the files of deploy/nginx as they are, but for ports, paths and certificates."""
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
for beside in ("server", "servers"):
    sys.path.insert(0, str(ROOT / "tests" / beside))

import servers  # noqa: E402

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"  # not in everybody's PATH
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
worker_processes 1;
events {{ worker_connections 2048; }}
http {{
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/conf.d/*.conf;
}}
"""


def free_ports(count):
    """Ports that nobody listens on now, and that no outgoing connection is given."""
    ports = set()
    while len(ports) < count:
        ports.add(servers.free_port())
    return list(ports)


def certificate(folder):
    """A certificate for localhost that signs itself, and its key."""
    files = folder / "fullchain.pem", folder / "privkey.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "90", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


class Nginx:
    """Serves https://localhost:PORT until stop(). files: the S3 store's HOST:PORT, or nothing."""

    def __init__(self, processes, files=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="orakgarak-nginx-"))
        self.plain_port, self.port, self.files_port = free_ports(3)
        self.trust, _ = certificate(self.folder)
        self.url, self.files_url = f"https://localhost:{self.port}", f"https://localhost:{self.files_port}"
        conf = self.folder / "conf.d"
        conf.mkdir()
        shutil.copytree(ROOT / "deploy" / "nginx" / "orakgarak", self.folder / "orakgarak")
        self.copy("orakgarak.conf", self.port)
        if files:
            self.copy("orakgarak-files.conf", self.files_port)
            (self.folder / "orakgarak" / "store.conf").write_text(f"server {files};\n")
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder))
        lines = (self.folder / "orakgarak" / "processes.conf").read_text()
        server = next(line for line in lines.splitlines() if line.startswith("server "))
        (self.folder / "orakgarak" / "processes.conf").write_text(
            "\n".join(server.replace("127.0.0.1:8080", f"127.0.0.1:{port}") for port in processes))
        self.process = None

    def copy(self, name, port):
        text = (ROOT / "deploy" / "nginx" / name).read_text()
        changes = {"listen 443 ": f"listen 127.0.0.1:{port} ", "listen [::]:443 ssl http2;\n": "\n",
                   "/etc/nginx/orakgarak/": f"{self.folder}/"}
        if name == "orakgarak.conf":
            changes |= {"listen 80;": f"listen 127.0.0.1:{self.plain_port};", "listen [::]:80;\n": "\n",
                        "/var/log/nginx/": f"{self.folder}/"}
        for there, here in changes.items():
            assert there in text, (name, there)
            text = text.replace(there, here)
        (self.folder / "conf.d" / name).write_text(text)

    def command(self, *words):
        return [NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), *words]

    def check(self):
        """What `nginx -t` says, and its exit code."""
        ended = subprocess.run(self.command("-t"), capture_output=True, text=True)
        return ended.returncode, ended.stderr

    def __enter__(self):
        self.said = open(self.folder / "said", "w+")
        self.process = subprocess.Popen(self.command(), stderr=self.said, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, self.errors()
                time.sleep(0.02)

    def errors(self):
        self.said.flush()
        return (self.folder / "said").read_text()

    def requests(self):
        """The access log, as it was written."""
        return (self.folder / "orakgarak.log").read_text()

    def context(self):
        return ssl.create_default_context(cafile=self.trust)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.said.close()
        shutil.rmtree(self.folder)
