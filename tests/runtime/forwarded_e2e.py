#!/usr/bin/env python3
"""What upstreams see of a request: the forwarded headers exactly, and nothing that was meant for us."""
import unittest

from edge import PLAIN, SITE, EdgeTest
from upstream import Upstream
from wire import get

FORGED = ("X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.test",
          "X-Forwarded-Port: 1", "X-Forwarded-Prefix: /evil", "X-Forwarded-Server: evil",
          "X-Forwarded-Uri: /evil", "X-Forwarded-Method: EVIL", "X-Forwarded-Tls-Client-Cert: evil",
          "X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6", "X_Forwarded_For: 6.6.6.6", "X-Forwarded_For: 6.6.6.6")
BEHIND = SITE.replace("listen http 80", "listen http 80\n  behind proxy {\n    trust 127.0.0.2/32\n    tls ended\n  }")


class Forwarded(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream())
        cls.edge = cls.edge_for(PLAIN.format(cls.upstream.address))

    def seen(self, data, edge=None, **how):
        """The request as the upstream got it."""
        self.upstream.clear()
        self.assertEqual((edge or self.edge).ask(data, **how).status, 200)
        return self.upstream.requests[-1]

    def test_a_plain_request_gets_three_lines_and_no_other(self):
        request = self.seen(get("H.test:80", "/a?b=c", "User-Agent: t", "Cookie: a", "Cookie: b"))
        self.assertEqual(request.head.split("\r\n")[0], "GET /a?b=c HTTP/1.1")
        self.assertCountEqual(request.lines, [
            ("Host", "H.test:80"), ("User-Agent", "t"), ("Cookie", "a"), ("Cookie", "b"),
            ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "H.test:80")])

    def test_what_a_stranger_forged_does_not_get_through(self):
        request = self.seen(get("h.test", "/", *FORGED))
        self.assertCountEqual(request.lines, [
            ("Host", "h.test"), ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "http"),
            ("X-Forwarded-Host", "h.test")])

    def test_what_is_between_two_hops_stays_there(self):
        request = self.seen(get("h.test", "/", "Connection: keep-alive, X-Nominated", "X-Nominated: a",
                                "x-nominated: b", "Keep-Alive: 5", "Proxy-Connection: x", "Upgrade: h2c",
                                "Proxy-Authorization: x", "TE: gzip", "Trailer: X", "X-Kept: c"))
        self.assertEqual(sorted(name for name, _ in request.lines),
                         ["Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Kept"])

    def test_absolute_form_becomes_origin_form_and_its_host(self):
        request = self.seen(b"GET http://h.test/q?x HTTP/1.1\r\nHost: other.test\r\n\r\n")
        self.assertEqual((request.target, request.all("Host"), request.get("X-Forwarded-Host")),
                         ("/q?x", ["h.test"], "h.test"))

    def test_the_upstream_sees_the_normal_path_and_the_raw_query(self):
        for sent, seen in (("//a/./b/../c", "/a/c"), ("/%61%2db%7E", "/a-b~"), ("/a/..", "/"), ("/../x", "/x"),
                           ("/a%20b%3b", "/a%20b%3b"), ("/a?x=/../y&z=%2F%zz", "/a?x=/../y&z=%2F%zz"), ("/a?", "/a?"),
                           ("/a/.", "/a"), ("/x/%2E%2E/a", "/a")):
            with self.subTest(sent):
                self.assertEqual(self.seen(get("h.test", sent)).target.lower(), seen.lower())

    def test_a_body_keeps_its_framing(self):
        request = self.seen(get("h.test", "/", "Content-Length: 5", method="POST") + b"hello")
        self.assertEqual((request.all("Content-Length"), request.body), (["5"], b"hello"))
        request = self.seen(get("h.test", "/", "Transfer-Encoding: Chunked", method="POST")
                            + b"5\r\nhello\r\n0\r\n\r\n")
        self.assertEqual((request.all("Transfer-Encoding"), request.all("Content-Length"), request.body),
                         (["chunked"], [], b"hello"))

    def test_http_1_0_is_passed_on_as_1_1(self):
        request = self.seen(b"GET /x HTTP/1.0\r\nHost: h.test\r\n\r\n")
        self.assertEqual(request.version, "HTTP/1.1")

    def test_unknown_hosts(self):
        self.upstream.clear()
        for host in ("other.test", "h.test.", "127.0.0.1", "[::1]", ""):
            with self.subTest(host):
                self.assertEqual(self.edge.ask(get(host)).status, 404)
        self.assertEqual(self.edge.ask(b"GET / HTTP/1.0\r\n\r\n").status, 404)
        self.assertEqual(self.upstream.requests, [])


class Trusted(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream())
        cls.edge = cls.edge_for(PLAIN.format(cls.upstream.address).replace(SITE, BEHIND))

    seen = Forwarded.seen

    def test_a_trusted_proxy_is_believed_and_appended(self):
        request = self.seen(get("h.test", "/", "X-Forwarded-For: 6.6.6.6, 1.2.3.4", "X-Forwarded-For: 10.0.0.1",
                                "X-Forwarded-Proto: https", "X-Forwarded-Host: outer.test"), source="127.0.0.2")
        self.assertEqual(request.all("X-Forwarded-For"), ["6.6.6.6, 1.2.3.4, 10.0.0.1, 127.0.0.2"])
        self.assertEqual(request.all("X-Forwarded-Proto"), ["https"])
        self.assertEqual(request.all("X-Forwarded-Host"), ["outer.test"])

    def test_a_trusted_proxy_that_says_nothing_is_told(self):
        request = self.seen(get("h.test"), source="127.0.0.2")
        self.assertEqual(request.all("X-Forwarded-For"), ["127.0.0.2"])
        self.assertEqual(request.all("X-Forwarded-Host"), ["h.test"])

    def test_another_peer_is_not_believed(self):
        request = self.seen(get("h.test", "/", *FORGED), source="127.0.0.3")
        self.assertEqual(request.all("X-Forwarded-For"), ["127.0.0.3"])
        self.assertEqual(request.all("X-Forwarded-Host"), ["h.test"])


if __name__ == "__main__":
    unittest.main()
