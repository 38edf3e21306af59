"""A source, compiled by the real `sluice` and served by the real `sluiced` on ports of its own.

SLUICE and SLUICED name the two programs (CMake sets them)."""
import os
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import unittest

from wire import Connection, ask, until

SLUICE = os.environ.get("SLUICE", "build/release/bin/sluice")
SLUICED = os.environ.get("SLUICED", "build/release/bin/sluiced")
# Freed memory goes back soon, so that the memory tests mean something under the sanitizer too.
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="quarantine_size_mb=4:" + os.environ.get("ASAN_OPTIONS", ""))
SANITIZER = re.compile(r"AddressSanitizer|UndefinedBehavior|runtime error|LeakSanitizer|ThreadSanitizer")

# What most tests serve: one host, in the clear.
SITE = """
site edge {
  target table
  listen http 80
}
"""
PLAIN = """host h.test {{
  tls off
  route / -> {}
}}
""" + SITE.replace("{", "{{").replace("}", "}}")


def compile_source(source, folder, site="edge"):
    """The path of the table that the source makes."""
    os.makedirs(folder, exist_ok=True)
    main = os.path.join(folder, "main.sluice")
    with open(main, "w", encoding="utf-8") as file:
        file.write(source)
    out = os.path.join(folder, "out")
    shutil.rmtree(out, ignore_errors=True)
    done = subprocess.run([SLUICE, "compile", main, "--site", site, "-o", out], text=True, capture_output=True,
                          timeout=60, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr + "\n" + source
    return os.path.join(out, site, "site.slt")


def replace(path, data):
    """As a deployment does: a new file, renamed over the old one."""
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.rename(path + ".new", path)


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Edge:
    def __init__(self, source, flags=(), https=False, secrets=None, start=True):
        self.folder = tempfile.mkdtemp(prefix="sluice-e2e-")
        self.table = os.path.join(self.folder, "site.slt")
        self.load(source)
        self.flags = list(flags)
        if https:
            self.flags += ["--listen-https", "127.0.0.1:0", "--internal-ca", self.folder + "/ca",
                           "--internal-ca-for-all"]
        if secrets:
            os.mkdir(self.folder + "/secrets")
            for name, text in secrets.items():
                with open(f"{self.folder}/secrets/{name}", "w", encoding="utf-8") as file:
                    file.write(text)
            self.flags += ["--secrets", self.folder + "/secrets"]
        self.process = None
        if start:
            self.start()

    def load(self, source):
        """Compiles a source and puts its table in the place of the old one."""
        replace(self.table, read(compile_source(source, os.path.join(self.folder, "source"))))

    def start(self, *flags, http="127.0.0.1:0"):
        self.errors = os.path.join(self.folder, "errors")
        self.access = os.path.join(self.folder, "access.log")
        with open(self.errors, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                [SLUICED, self.table, "--listen-http", http, "--access-log", self.access, *self.flags, *flags],
                stderr=errors, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        until(lambda: "serving " in self.log() or self.process.poll() is not None, 20, "the start")
        assert self.process.poll() is None, self.log()
        self.http = self.port("http")
        self.https = self.port("https")
        return self

    def port(self, scheme):
        found = re.search(rf", {scheme} 127\.0\.0\.1:(\d+)", self.log())
        return int(found.group(1)) if found else None

    def log(self):
        with open(self.errors, encoding="utf-8") as file:
            return file.read()

    def said(self, text, since=0, within=10):
        until(lambda: text in self.log()[since:], within, f"the log line {text!r}")

    def ask(self, data, **how):
        return ask(self.http, data, **how)

    def connect(self, **how):
        return Connection(self.http, **how)

    def trust(self):
        return ssl.create_default_context(cafile=self.folder + "/ca/ca.crt")

    def signal(self, number):
        self.process.send_signal(number)

    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/statm", encoding="utf-8") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def stop(self):
        """Ends it; it must end well, and have had nothing to say about its own memory."""
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        code = self.process.returncode if self.process else 0
        log = self.log() if self.process else ""
        shutil.rmtree(self.folder, ignore_errors=True)
        assert code == 0, f"sluiced ended with {code}\n{log}"
        assert not SANITIZER.search(log), log


class EdgeTest(unittest.TestCase):
    """Tests that share one edge: `edges()` starts what is needed; everything is ended after the last one."""

    @classmethod
    def edges(cls):
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        cls.running = []
        try:
            cls.edges()
        except BaseException:
            cls.doClassCleanups()
            raise

    @classmethod
    def edge_for(cls, source, **how):
        edge = Edge(source, **how)
        cls.addClassCleanup(edge.stop)
        return edge

    @classmethod
    def upstream_for(cls, upstream):
        cls.addClassCleanup(upstream.stop)
        return upstream
