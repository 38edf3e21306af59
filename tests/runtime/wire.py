"""The client's side, byte by byte: what is sent is what the test wrote, and nothing is repaired."""
import socket
import ssl
import time


class Answer:
    """One response as it came: status, header lines in their order, body without its framing."""

    def __init__(self, status, lines, body):
        self.status, self.lines, self.body = status, lines, body

    def all(self, name):
        return [value for key, value in self.lines if key.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None

    def __repr__(self):
        return f"<{self.status} {self.lines} {self.body[:200]!r}>"


class Closed(Exception):
    """The peer closed before a whole answer came; `got` is what came."""

    def __init__(self, got):
        super().__init__(f"closed after {got[:300]!r}")
        self.got = got


class Connection:
    """A connection to the edge. With `tls`, an ssl context and the name to ask for."""

    def __init__(self, port, tls=None, name=None, source="127.0.0.1", timeout=20, window=None):
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, window)
        self.socket.settimeout(timeout)
        self.buffer = b""
        try:
            self.socket.bind((source, 0))
            self.socket.connect(("127.0.0.1", port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls:
                self.socket = tls.wrap_socket(self.socket, server_hostname=name)
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)
        return self

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def _more(self):
        try:
            data = self.socket.recv(1 << 16)
        except (ConnectionError, ssl.SSLEOFError):
            data = b""
        if not data:
            raise Closed(self.buffer)
        self.buffer += data

    def _line(self):
        while b"\r\n" not in self.buffer:
            self._more()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def take(self, size):
        parts, missing = [], size
        while missing > 0:
            if not self.buffer:
                self._more()
            parts.append(self.buffer[:missing])
            self.buffer = self.buffer[missing:]
            missing -= len(parts[-1])
        return b"".join(parts)

    def rest(self):
        """Everything until the peer closes."""
        try:
            while True:
                self._more()
        except Closed:
            data, self.buffer = self.buffer, b""
            return data

    def is_closed(self, within=5):
        """The peer closes, and sends nothing before that."""
        self.socket.settimeout(within)
        try:
            return self.buffer == b"" and self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def head(self):
        version, status, _ = (self._line() + b" ").split(b" ", 2)
        assert version == b"HTTP/1.1", version
        lines = []
        while line := self._line():
            name, value = line.split(b":", 1)
            lines.append((name.decode("latin-1"), value.strip().decode("latin-1")))
        return Answer(int(status), lines, b"")

    def answer(self, to_head=False):
        """The next final answer with its whole body; 1xx are skipped."""
        answer = self.head()
        while answer.status < 200:
            answer = self.head()
        if to_head or answer.status in (204, 304):
            return answer
        if answer.get("Transfer-Encoding"):
            assert answer.all("Transfer-Encoding") == ["chunked"], answer
            assert not answer.all("Content-Length"), answer
            parts = []
            while size := int(self._line(), 16):
                parts.append(self.take(size))
                assert self.take(2) == b"\r\n"
            while self._line():
                pass
            answer.body = b"".join(parts)
        elif answer.get("Content-Length") is not None:
            answer.body = self.take(int(answer.get("Content-Length")))
        else:
            answer.body = self.rest()
        return answer

    def ask(self, data, to_head=False):
        return self.send(data).answer(to_head)


def get(host, path="/", *lines, method="GET"):
    """A plain request's bytes."""
    return "".join(f"{line}\r\n" for line in (f"{method} {path} HTTP/1.1", f"Host: {host}", *lines, "")).encode(
        "latin-1")


def ask(port, data, **how):
    """One request on a connection of its own."""
    with Connection(port, **how) as connection:
        return connection.ask(data)


def until(condition, within=10, what="it"):
    """Waits for something to become true; the answer is its value."""
    end = time.monotonic() + within
    while True:
        if value := condition():
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {within} s")
        time.sleep(0.01)
