"""Asks a proxy over HTTP or HTTPS, from any address the space owns, whatever DNS would say."""

import http.client
import json
import socket
import ssl
from urllib.parse import urlsplit

ANSWERED = "answered"
REFUSED = "refused"      # no connection, or closed without an answer
NO_TLS = "no TLS"        # the handshake failed


class Answer:
    """What came back: an HTTP answer, or the way in which there was none."""

    def __init__(self, outcome, status=None, headers=(), body=b"", detail=""):
        self.outcome = outcome
        self.status = status
        self.headers = list(headers)
        self.body = body
        self.detail = detail

    def header(self, name):
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def seen(self):
        """What reached the upstream, or None when no upstream of ours answered."""
        if not self.header("X-Upstream"):
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def upstream(self):
        return self.header("X-Upstream")

    def seen_header(self, name):
        """The header as the upstream got it: all its lines joined, None when absent."""
        values = [value for key, value in self.seen["headers"] if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    def __str__(self):
        if self.outcome != ANSWERED:
            return f"{self.outcome} ({self.detail})"
        by = f" by {self.upstream}" if self.upstream else ""
        location = f" to {self.header('Location')}" if self.header("Location") else ""
        return f"{self.status}{location}{by}"


def _context(ca):
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(["http/1.1"])
    return context


class Connection:
    """One connection to `to` (address, port). `host` is the name in SNI, checked against `ca`; None: plain HTTP."""

    def __init__(self, to, source=None, host=None, ca=None, timeout=20):
        plain = socket.create_connection(to, timeout, source_address=(source, 0) if source else None)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = _context(ca).wrap_socket(plain, server_hostname=host) if host else plain

    def ask(self, method, target, headers, body=None):
        head = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        if body is not None:
            head.append(f"Content-Length: {len(body)}")
        self.socket.sendall("\r\n".join(head + ["", ""]).encode("latin-1") + (body or b""))
        response = http.client.HTTPResponse(self.socket, method=method)
        response.begin()
        return Answer(ANSWERED, response.status, response.getheaders(), response.read())

    def close(self):
        self.socket.close()


def ask(method, url, to, source=None, headers=(), ca=None, body=None):
    """`method url`, sent to the address `to` = (ip, http port, https port). Host is the URL's unless in `headers`."""
    parts = urlsplit(url)
    ip, http_port, https_port = to
    tls = parts.scheme == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = list(headers)
    if not any(name.lower() == "host" for name, _ in lines):
        lines.insert(0, ("Host", parts.netloc))
    try:
        connection = Connection((ip, https_port if tls else http_port), source, parts.hostname if tls else None, ca)
    except ssl.SSLError as error:
        return Answer(NO_TLS, detail=error.reason or str(error))
    except OSError as error:
        return Answer(REFUSED, detail=str(error))
    try:
        return connection.ask(method, target, lines, body)
    except (OSError, http.client.HTTPException) as error:
        return Answer(REFUSED, detail=str(error) or type(error).__name__)
    finally:
        connection.close()


def listening(address, port):
    """True when something takes connections there: for waiting until an engine is up."""
    with socket.create_connection((address, port), 1):
        return True
