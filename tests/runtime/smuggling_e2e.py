#!/usr/bin/env python3
"""Thousands of broken and odd requests, made from a fixed seed: whatever comes in, an upstream only ever sees
well-formed requests with one framing, never more of them than clients got answers, and the edge goes on."""
import random
import re
import unittest
from concurrent.futures import ThreadPoolExecutor

from edge import PLAIN, EdgeTest
from upstream import Upstream, ok
from wire import Connection, get

SEEDS = [
    get("h.test", "/a"),
    get("h.test", "/b", "Content-Length: 5", method="POST") + b"hello",
    get("h.test", "/c", "Transfer-Encoding: chunked", method="POST") + b"5\r\nhello\r\n1;a=b\r\n!\r\n0\r\n\r\n",
    get("h.test", "/d", "Connection: keep-alive, X-A", "X-A: b"),
    b"GET http://h.test/e HTTP/1.1\r\nHost: h.test\r\n\r\n",
    b"GET /f HTTP/1.0\r\nHost: h.test\r\nConnection: keep-alive\r\n\r\n",
]
PIECES = [
    b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b";", b",", b"0", b"5", b"g", b"\r\n\r\n", b"\0", b"\x0b", b"\xff",
    b"Content-Length: 5\r\n", b"Content-Length: 6\r\n", b"Content-Length : 5\r\n", b"content-length:\t0\r\n",
    b"Content_Length: 5\r\n", b"Content-Length: +5\r\n", b"Content-Length: 5, 5\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding : chunked\r\n", b"Transfer-Encoding:\x0bchunked\r\n",
    b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding:\r\n chunked\r\n", b"Transfer_Encoding: chunked\r\n",
    b"Transfer-Encoding: xchunked\r\n", b"X: y\rTransfer-Encoding: chunked\r\n", b"X: y\nTransfer-Encoding: chunked\r\n",
    b"Host: h.test\r\n", b"Connection: Content-Length\r\n", b"Connection: close\r\n", b"Upgrade: h2c\r\n",
    b"Expect: 100-continue\r\n", b" folded\r\n", b"HTTP/1.0", b"HTTP/2.0", b"http://h.test", b"#", b"?", b"%2e%2e/",
    b"0\r\n\r\n", b"GET /smuggled HTTP/1.1\r\nHost: h.test\r\n\r\n", b"0x5", b"0000000000000000005",
]
HEAD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+ /[!-~]* HTTP/1\.1"
                  r"(?:\r\n[!#$%&'*+.^`|~0-9A-Za-z-]+: ?[\t -~\x80-\xff]*)*")


def mutated(dice):
    data = b"".join(dice.choice(SEEDS) for _ in range(dice.randint(1, 2)))
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(data))
        if dice.random() < 0.6:  # at a line's start, where most is decided
            at = max(data.find(b"\r\n", at) + 2, 0) if data.find(b"\r\n", at) >= 0 else at
        kind = dice.random()
        if kind < 0.7:
            data = data[:at] + dice.choice(PIECES) + data[at:]
        elif kind < 0.85:
            data = data[:at] + data[at + dice.randint(1, 3):]
        else:
            data = data[:at] + bytes([dice.randrange(256)]) + data[at + 1:]
    return data


class Smuggling(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream(lambda request, _: ok(b"ok")))
        # What does not come whole is waited for shortly: that ends each case.
        short = [word for flag in ("keep-alive", "head", "body") for word in (f"--{flag}-timeout", "1")]
        cls.edge = cls.edge_for(PLAIN.format(cls.upstream.address), flags=short)

    def run_case(self, data, cut):
        """How many of the upstream's answers came back."""
        with Connection(self.edge.http) as connection:
            try:
                # In two pieces, as a slow sender would.
                connection.send(data[:cut]).send(data[cut:])
            except OSError:
                pass  # refused before it had come whole
            return connection.rest().count(b"HTTP/1.1 200 ")

    def test_nothing_malformed_passes(self):
        dice = random.Random(20261123)
        passed = 0
        with ThreadPoolExecutor(50) as threads:
            for _ in range(20):
                self.upstream.clear()
                cases = [(data, dice.randrange(len(data))) for data in (mutated(dice) for _ in range(50))]
                answered = sum(threads.map(lambda case: self.run_case(*case), cases))
                seen = list(self.upstream.requests)
                with self.subTest(cases):
                    self.assertEqual(len(seen), answered, "an upstream saw a request that nobody has an answer to")
                    for request in seen:
                        self.assertIsNotNone(HEAD.fullmatch(request.head), request.head)
                        self.assertEqual(len(request.all("Host")), 1)
                        framing = request.all("Content-Length") + request.all("Transfer-Encoding")
                        self.assertLessEqual(len(framing), 1)
                        self.assertFalse([name for name, _ in request.lines if "_" in name])
                passed += len(seen)
        self.assertGreater(passed, 300, "much of it was well-formed")
        self.assertEqual(self.edge.ask(get("h.test")).status, 200)


if __name__ == "__main__":
    unittest.main()
