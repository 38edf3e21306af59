#!/usr/bin/env python3
"""swap_under_load.py … -- COMMAND: asks one host over HTTPS on several connections, short and long ones, runs
COMMAND, which replaces the table on disk, and waits for the new host; counts what was answered and lost."""
import argparse
import socket
import ssl
import subprocess
import sys
import threading
import time


def ask(stream, host):
    """One request on an open connection; the status, or None when it was lost."""
    stream.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    data = b""
    while b"\r\n\r\n" not in data:
        piece = stream.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
    length = int(headers.get("content-length", 0))
    while len(body) < length:
        piece = stream.recv(65536)
        if not piece:
            return None
        body += piece
    return int(lines[0].split()[1])


class Load:
    def __init__(self, arguments, context):
        self.arguments, self.context = arguments, context
        self.answered = self.lost = self.connections = 0
        self.lock, self.stop = threading.Lock(), threading.Event()

    def connect(self, host):
        raw = socket.create_connection(("127.0.0.1", self.arguments.port), timeout=10)
        return self.context.wrap_socket(raw, server_hostname=host)

    def run(self, requests_per_connection):
        while not self.stop.is_set():
            try:
                with self.connect(self.arguments.host) as stream:
                    with self.lock:
                        self.connections += 1
                    for _ in range(requests_per_connection):
                        good = ask(stream, self.arguments.host) == 200
                        with self.lock:
                            self.answered += good
                            self.lost += not good
                        if not good or self.stop.is_set():
                            break
            except OSError:
                with self.lock:
                    self.lost += 1


def served(load, host):
    try:
        with load.connect(host) as stream:
            return ask(stream, host) == 200
    except OSError:
        return False


def main():
    parser = argparse.ArgumentParser()
    for name in ("ca", "host", "new-host"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    load = Load(arguments, ssl.create_default_context(cafile=arguments.ca))
    workers = [threading.Thread(target=load.run, args=(n,)) for n in (1, 10, 1000, 1000)]
    for worker in workers:
        worker.start()
    time.sleep(0.7)
    subprocess.run(arguments.command, check=True, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not served(load, arguments.new_host) and time.monotonic() < deadline:
        time.sleep(0.02)
    swapped = served(load, arguments.new_host)
    time.sleep(0.5)
    load.stop.set()
    for worker in workers:
        worker.join()
    print(f"  {load.answered} requests answered on {load.connections} connections, {load.lost} lost; "
          f"{arguments.new_host} is {'served' if swapped else 'NOT served'}")
    sys.exit(0 if swapped and load.lost == 0 else 1)


main()
