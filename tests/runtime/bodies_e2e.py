#!/usr/bin/env python3
"""Bodies are streamed both ways, never collected: who reads slowly slows the sender down, not the edge."""
import hashlib
import threading
import time
import unittest

from edge import PLAIN, EdgeTest
from upstream import Upstream, ok
from wire import Connection, get, until

MEGABYTE = 1 << 20
SIZE = 200 * MEGABYTE
BLOCK = bytes(range(256)) * 256  # 64 KiB
# What kernel buffers on four sockets and the edge's own may hold of a body that nobody takes.
HELD = 24 * MEGABYTE
GROWTH = 16 * MEGABYTE


def expected_digest():
    digest = hashlib.sha256()
    for _ in range(SIZE // len(BLOCK)):
        digest.update(BLOCK)
    return digest.hexdigest()


class Counter:
    """How much went through, and when it last moved."""

    def __init__(self):
        self.count, self.moved = 0, time.monotonic()

    def add(self, size):
        self.count += size
        self.moved = time.monotonic()

    def stalled(self):
        return self.count > 0 and time.monotonic() - self.moved > 1


class Bodies(EdgeTest):
    @classmethod
    def edges(cls):
        cls.sent, cls.taken, cls.go_on = Counter(), Counter(), threading.Event()
        cls.upstream = cls.upstream_for(Upstream(cls.respond, read_body=False))
        cls.edge = cls.edge_for(PLAIN.format(cls.upstream.address))

    @classmethod
    def respond(cls, request, connection):
        if request.target == "/download":
            connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n".encode())
            for _ in range(SIZE // len(BLOCK)):
                connection.sendall(BLOCK)
                cls.sent.add(len(BLOCK))
            return None
        if request.target == "/download-chunked":
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(SIZE // len(BLOCK)):
                connection.sendall(b"%x\r\n%b\r\n" % (len(BLOCK), BLOCK))
                cls.sent.add(len(BLOCK))
            return b"0\r\n\r\n"
        if request.target == "/events":
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
            cls.go_on.wait(20)
            return b"3\r\ntwo\r\n0\r\n\r\n"
        if request.target == "/early":
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
            return False
        already = 0
        if request.target == "/first-bytes":
            already = len(request.reader.read(5))
            cls.taken.add(already)
        if request.target == "/upload-slow":
            cls.go_on.wait(60)
        digest, size = hashlib.sha256(), int(request.get("Content-Length") or 0) - already
        if request.get("Transfer-Encoding"):
            size = 0
            while chunk := int(request.reader.readline(), 16):
                digest.update(request.reader.read(chunk))
                request.reader.read(2)
                size += chunk
            request.reader.readline()
        else:
            left = size
            while left:
                data = request.reader.read1(min(left, MEGABYTE))
                if not data:
                    return False
                digest.update(data)
                left -= len(data)
        return ok(f"{size} {digest.hexdigest()}".encode())

    def setUp(self):
        type(self).sent, type(self).taken = Counter(), Counter()
        self.go_on.clear()
        self.edge.ask(get("h.test", "/warm"))

    def download(self, path):
        before = self.edge.memory()
        with Connection(self.edge.http, window=64 * 1024) as connection:
            connection.send(get("h.test", path))
            until(lambda: self.sent.stalled(), 30, "the stall")
            self.assertLess(self.sent.count, HELD, "the upstream could send far more than was read")
            self.assertLess(self.edge.memory() - before, GROWTH)
            answer = connection.answer()
        self.assertEqual(len(answer.body), SIZE)
        self.assertEqual(hashlib.sha256(answer.body).hexdigest(), expected_digest())
        self.assertLess(self.edge.memory() - before, GROWTH)

    def test_a_slow_reader_of_200_megabytes_holds_the_upstream(self):
        self.download("/download")

    def test_a_slow_reader_of_200_chunked_megabytes_holds_the_upstream(self):
        self.download("/download-chunked")

    def upload(self, head, blocks, end=b""):
        """Sends to an upstream that does not read; then lets it."""
        before = self.edge.memory()
        with Connection(self.edge.http, timeout=60) as connection:
            connection.send(head)

            def send():
                for block in blocks:
                    connection.send(block)
                    self.taken.add(len(block))
                connection.send(end)

            sender = threading.Thread(target=send, daemon=True)
            sender.start()
            until(lambda: self.taken.stalled(), 30, "the stall")
            self.assertLess(self.taken.count, HELD, "the edge took far more than the upstream read")
            self.assertLess(self.edge.memory() - before, GROWTH)
            self.go_on.set()
            answer = connection.answer()
            sender.join()
        self.assertEqual(answer.body.decode(), f"{SIZE} {expected_digest()}")
        self.assertLess(self.edge.memory() - before, GROWTH)

    def test_a_slow_upstream_holds_the_sender_of_200_megabytes(self):
        head = get("h.test", "/upload-slow", f"Content-Length: {SIZE}", method="POST")
        self.upload(head, (BLOCK for _ in range(SIZE // len(BLOCK))))

    def test_a_slow_upstream_holds_the_sender_of_200_chunked_megabytes(self):
        head = get("h.test", "/upload-slow", "Transfer-Encoding: chunked", method="POST")
        chunk = b"%x\r\n%b\r\n" % (len(BLOCK), BLOCK)
        self.upload(head, (chunk for _ in range(SIZE // len(BLOCK))), b"0\r\n\r\n")

    def test_what_an_upstream_sends_arrives_before_it_goes_on(self):
        with Connection(self.edge.http) as connection:
            connection.send(get("h.test", "/events"))
            connection.head()
            self.assertEqual(connection.take(8), b"3\r\none\r\n")
            self.go_on.set()
            self.assertEqual(connection.take(13), b"3\r\ntwo\r\n0\r\n\r\n"[:13])

    def test_what_a_client_sends_arrives_before_it_goes_on(self):
        with Connection(self.edge.http) as connection:
            connection.send(get("h.test", "/first-bytes", "Content-Length: 10", method="POST") + b"first")
            until(lambda: self.taken.count == 5, what="the first half at the upstream")
            connection.send(b"other")
            self.assertEqual(connection.answer().body.decode(), "5 " + hashlib.sha256(b"other").hexdigest())

    def test_an_answer_before_the_body_has_come(self):
        for _ in range(2):
            with Connection(self.edge.http) as connection:
                connection.send(get("h.test", "/early", f"Content-Length: {SIZE}", method="POST"))
                answer = connection.answer()
                self.assertEqual((answer.status, answer.body), (403, b"no"))
                # What it goes on to send is no request.
                try:
                    for _ in range(50):
                        connection.send(get("h.test", "/smuggled"))
                except ConnectionError:
                    pass
                self.assertNotIn(b"HTTP/1.1", connection.rest())
        self.assertNotIn("/smuggled", [request.target for request in self.upstream.requests])

    def test_a_client_that_takes_nothing_is_let_go(self):
        edge = self.edge_for(PLAIN.format(self.upstream.address), flags=["--send-timeout", "1"])
        with Connection(edge.http, window=64 * 1024) as connection:
            connection.send(get("h.test", "/download"))
            until(lambda: self.sent.stalled(), 30, "the stall")
            time.sleep(1.5)
            self.assertLess(len(connection.rest()), SIZE)

    def test_chunks_are_framed_anew_and_extensions_stay_here(self):
        with Connection(self.edge.http) as connection:
            answer = connection.ask(get("h.test", "/upload", "Transfer-Encoding: chunked", method="PUT")
                                    + b"3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n")
            self.assertEqual(answer.body.decode(), "5 " + hashlib.sha256(b"abcde").hexdigest())
            self.assertEqual(connection.ask(get("h.test", "/again")).status, 200)

    def test_a_continue_is_answered_once_and_before_the_body(self):
        with Connection(self.edge.http) as connection:
            connection.send(get("h.test", "/upload", "Content-Length: 5", "Expect: 100-continue", method="PUT"))
            self.assertEqual(connection.head().status, 100)
            connection.send(b"hello")
            answer = connection.head()
            self.assertEqual(answer.status, 200, "one 100, not two")
            connection.take(int(answer.get("Content-Length")))


if __name__ == "__main__":
    unittest.main()
