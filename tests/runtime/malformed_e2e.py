#!/usr/bin/env python3
"""Malformed requests: each gets its one status, the connection is closed, and no upstream hears of it."""
import unittest

from edge import PLAIN, EdgeTest
from upstream import Upstream
from wire import Connection, get


def line(text):
    return b"GET / HTTP/1.1\r\nHost: h.test\r\n" + text + b"\r\n\r\n"


def first(text):
    return text + b"\r\nHost: h.test\r\n\r\n"


CASES = {
    # what is wrong: (bytes, status)
    "bare LF ends the request line": (b"GET / HTTP/1.1\nHost: h.test\r\n\r\n", 400),
    "bare LF ends a header": (b"GET / HTTP/1.1\r\nHost: h.test\n\r\n", 400),
    "bare LF ends the head": (b"GET / HTTP/1.1\r\nHost: h.test\r\n\n", 400),
    "bare CR in a value": (line(b"X: a\rTransfer-Encoding: chunked"), 400),
    "two empty lines before the request": (b"\r\n\r\n" + get("h.test"), 400),
    "folded header": (line(b"X: a\r\n b"), 400),
    "folded Transfer-Encoding": (line(b"Transfer-Encoding:\r\n chunked"), 400),
    "space before colon": (line(b"X : a"), 400),
    "space before colon of a length": (line(b"Content-Length : 5"), 400),
    "empty name": (line(b": a"), 400),
    "no colon": (line(b"nonsense"), 400),
    "NUL in a value": (line(b"X: a\0b"), 400),
    "NUL in a name": (line(b"X\0: a"), 400),
    "control in a value": (line(b"X: \x01"), 400),
    "two lengths": (line(b"Content-Length: 1\r\nContent-Length: 2"), 400),
    "two equal lengths": (line(b"Content-Length: 1\r\nContent-Length: 1"), 400),
    "list of lengths": (line(b"Content-Length: 1, 1"), 400),
    "signed length": (line(b"Content-Length: +1"), 400),
    "length of 2 to 63": (line(b"Content-Length: 9223372036854775808"), 400),
    "length and chunked": (line(b"Content-Length: 5\r\nTransfer-Encoding: chunked"), 400),
    "chunked and length": (line(b"Transfer-Encoding: chunked\r\nContent-Length: 5"), 400),
    "chunked twice": (line(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400),
    "chunked in HTTP/1.0": (b"POST / HTTP/1.0\r\nHost: h.test\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    "other transfer coding": (line(b"Transfer-Encoding: gzip, chunked"), 501),
    "transfer coding in quotes": (line(b'Transfer-Encoding: "chunked"'), 501),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (line(b"Host: h.test"), 400),
    "Host with a path": (b"GET / HTTP/1.1\r\nHost: h.test/x\r\n\r\n", 400),
    "Host with a user": (b"GET / HTTP/1.1\r\nHost: u@h.test\r\n\r\n", 400),
    "Host with a comma": (b"GET / HTTP/1.1\r\nHost: h.test,h.test\r\n\r\n", 400),
    "Host beyond ASCII": (b"GET / HTTP/1.1\r\nHost: \xc3\xa9.test\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "HTTP/2.0": (first(b"GET / HTTP/2.0"), 505),
    "HTTP/2's preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "version in lower case": (first(b"GET / http/1.1"), 400),
    "blank in the target": (first(b"GET /a b HTTP/1.1"), 400),
    "two blanks": (first(b"GET  / HTTP/1.1"), 400),
    "fragment in the target": (first(b"GET /a#b HTTP/1.1"), 400),
    "byte beyond ASCII in the path": (first(b"GET /\xc3\xa9 HTTP/1.1"), 400),
    "relative target": (first(b"GET a/b HTTP/1.1"), 400),
    "asterisk for GET": (first(b"GET * HTTP/1.1"), 400),
    "CONNECT": (first(b"CONNECT h.test:443 HTTP/1.1"), 501),
    "bad method": (first(b"G(T / HTTP/1.1"), 400),
    "TLS on the plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400),
    "Connection names Host": (line(b"Connection: Host"), 400),
    "Connection names X-Forwarded-For": (line(b"Connection: X-Forwarded-For"), 400),
    "Connection names Authorization": (line(b"Connection: close, Authorization"), 400),
    "other expectation": (line(b"Expect: 200-ok"), 417),
    "more than 100 headers": (line(b"X: y\r\n" * 100 + b"X: y"), 431),
}

# Well framed, so that the connection may live on; but no route is asked.
PATHS = {
    "escape of no digits": "/%zz",
    "cut escape": "/a%",
    "encoded slash": "/a%2Fb",
    "encoded backslash": "/a%5cb",
    "encoded NUL": "/a%00",
    "backslash": "/a\\b",
    "dots and semicolon": "/a/..;/b",
    "encoded dots and semicolon": "/a/%2e%2E;/b",
}

# The head is well-formed, so the request may reach the upstream; its end may not.
BAD_CHUNKS = {
    "no digits": b"\r\n",
    "not hexadecimal": b"g\r\n",
    "0x": b"0x5\r\nhello\r\n",
    "signed": b"-5\r\nhello\r\n",
    "blank before": b" 5\r\nhello\r\n",
    "blank behind": b"5 \r\nhello\r\n",
    "17 digits": b"00000000000000005\r\nhello\r\n",
    "2 to 63": b"8000000000000000\r\nhello\r\n",
    "bare LF": b"5\nhello\r\n",
    "longer than said": b"5\r\nhello!\r\n0\r\n\r\n",
    "shorter than said": b"5\r\nhell\r\n0\r\n\r\n",
    "bare LF behind the data": b"5\r\nhello\n0\r\n\r\n",
    "extension with blanks": b"5; a = b\r\nhello\r\n",
    "extension of 300 bytes": b"5;" + b"x" * 300 + b"\r\nhello\r\n",
    "trailer without colon": b"0\r\nnonsense\r\n\r\n",
    "request in the trailers": b"0\r\nGET / HTTP/1.1\r\n\r\n",
}


class Malformed(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream())
        cls.edge = cls.edge_for(PLAIN.format(cls.upstream.address))

    def setUp(self):
        self.upstream.clear()

    def test_each_is_refused_alone(self):
        for name, (data, status) in CASES.items():
            with self.subTest(name), Connection(self.edge.http) as connection:
                # A second request behind it must not be read as one.
                answer = connection.ask(data + get("h.test", "/smuggled"))
                self.assertEqual(answer.status, status)
                self.assertEqual(answer.get("Connection"), "close")
                self.assertTrue(connection.is_closed())
        self.assertEqual([request.target for request in self.upstream.requests], [])

    def test_paths_that_two_could_read_differently(self):
        for name, path in PATHS.items():
            with self.subTest(name):
                self.assertEqual(self.edge.ask(get("h.test", path)).status, 400)
        self.assertEqual(self.upstream.requests, [])

    def test_each_is_refused_byte_by_byte(self):
        for name, (data, status) in CASES.items():
            if len(data) > 200:
                continue
            with self.subTest(name), Connection(self.edge.http) as connection:
                try:
                    for at in range(len(data)):
                        connection.send(data[at:at + 1])
                except ConnectionError:
                    pass  # refused before the last byte
                self.assertEqual(connection.answer().status, status)
        self.assertEqual(self.upstream.requests, [])

    def test_bad_chunks_never_end_a_request(self):
        for name, body in BAD_CHUNKS.items():
            with self.subTest(name), Connection(self.edge.http) as connection:
                connection.send(get("h.test", "/chunks", "Transfer-Encoding: chunked", method="POST") + body
                                + get("h.test", "/smuggled"))
                answer = connection.answer()
                self.assertIn(answer.status, (400, 431))
                self.assertTrue(connection.is_closed())
        self.assertEqual([request.target for request in self.upstream.requests], [])

    def test_a_megabyte_of_headers(self):
        with Connection(self.edge.http) as connection:
            connection.send(b"GET / HTTP/1.1\r\nHost: h.test\r\n")
            try:
                for _ in range(100):
                    connection.send(b"X: " + b"v" * 9995 + b"\r\n")
            except ConnectionError:
                pass  # it does not wait for the end
            self.assertEqual(connection.answer().status, 431)
        with Connection(self.edge.http) as connection:
            self.assertEqual(connection.ask(get("h.test", "/" + "a" * 50_000)).status, 200)
            self.assertEqual(connection.ask(get("h.test", "/" + "a" * 62_000)).status, 431)
        self.assertEqual(len(self.upstream.requests), 1)

    def test_a_good_request_after_all_that(self):
        self.assertEqual(self.edge.ask(get("h.test", "/good")).body, b"/good")


if __name__ == "__main__":
    unittest.main()
