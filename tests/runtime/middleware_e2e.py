#!/usr/bin/env python3
"""Middleware and the edge's own answers, as SEMANTICS says them (M, S, D, O)."""
import base64
import subprocess
import threading
import unittest

from edge import SITE, EdgeTest
from upstream import Upstream, ok
from wire import Connection, get

SOURCE = """
middleware security {{
  response set X-Frame-Options "DENY"
  response set Strict-Transport-Security "max-age=31536000"
  response remove Server
  response remove X-Powered-By
}}
middleware throttle {{ rate_limit 100/m burst 200 by client_ip }}
middleware admins {{ basic_auth secret("admins") }}

host open.test {{
  tls off
  use security
  route / -> {0}
  route /strip -> {0} {{ strip_prefix }}
  route exact /exact -> respond 200 "exactly"
  route regex "^/u/[0-9]+$" -> respond 200 "a number"
  route /gone -> respond 410 "gone for good"
  route /empty -> respond 204
  route /old -> redirect permanent "https://new.test/*"
  route /moved -> redirect temporary "https://new.test/there?x=y"
  route /down -> 127.0.0.1:1
  route /edit -> {0} {{
    request set X-Set "ours"
    request add X-Add "ours"
    request remove X-Remove
    response set X-Set "ours"
    response add X-Add "ours"
    response remove X-Remove
  }}
}}
host closed.test {{
  tls off
  allow_peers 127.0.0.2/32
  use security
  route / -> {0}
}}
host listed.test {{
  tls off
  allow_ips 127.0.0.0/24
  deny_ips 127.0.0.9/32
  route / -> {0}
}}
host admin.test {{
  tls off
  use admins, security
  route / -> {0}
}}
host busy.test {{
  tls off
  use throttle
  route / -> {0}
}}
""" + SITE.replace("{", "{{").replace("}", "}}")

SECURITY = [("X-Frame-Options", ["DENY"]), ("Strict-Transport-Security", ["max-age=31536000"]), ("Server", []),
            ("X-Powered-By", [])]


def basic(name, password):
    return "Authorization: Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def hashed(password):
    done = subprocess.run(["openssl", "passwd", "-6", password], capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Middleware(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream(
            lambda request, _: ok(request.target.encode(), "Server: up", "X-Powered-By: up", "X-Set: up", "X-Add: up",
                                  "X-Remove: up")))
        users = f"# who may\nalice:{hashed('wonder')}\nbob:{hashed('build')}\n"
        cls.edge = cls.edge_for(SOURCE.format(cls.upstream.address), secrets={"admins": users})

    def setUp(self):
        self.upstream.clear()

    def ask(self, host, path="/", *lines, source="127.0.0.1", **how):
        return self.edge.ask(get(host, path, *lines, **how), source=source)

    def test_answer_headers_cover_every_answer(self):
        answers = [self.ask("open.test"), self.ask("open.test", "/exact"), self.ask("open.test", "/old"),
                   self.ask("open.test", "/down"), self.ask("closed.test"), self.ask("admin.test")]
        self.assertEqual([answer.status for answer in answers], [200, 200, 301, 502, 403, 401])
        for answer in answers:
            for name, values in SECURITY:
                with self.subTest(answer=answer.status, name=name):
                    self.assertEqual(answer.all(name), values)

    def test_edits(self):
        answer = self.ask("open.test", "/edit", "X-Set: theirs", "x-set: too", "X-Add: theirs", "X-Remove: theirs")
        self.assertEqual((answer.all("X-Set"), answer.all("X-Add"), answer.all("X-Remove")),
                         (["ours"], ["up", "ours"], []))
        seen = self.upstream.requests[-1]
        self.assertEqual((seen.all("X-Set"), seen.all("X-Add"), seen.all("X-Remove")),
                         (["ours"], ["theirs", "ours"], []))

    def test_own_answers(self):
        answer = self.ask("open.test", "/exact")
        self.assertEqual((answer.body, answer.get("Content-Type")), (b"exactly", "text/plain; charset=utf-8"))
        self.assertEqual(self.ask("open.test", "/gone/deep", method="POST").status, 410)
        self.assertEqual(self.ask("open.test", "/u/12").body, b"a number")
        self.assertEqual(self.ask("open.test", "/u/x").body, b"/u/x")
        self.assertEqual(self.ask("open.test", "/exact/").body, b"/exact/")
        self.assertEqual(self.ask("open.test", "/gonedeep").body, b"/gonedeep")
        with self.edge.connect() as connection:
            head = connection.ask(get("open.test", "/exact", method="HEAD"), to_head=True)
            self.assertEqual((head.status, head.get("Content-Length")), (200, "7"))
            self.assertEqual(connection.ask(get("open.test", "/empty")).status, 204)
            self.assertEqual(connection.ask(get("open.test", "/next")).body, b"/next")

    def test_a_body_that_nobody_wants_does_not_confuse_the_next_request(self):
        with self.edge.connect() as connection:
            request = get("open.test", "/gone", "Content-Length: 5", method="POST") + b"GET /"
            self.assertEqual(connection.ask(request).status, 410)
            self.assertEqual(connection.ask(get("open.test", "/next")).body, b"/next")

    def test_redirects(self):
        for path, method, status, location in (
                ("/old/a?b=c", "GET", 301, "https://new.test/a?b=c"),
                ("/old/a?b=c", "POST", 308, "https://new.test/a?b=c"),
                ("/moved", "GET", 302, "https://new.test/there?x=y"),
                ("/moved", "PUT", 307, "https://new.test/there?x=y")):
            with self.subTest(path=path, method=method):
                answer = self.ask("open.test", path, method=method)
                self.assertEqual((answer.status, answer.get("Location")), (status, location))

    def test_strip_prefix(self):
        for path, seen in (("/strip", "/"), ("/strip/", "/"), ("/strip/a/b?c", "/a/b?c"), ("//strip/./a", "/a")):
            with self.subTest(path):
                self.assertEqual(self.ask("open.test", path).body.decode(), seen)
                self.assertEqual(self.upstream.requests[-1].all("X-Forwarded-Prefix"), ["/strip"])

    def test_peers(self):
        self.assertEqual(self.ask("closed.test").status, 403)
        self.assertEqual(self.ask("closed.test", "/", "X-Forwarded-For: 127.0.0.2").status, 403)
        self.assertEqual(len(self.upstream.requests), 0)
        self.assertEqual(self.ask("closed.test", source="127.0.0.2").status, 200)

    def test_addresses(self):
        for source, status in (("127.0.0.1", 200), ("127.0.0.9", 403), ("127.0.1.1", 403)):
            with self.subTest(source):
                self.assertEqual(self.ask("listed.test", source=source).status, status)

    def test_passwords(self):
        for lines, status in (((), 401), ((basic("alice", "wonder"),), 200), ((basic("bob", "build"),), 200),
                              ((basic("alice", "build"),), 401), ((basic("eve", "wonder"),), 401),
                              ((basic("alice", ""),), 401), (("Authorization: Basic !!!",), 401),
                              (("Authorization: Bearer x",), 401),
                              ((basic("alice", "wonder"), basic("eve", "x")), 401)):
            with self.subTest(lines):
                answer = self.ask("admin.test", "/", *lines)
                self.assertEqual(answer.status, status)
                if status == 401:
                    self.assertIn('Basic realm="', answer.get("WWW-Authenticate"))
        self.assertEqual([request.get("Authorization") for request in self.upstream.requests], [None, None])

    def test_many_wrong_passwords_do_not_stop_the_others(self):
        stop = threading.Event()

        def guess(n):
            while not stop.is_set():
                self.ask("admin.test", "/", basic("alice", f"guess {n}"))

        threads = [threading.Thread(target=guess, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(20):
                self.assertEqual(self.ask("open.test").status, 200)
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def test_the_201st_quick_request_is_throttled(self):
        with Connection(self.edge.http, source="127.0.0.5") as connection:
            statuses = [connection.ask(get("busy.test")).status for _ in range(200)]
            self.assertEqual(set(statuses), {200})
            # A token comes back every 600 ms; those of the time that this took are soon used up.
            answers = [connection.ask(get("busy.test")) for _ in range(60)]
        refused = [answer for answer in answers if answer.status == 429]
        self.assertTrue(refused)
        self.assertGreaterEqual(int(refused[0].get("Retry-After")), 1)
        # Another client has a bucket of its own; and one that lies about its address has not.
        self.assertEqual(self.ask("busy.test", source="127.0.0.6").status, 200)
        statuses = {self.ask("busy.test", "/", f"X-Forwarded-For: 1.2.3.{n}", source="127.0.0.5").status
                    for n in range(60)}
        self.assertIn(429, statuses)


if __name__ == "__main__":
    unittest.main()
