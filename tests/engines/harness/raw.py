"""Requests written byte by byte, for what no well-behaved client would send."""

import http.client
import socket

from .ask import ANSWERED, REFUSED, Answer


def send(request, address, port, timeout=20):
    """Sends the bytes as they are; the first answer is the answer."""
    with socket.create_connection((address, port), timeout) as connection:
        try:
            connection.sendall(request)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return Answer(ANSWERED, response.status, response.getheaders(), response.read())
        except (OSError, http.client.HTTPException) as error:
            return Answer(REFUSED, detail=str(error) or type(error).__name__)


# What it is, the bytes, the status that grammar/SEMANTICS.md fixes, and engines known to differ (their target's README).
HOST = b"Host: plain.example\r\n"
CORPUS = [
    ("H1 upper case and a port", b"GET / HTTP/1.1\r\nHost: PLAIN.Example:80\r\n\r\n", 200, {}),
    ("H1 a trailing dot is another host", b"GET / HTTP/1.1\r\nHost: plain.example.\r\n\r\n", 404, {}),
    ("H4 an address as the host", b"GET / HTTP/1.1\r\nHost: 10.77.0.2\r\n\r\n", 404, {}),
    ("H6 no Host", b"GET / HTTP/1.1\r\n\r\n", 400, {}),
    ("H6 two Hosts", b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400, {}),
    ("H6 a malformed Host", b"GET / HTTP/1.1\r\nHost: user@plain.example\r\n\r\n", 400, {}),
    ("H6 HTTP/1.0 without Host", b"GET / HTTP/1.0\r\n\r\n", 404, {}),
    ("H7 absolute form wins over Host", b"GET http://plain.example/x HTTP/1.1\r\nHost: other.example\r\n\r\n", 200, {}),
    ("P1 a raw backslash", b"GET /a\\b HTTP/1.1\r\n" + HOST + b"\r\n", 400, {}),
    ("P1 a fragment", b"GET /a#b HTTP/1.1\r\n" + HOST + b"\r\n", 400, {}),
    ("P1 a blank", b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n", 400, {}),
    ("P1 a control byte", b"GET /a\x01b HTTP/1.1\r\n" + HOST + b"\r\n", 400, {}),
    ("P1 a byte beyond ASCII", b"GET /a\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400, {"Traefik": 200}),
    ("P1 neither a path nor absolute", b"GET a/b HTTP/1.1\r\n" + HOST + b"\r\n", 400, {}),
    ("P1 CONNECT", b"CONNECT plain.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501, {}),
    ("P4 seventy kilobytes of header", b"GET / HTTP/1.1\r\n" + HOST + b"X-Big: " + b"x" * 70000 + b"\r\n\r\n", 431, {}),
    ("P4 fifty kilobytes of header", b"GET / HTTP/1.1\r\n" + HOST + b"X-Big: " + b"x" * 50000 + b"\r\n\r\n", 200, {}),
]


def judge_raw(account, engine, address, port):
    account.heading(f"requests byte by byte, asked of {engine}")
    for what, request, status, known in CORPUS:
        answer = send(request, address, port)
        expected = known.get(engine, status)
        differs = f" (known to differ: the rule says {status})" if engine in known else ""
        account.check(f"{what}{differs}", answer, answer.status == expected, expected)
