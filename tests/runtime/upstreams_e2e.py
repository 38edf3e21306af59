#!/usr/bin/env python3
"""Upstreams that are down, slow, rude or many; connections kept on both sides."""
import threading
import time
import unittest

from edge import PLAIN, SITE, EdgeTest
from upstream import Upstream, free_port, ok
from wire import Closed, Connection, get, until


def misbehave(request, connection):
    """What an upstream may do to an answer, by path."""
    name = request.target[1:]
    if name == "never":
        time.sleep(30)
    elif name == "close":
        return False
    elif name == "cut":  # dies in the middle of a body of known length
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        return False
    elif name == "cut-chunk":
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe")
        return False
    elif name == "cut-head":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")
        return False
    elif name == "until-close":
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nall of it")
        return False
    elif name == "until-close-1.0":
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nall of it")
        return False
    elif name == "early-hints":
        return b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok(b"late")
    elif name == "continue":
        return b"HTTP/1.1 100 Continue\r\n\r\n" + ok(b"late")
    elif name == "no-content":
        return b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"
    elif name == "close-after":
        connection.sendall(ok(b"last", "Connection: close"))
        return False
    elif name == "extra":  # a second answer that nobody asked for, at once ...
        return ok(b"extra") + ok(b"poison")
    elif name == "later":  # ... or while the connection idles
        connection.sendall(ok(b"later"))
        time.sleep(0.05)
        return ok(b"poison")
    elif name in BAD_ANSWERS:
        return BAD_ANSWERS[name]
    return ok(name.encode() or b"root")


# Each would let a client read something else than we did; the client gets a 502.
BAD_ANSWERS = {
    "not-http": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "bare-lf": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk",
    "length-and-chunked": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "folded": b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok",
    "bare-cr": b"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 2\r\n\r\nok",
    "space-before-colon": b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
    "gzip-chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "switch": b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "long-head": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\nContent-Length: 2\r\n\r\nok",
}


class Upstreams(EdgeTest):
    @classmethod
    def edges(cls):
        cls.upstream = cls.upstream_for(Upstream(misbehave))
        cls.members = [cls.upstream_for(Upstream(lambda request, _, n=n: ok(b"%d" % n))) for n in range(3)]
        cls.down = free_port()
        a, b, c = (member.address for member in cls.members)
        cls.hasty = cls.edge_for(PLAIN.format(cls.upstream.address), flags=["--response-timeout", "0.5"])
        cls.edge = cls.edge_for(
            f"""
upstream several {{ address {a} weight 3, {b} weight 1 }}
upstream half-down {{ address {a}, 127.0.0.1:{cls.down} }}

host h.test {{
  tls off
  route / -> {cls.upstream.address}
  route /down -> 127.0.0.1:{cls.down}
  route /weighted -> {a} 70%, {b} 20%, {c} 10%
  route /even -> {a}, {b}, {c}
  route /several -> several
  route /half -> half-down
}}
""" + SITE)

    def setUp(self):
        self.upstream.clear()

    def ask(self, path, *lines, **how):
        return self.edge.ask(get("h.test", path, *lines, **how))

    def test_nobody_listens(self):
        self.assertEqual(self.ask("/down").status, 502)

    def test_no_answer_in_time(self):
        begin = time.monotonic()
        self.assertEqual(self.hasty.ask(get("h.test", "/never")).status, 504)
        self.assertLess(time.monotonic() - begin, 10)

    def test_closed_without_an_answer(self):
        self.assertEqual(self.ask("/close").status, 502)
        self.assertEqual(self.ask("/cut-head").status, 502)

    def test_an_answer_that_is_cut_reaches_the_client_cut(self):
        for path in ("/cut", "/cut-chunk"):
            with self.subTest(path), self.edge.connect() as connection:
                with self.assertRaises(Closed) as closed:
                    connection.ask(get("h.test", path))
                self.assertNotIn(b"0\r\n\r\n", closed.exception.got)

    def test_answers_that_could_be_read_twice(self):
        for name in BAD_ANSWERS:
            with self.subTest(name), self.edge.connect() as connection:
                self.assertEqual(connection.ask(get("h.test", "/" + name)).status, 502)
                # The client's connection is sound; the upstream's is not used again.
                self.assertEqual(connection.ask(get("h.test", "/after")).body, b"after")

    def test_an_answer_that_ends_with_its_connection(self):
        for path in ("/until-close", "/until-close-1.0"):
            with self.subTest(path), self.edge.connect() as connection:
                answer = connection.ask(get("h.test", path))
                self.assertEqual(answer.body, b"all of it")
                self.assertEqual(answer.get("Transfer-Encoding"), "chunked")
                self.assertEqual(connection.ask(get("h.test", "/next")).body, b"next", "the client's lives on")

    def test_http_1_0_clients_get_no_chunks(self):
        with self.edge.connect() as connection:
            connection.send(b"GET /until-close HTTP/1.0\r\nHost: h.test\r\nConnection: keep-alive\r\n\r\n")
            answer = connection.answer()
            self.assertEqual(answer.body, b"all of it")
            self.assertIsNone(answer.get("Transfer-Encoding"))
        with self.edge.connect() as connection:
            request = b"GET /x HTTP/1.0\r\nHost: h.test\r\nConnection: keep-alive\r\n\r\n"
            self.assertEqual(connection.ask(request).get("Connection"), "keep-alive")
            self.assertEqual(connection.ask(request).body, b"x")

    def test_answers_that_nobody_asked_for_reach_nobody(self):
        for path, pause in (("extra", 0), ("later", 0.5)):
            for _ in range(5):
                self.assertEqual(self.ask("/" + path).body, path.encode())
                time.sleep(pause)
                for n in range(3):
                    self.assertEqual(self.ask(f"/after-{n}").body, b"after-%d" % n)

    def test_interim_answers(self):
        self.assertEqual(self.ask("/early-hints").body, b"late")
        with self.edge.connect() as connection:
            connection.send(get("h.test", "/continue"))
            self.assertEqual(connection.head().status, 200, "a 100 that nobody waits for is swallowed")

    def test_answers_without_body(self):
        with self.edge.connect() as connection:
            self.assertEqual(connection.ask(get("h.test", "/no-content")).status, 204)
            head = connection.ask(get("h.test", "/abc", method="HEAD"), to_head=True)
            self.assertEqual((head.status, head.get("Content-Length")), (200, "3"))
            self.assertEqual(connection.ask(get("h.test", "/next")).body, b"next")

    def test_connections_are_kept_on_both_sides(self):
        with self.edge.connect() as connection:
            for n in range(200):
                self.assertEqual(connection.ask(get("h.test", f"/{n}")).body, b"%d" % n)
        self.assertLessEqual(self.upstream.connections, 2)

    def test_pipelined_requests_are_answered_in_order(self):
        with self.edge.connect() as connection:
            connection.send(b"".join(get("h.test", f"/{n}") for n in range(20)))
            self.assertEqual([connection.answer().body for _ in range(20)], [b"%d" % n for n in range(20)])

    def test_a_connection_that_the_upstream_closed_is_not_used(self):
        for _ in range(50):
            self.assertEqual(self.ask("/close-after").body, b"last")
            self.assertEqual(self.ask("/x").body, b"x")

    def test_an_idle_connection_that_dies_loses_no_request(self):
        for _ in range(20):
            self.assertEqual(self.ask("/x").status, 200)
            self.upstream.cut()

    def count(self, path, times):
        counts = [0, 0, 0]
        with self.edge.connect() as connection:
            for _ in range(times // 2):
                counts[int(connection.ask(get("h.test", path)).body)] += 1
        for _ in range(times // 2):
            counts[int(self.ask(path).body)] += 1
        return counts

    def test_shares_are_kept(self):
        for path, shares in (("/weighted", (700, 200, 100)), ("/even", (333, 333, 333)), ("/several", (750, 250, 0))):
            with self.subTest(path):
                for count, share in zip(self.count(path, 1000), shares):
                    self.assertAlmostEqual(count, share, delta=60)

    def test_a_member_that_is_down(self):
        # What came before the answer's first byte may be asked again, elsewhere or not; nothing hangs.
        statuses = [self.ask("/half").status for _ in range(40)]
        self.assertLessEqual(set(statuses), {200, 502})
        self.assertGreaterEqual(statuses.count(200), 15)

    def test_a_client_that_leaves_frees_its_upstream(self):
        before = len(self.upstream.open)
        with self.edge.connect() as connection:
            connection.send(get("h.test", "/never"))
            until(lambda: self.upstream.requests, what="the request")
        self.assertEqual(self.ask("/x").status, 200)
        self.assertLessEqual(len(self.upstream.open), before + 2)

    def test_many_clients_at_once(self):
        wrong = []

        def client(n):
            with Connection(self.edge.http) as connection:
                for i in range(50):
                    if connection.ask(get("h.test", f"/{n}-{i}")).body != f"{n}-{i}".encode():
                        wrong.append((n, i))

        threads = [threading.Thread(target=client, args=(n,)) for n in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
