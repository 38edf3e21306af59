#!/usr/bin/env python3
"""HTTPS: certificates by server name, who gets none, and the redirect of plain HTTP."""
import signal
import ssl
import subprocess
import tempfile
import unittest
import warnings

from edge import SITE, SLUICED, Edge, EdgeTest
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
        with warnings.catch_warnings(action="ignore"):
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
        for method, status in (("GET", 301), ("HEAD", 308), ("POST", 308)):
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

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.certificate, self.key = folder.name + "/mine.crt", folder.name + "/mine.key"
        self.source = f"""
certificate mine {{
  files {self.certificate} {self.key}
}}
host one.test {{
  tls mine
  route / -> {self.upstream.address}
}}
""" + SITE.replace("listen http 80", "listen https 443")

    def make(self, days):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=one.test", "-addext", "subjectAltName=DNS:one.test", "-days", str(days),
                        "-keyout", self.key, "-out", self.certificate], check=True, capture_output=True)

    def served(self, edge):
        context = ssl.create_default_context(cafile=self.certificate)
        with Connection(edge.https, tls=context, name="one.test") as connection:
            self.assertEqual(connection.ask(get("one.test")).status, 200)
            return connection.socket.getpeercert()["notAfter"]

    def test_files_are_served_and_new_ones_after_a_reload(self):
        self.make(10)
        edge = Edge(self.source, flags=["--listen-https", "127.0.0.1:0"])
        self.addCleanup(edge.stop)
        first = self.served(edge)
        self.make(20)
        edge.signal(signal.SIGHUP)
        edge.said("reloaded in")
        self.assertNotEqual(self.served(edge), first)

    def test_a_missing_file_is_one_error_at_start(self):
        edge = Edge(self.source, start=False)
        self.addCleanup(edge.stop)
        done = subprocess.run([SLUICED, edge.table, "--listen-https", "127.0.0.1:0"], text=True, capture_output=True,
                              timeout=20, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("mine.crt", done.stderr)


if __name__ == "__main__":
    unittest.main()
