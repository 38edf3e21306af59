#!/usr/bin/env python3
"""The process: start, stop, time limits, what it says, and how it uses its port."""
import json
import os
import signal
import subprocess
import threading
import time
import unittest

from edge import ENVIRONMENT, PLAIN, SLUICED, Edge, EdgeTest
from upstream import Upstream, free_port, ok
from wire import Connection, get, until


def run(*words):
    return subprocess.run([SLUICED, *words], text=True, capture_output=True, timeout=20, env=ENVIRONMENT, check=False)


class Process(EdgeTest):
    @classmethod
    def edges(cls):
        cls.begun, cls.go_on = threading.Event(), threading.Event()

        def respond(request, connection):
            if request.target.startswith("/slow"):
                cls.begun.set()
                cls.go_on.wait(20)
            return ok(request.target.encode())

        cls.upstream = cls.upstream_for(Upstream(respond))

    def setUp(self):
        self.begun.clear()
        self.go_on.clear()

    def edge(self, *flags):
        edge = Edge(PLAIN.format(self.upstream.address), flags=flags)
        self.addCleanup(edge.stop)
        return edge

    def test_two_on_one_port(self):
        edge = self.edge()
        done = run(edge.table, "--listen-http", f"127.0.0.1:{edge.http}")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(str(edge.http), done.stderr)
        for _ in range(20):
            self.assertEqual(edge.ask(get("h.test")).status, 200)

    def test_a_table_that_is_not_there(self):
        done = run("/nonexistent/site.slt")
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 1), done.stderr)
        self.assertIn("/nonexistent/site.slt", done.stderr)

    def test_usage(self):
        self.assertEqual(run("--help").returncode, 0)
        self.assertEqual(run("--version").returncode, 0)
        self.assertNotEqual(run().returncode, 0)
        self.assertNotEqual(run("--no-such-flag").returncode, 0)

    def test_check_and_match(self):
        edge = self.edge()
        done = run(edge.table, "--check")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("1 host", done.stdout)
        done = run(edge.table, "--match", "GET", "http://h.test/a")
        self.assertEqual(done.returncode, 0)
        self.assertIn(self.upstream.address, done.stdout)

    def test_a_graceful_stop_finishes_what_runs(self):
        edge = self.edge()
        with edge.connect() as running, edge.connect() as idle, edge.connect() as between:
            self.assertEqual(between.ask(get("h.test")).status, 200)
            running.send(get("h.test", "/slow"))
            self.assertTrue(self.begun.wait(10))
            edge.signal(signal.SIGTERM)
            edge.said("stopping")
            self.assertTrue(between.is_closed(), "an idle connection ends")
            self.assertTrue(idle.is_closed())
            self.assertIsNone(edge.process.poll())
            self.go_on.set()
            answer = running.answer()
            self.assertEqual((answer.status, answer.body, answer.get("Connection")), (200, b"/slow", "close"))
        self.assertEqual(edge.process.wait(10), 0)

    def test_a_second_signal_or_the_time_to_drain_ends_it(self):
        for flags, signals in (((), 2), (("--drain", "0.3"), 1)):
            with self.subTest(flags):
                edge = self.edge(*flags)
                with edge.connect() as running:
                    self.begun.clear()
                    running.send(get("h.test", "/slow"))
                    self.assertTrue(self.begun.wait(10))
                    for _ in range(signals):
                        edge.signal(signal.SIGTERM)
                        edge.said("stopping")
                    self.assertEqual(edge.process.wait(10), 0)

    def test_the_port_is_free_again_at_once(self):
        port = free_port()
        for _ in range(3):
            edge = Edge(PLAIN.format(self.upstream.address), start=False).start(http=f"127.0.0.1:{port}")
            self.assertEqual(edge.ask(get("h.test")).status, 200)
            edge.stop()

    def test_slow_heads_end(self):
        edge = self.edge("--head-timeout", "0.5", "--keep-alive-timeout", "0.5")
        with edge.connect() as silent, edge.connect() as dripping, edge.connect() as kept:
            kept.ask(get("h.test"))
            begin = time.monotonic()
            try:
                while time.monotonic() - begin < 10 and not dripping.buffer:
                    dripping.send(b"G" if time.monotonic() - begin < 0.01 else b"E")
                    time.sleep(0.05)
            except ConnectionError:
                pass
            self.assertLess(time.monotonic() - begin, 5, "a letter now and then does not keep it open")
            self.assertTrue(silent.is_closed())
            self.assertTrue(kept.is_closed())
        with edge.connect() as connection:
            connection.send(b"GET / HTTP/1.1\r\nHost:")
            self.assertEqual(connection.answer().status, 408)

    def test_slow_bodies_end(self):
        edge = self.edge("--body-timeout", "0.5")
        with edge.connect() as connection:
            connection.send(get("h.test", "/", "Content-Length: 5", method="POST") + b"hel")
            data = connection.rest()
            self.assertTrue(data == b"" or data.startswith(b"HTTP/1.1 408"), data)

    def test_access_log(self):
        edge = self.edge()
        edge.ask(get("h.test", "/a%22b?secret=1", 'User-Agent: "quoted"\t\xff'))
        edge.ask(get("other.test", "/none"))
        edge.ask(b"GET / HTTP/1.1\nHost: h.test\r\n\r\n")

        def lines():
            with open(edge.access, encoding="utf-8") as file:
                return file.read().splitlines()

        until(lambda: len(lines()) >= 3, what="three lines")
        # Each loop writes its own lines, so they may stand in another order.
        records = {record["status"]: record for record in map(json.loads, lines())}
        self.assertEqual(sorted(records), [200, 400, 404])
        served = records[200]
        self.assertEqual((served["upstream"], served["host"], served["method"]),
                         (self.upstream.address, "h.test", "GET"))
        self.assertNotIn("secret", "".join(lines()))

    def test_the_log_goes_on_in_a_new_file(self):
        edge = self.edge()
        edge.ask(get("h.test", "/before"))
        until(lambda: os.path.getsize(edge.access) > 0, what="the first line")
        os.rename(edge.access, edge.access + ".1")
        edge.signal(signal.SIGUSR1)

        def in_new_file():
            edge.ask(get("h.test", "/after"))
            return os.path.exists(edge.access) and os.path.getsize(edge.access) > 0

        until(in_new_file, what="a line in the new file")

    def test_many_idle_connections_cost_little(self):
        edge = self.edge()
        edge.ask(get("h.test"))
        before = edge.memory()
        connections = [Connection(edge.http) for _ in range(500)]
        try:
            for connection in connections:
                self.assertEqual(connection.ask(get("h.test")).status, 200)
            self.assertLess((edge.memory() - before) / 500, 16 * 1024)
        finally:
            for connection in connections:
                connection.socket.close()


if __name__ == "__main__":
    unittest.main()
