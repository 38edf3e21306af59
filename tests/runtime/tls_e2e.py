#!/usr/bin/env python3
"""HTTPS: certificates by server name, who gets none, and the redirect of plain HTTP."""
import os
import ssl
import subprocess
import unittest

from edge import SITE, Edge, EdgeTest
from upstream import Upstream
from wire import Connection, ask, get

SOURCE = """
host one.test {{ route / -> {0} }}
host two.test, *.wild.test {{ route / -> {0} }}
host both.test {{
  plain_http serve
  route / -> {0}
}}
""" + SITE.replace("listen http 80", "listen http 80\n  listen https 443").replace("{", "{{").replace("}", "}}")


class Tls(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream())
        cls.edge = cls.edge_for(SOURCE.format(cls.upstream.address), https=True)
        cls.trusted = cls.edge.trust()

    def ask(self, name, data=None, context=None):
        return ask(self.edge.https, data or get(name), tls=context or self.trusted, name=name)

    def test_each_name_is_verified_against_the_ca(self):
        for name in ("one.test", "two.test", "a.wild.test", "both.test"):
            with self.subTest(name):
                self.assertEqual(self.ask(name).status, 200)
        self.assertEqual(self.upstream.requests[-1].get("X-Forwarded-Proto"), "https")

    def test_an_unknown_name_has_no_handshake(self):
        anyone = ssl.create_default_context()
        anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
        for name in ("other.test", "a.b.wild.test", "wild.test", None):
            with self.subTest(name), self.assertRaises((ssl.SSLError, ConnectionError)):
                Connection(self.edge.https, tls=anyone, name=name)

    def test_the_host_decides_not_the_server_name(self):
        answer = self.ask("one.test", get("two.test", "/x"))
        self.assertEqual((answer.status, answer.body), (200, b"/x"))
        self.assertEqual(self.ask("one.test", get("other.test")).status, 404)

    def test_old_versions_are_refused(self):
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.load_verify_locations(self.edge.folder + "/ca/ca.crt")
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            Connection(self.edge.https, tls=old, name="one.test")
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.edge.trust()
            context.minimum_version = context.maximum_version = version
            self.assertEqual(self.ask("one.test", context=context).status, 200)

    def test_keep_alive_and_large_bodies_over_tls(self):
        with Connection(self.edge.https, tls=self.trusted, name="one.test") as connection:
            for n in range(50):
                self.assertEqual(connection.ask(get("one.test", f"/{n}")).body, b"/%d" % n)
            path = "/" + "x" * 50_000
            self.assertEqual(connection.ask(get("one.test", path)).body, path.encode())

    def test_plain_http_is_redirected(self):
        for method, status in (("GET", 301), ("HEAD", 301), ("POST", 308)):
            with self.subTest(method), self.edge.connect() as connection:
                answer = connection.ask(get("one.test", "/a?b", method=method), to_head=method == "HEAD")
                self.assertEqual(answer.status, status)
                self.assertIn(answer.get("Location").replace(":443/", "/"), ("https://one.test/a?b",))
        self.assertEqual(self.edge.ask(get("both.test")).status, 200)
        self.assertEqual(self.edge.ask(get("other.test")).status, 404)

    def test_plain_http_on_the_tls_port_is_closed(self):
        with Connection(self.edge.https) as connection:
            connection.send(get("one.test"))
            self.assertNotIn(b"200", connection.rest())

    def test_a_handshake_that_does_not_come_ends(self):
        edge = self.edge_for(SOURCE.format(self.upstream.address), https=True, flags=["--handshake-timeout", "0.3"])
        with Connection(edge.https) as connection:
            connection.send(b"\x16\x03\x01")
            self.assertTrue(connection.is_closed(10))


class Files(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream())

    def test_certificates_from_files_and_new_ones_at_reload(self):
        edge = Edge("""
certificate mine {{ files FOLDER/mine.crt FOLDER/mine.key }}
host one.test {{
  tls mine
  route / -> {0}
}}
""".format(self.upstream.address).replace("{{", "{").replace("}}", "}")
                    .replace("FOLDER/", "/nonexistent/") + SITE.replace("listen http 80", "listen https 443"),
                    start=False)
        # A missing file is one clear error at start, before anything is served.
        done = subprocess.run([os.environ["SLUICED"], edge.table, "--listen-https", "127.0.0.1:0"], text=True,
                              capture_output=True, timeout=20, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn("mine.crt", done.stderr)
        edge.stop()


if __name__ == "__main__":
    unittest.main()
