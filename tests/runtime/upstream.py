"""Upstreams that do what the test says. Each runs on a port of its own, a thread a connection."""
import socket
import threading


class Request:
    """A request as it reached the upstream."""

    def __init__(self, head, body, connection):
        self.head, self.body, self.connection = head, body, connection
        first, *lines = head.split("\r\n")
        self.method, self.target, self.version = first.split(" ")
        self.lines = [(name, value.strip()) for name, value in (line.split(":", 1) for line in lines if line)]

    def all(self, name):
        return [value for key, value in self.lines if key.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None


def ok(body=b"ok", *lines):
    head = "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *lines, ""))
    return head.encode("latin-1") + body


class Upstream:
    """`respond(request, socket)` gives the bytes of an answer, or None when it wrote itself; the connection
    is closed when it gives False. `on_connect(socket)` takes the whole connection instead."""

    def __init__(self, respond=None, on_connect=None, read_body=True, window=None):
        self.respond = respond or (lambda request, _: ok(request.target.encode("latin-1")))
        self.on_connect, self.read_body = on_connect, read_body
        self.requests, self.connections = [], 0
        self.lock = threading.Lock()
        self.open = set()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if window:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, window)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(1024)
        self.port = self.listener.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        """Nobody listens there any more, and what was open is cut."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.cut()

    def cut(self):
        """Ends every connection that is open."""
        with self.lock:
            for connection in self.open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def clear(self):
        with self.lock:
            self.requests.clear()
            self.connections = 0

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self.open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self.on_connect:
                    self.on_connect(connection)
                else:
                    self._requests(connection)
                connection.shutdown(socket.SHUT_RDWR)  # readers may still hold it open
        except OSError:
            pass
        finally:
            with self.lock:
                self.open.discard(connection)

    def _requests(self, connection):
        reader = connection.makefile("rb")
        while True:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = reader.readline()
                if not line:
                    return
                head += line
            request = Request(head[:-4].decode("latin-1"), b"", connection)
            request.reader = reader
            if self.read_body:
                request.body = read_body(request, reader)
            with self.lock:
                self.requests.append(request)
            answer = self.respond(request, connection)
            if answer is False:
                return
            if answer:
                connection.sendall(answer)


def read_body(request, reader):
    """The whole body; an OSError when it was cut."""
    if request.get("Transfer-Encoding") == "chunked":
        body = b""
        while size := int(read_line(reader), 16):
            body += read_exactly(reader, size)
            assert read_line(reader) == b""
        while read_line(reader):
            pass
        return body
    return read_exactly(reader, int(request.get("Content-Length") or 0))


def read_line(reader):
    line = reader.readline()
    if not line.endswith(b"\r\n"):
        raise ConnectionError("cut")
    return line[:-2]


def read_exactly(reader, size):
    data = reader.read(size)
    if len(data) < size:
        raise ConnectionError("cut")
    return data


def free_port():
    """A port where nobody listens (now)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
