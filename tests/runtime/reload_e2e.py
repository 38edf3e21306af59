#!/usr/bin/env python3
"""A new table while requests run, and tables that are not to be trusted."""
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from edge import ENVIRONMENT, SANITIZER, SITE, SLUICED, Edge, EdgeTest, compile_source, read, replace
from upstream import Upstream, ok
from wire import Connection, get


def source(upstream, word):
    return f"""
host h.test {{
  tls off
  route / -> {upstream}
  route /word -> respond 200 "{word}"
}}
""" + SITE


class Load:
    """Clients that ask all the time, on kept and on new connections; every answer must be a 200."""

    def __init__(self, port, clients=8):
        self.port, self.done, self.wrong, self.count = port, threading.Event(), [], 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(n % 2 == 0,)) for n in range(clients)]

    def run(self, keep):
        while not self.done.is_set():
            try:
                with Connection(self.port) as connection:
                    for n in range(100 if keep else 1):
                        answer = connection.ask(get("h.test", "/word" if n % 3 else "/up"))
                        with self.lock:
                            self.count += 1
                            if answer.status != 200 or answer.body not in (b"old", b"new", b"upstream"):
                                self.wrong.append(answer)
                        if self.done.is_set():
                            break
            except Exception as error:  # noqa: a lost request, whatever lost it
                self.wrong.append(error)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        for thread in self.threads:
            thread.join()


class Reload(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream(lambda request, _: ok(b"upstream")))
        folder = tempfile.mkdtemp(prefix="sluice-e2e-")
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.old = read(compile_source(source(cls.upstream.address, "old"), folder))
        cls.new = read(compile_source(source(cls.upstream.address, "new"), folder))

    def setUp(self):
        self.edge = Edge(source(self.upstream.address, "old"))
        self.addCleanup(self.edge.stop)

    def word(self):
        return self.edge.ask(get("h.test", "/word")).body

    def reloaded(self, since):
        self.edge.said("reloaded in", since)

    def test_by_replacing_the_file(self):
        self.assertEqual(self.word(), b"old")
        since = len(self.edge.log())
        replace(self.edge.table, self.new)
        self.reloaded(since)
        self.assertEqual(self.word(), b"new")

    def test_by_sighup(self):
        since = len(self.edge.log())
        self.edge.signal(signal.SIGHUP)
        self.reloaded(since)
        self.assertEqual(self.word(), b"old")

    def test_a_kept_connection_sees_the_new_table(self):
        with self.edge.connect() as connection:
            self.assertEqual(connection.ask(get("h.test", "/word")).body, b"old")
            since = len(self.edge.log())
            replace(self.edge.table, self.new)
            self.reloaded(since)
            self.assertEqual(connection.ask(get("h.test", "/word")).body, b"new")

    def test_no_request_is_lost_while_tables_change(self):
        with Load(self.edge.http) as load:
            for n in range(40):
                since = len(self.edge.log())
                if n % 4 == 3:
                    self.edge.signal(signal.SIGHUP)
                else:
                    replace(self.edge.table, self.new if n % 2 else self.old)
                self.reloaded(since)
        self.assertEqual(load.wrong, [])
        self.assertGreater(load.count, 100)

    def test_a_request_that_runs_keeps_its_table(self):
        begun, go_on = threading.Event(), threading.Event()

        def slow(request, _):
            begun.set()
            go_on.wait(20)
            return ok(b"slow")

        upstream = Upstream(slow)
        self.addCleanup(upstream.stop)
        edge = Edge(source(upstream.address, "old"))
        self.addCleanup(edge.stop)
        with edge.connect() as connection:
            connection.send(get("h.test", "/slow"))
            self.assertTrue(begun.wait(10))
            since = len(edge.log())
            edge.load(f'host other.test {{\n  tls off\n  route / -> respond 200 "other"\n}}\n' + SITE)
            edge.said("reloaded in", since)
            self.assertEqual(edge.ask(get("h.test")).status, 404)
            go_on.set()
            self.assertEqual(connection.answer().body, b"slow")

    def damaged(self):
        """Tables that must not be taken, by what is wrong with them."""
        table = self.new
        yield "empty", b""
        yield "one byte", table[:1]
        yield "half a header", table[:20]
        yield "a header alone", table[:64]
        yield "half", table[:len(table) // 2]
        yield "one byte short", table[:-1]
        yield "one byte more", table + b"\0"
        yield "another version", table[:12] + (2).to_bytes(4, "little") + table[16:]
        yield "another byte order", table[:8] + table[8:12][::-1] + table[12:]
        yield "text", b"host example.com -> localhost:9000\n"
        dice = random.Random(7)
        for _ in range(30):
            bit = dice.randrange(len(table) * 8)
            flipped = bytearray(table)
            flipped[bit // 8] ^= 1 << bit % 8
            yield f"bit {bit} flipped", bytes(flipped)

    def test_a_damaged_table_leaves_the_old_one_running(self):
        with self.edge.connect() as connection:
            for name, table in self.damaged():
                with self.subTest(name):
                    since = len(self.edge.log())
                    replace(self.edge.table, table)
                    self.edge.said("not reloaded, the running table stays: ", since)
                    self.assertEqual(connection.ask(get("h.test", "/word")).body, b"old")
            since = len(self.edge.log())
            replace(self.edge.table, self.new)
            self.reloaded(since)
            self.assertEqual(connection.ask(get("h.test", "/word")).body, b"new")

    def test_a_table_that_is_gone_leaves_the_old_one_running(self):
        since = len(self.edge.log())
        subprocess.run(["rm", self.edge.table], check=True)
        self.edge.signal(signal.SIGHUP)
        self.edge.said("not reloaded, the running table stays: ", since)
        self.assertEqual(self.word(), b"old")

    def test_a_damaged_table_at_start_is_one_clear_error(self):
        for name, table in self.damaged():
            with self.subTest(name):
                path = self.edge.folder + "/damaged.slt"
                replace(path, table)
                for flags in ([], ["--check"]):
                    done = subprocess.run([SLUICED, path, "--listen-http", "127.0.0.1:0", *flags], text=True,
                                          capture_output=True, timeout=20, env=ENVIRONMENT, check=False)
                    self.assertEqual(done.returncode, 1)
                    self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                    self.assertIn("damaged.slt", done.stderr)
                    self.assertNotRegex(done.stderr, SANITIZER)
                    if name == "another version":
                        self.assertIn("version", done.stderr)

    def test_memory_does_not_grow_with_tables(self):
        def swap(times):
            for n in range(times):
                since = len(self.edge.log())
                replace(self.edge.table, self.new if n % 2 else self.old)
                self.reloaded(since)

        swap(20)
        before = self.edge.memory()
        swap(60)
        time.sleep(0.1)
        self.assertLess(self.edge.memory() - before, 4 << 20)


if __name__ == "__main__":
    unittest.main()
