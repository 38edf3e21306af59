#!/usr/bin/env python3
"""upstreams.py HOSTS_FILE: one small HTTP server for each of AKKO's services, on a loopback address of its
own and the service's own port, and a hosts file by which the proxy finds them by name. Each answers with its
name and with what reached it."""
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERVICES = {
    "akko-jupyterhub": 8000, "akko-superset": 8088, "akko-airflow-webserver": 8080, "akko-trino": 8080,
    "akko-spark": 8080, "akko-mlflow": 5000, "akko-litellm": 4000, "akko-openmetadata": 8585,
    "akko-prometheus": 9090, "akko-minio": 9001, "akko-loki": 3100, "akko-keycloak": 8080,
    "akko-alertmanager": 9093, "akko-mcp": 8000, "akko-mcp-catalog": 8000, "akko-tempo": 3200,
    "akko-whiteboard": 8080,
}


def handler(name):
    class Upstream(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes

        def do_GET(self):
            seen = self.headers
            body = (f"{name} saw {seen.get('Host')} over {seen.get('X-Forwarded-Proto')} "
                    f"from {seen.get('X-Forwarded-For')}").encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Upstream


def main():
    lines = []
    for number, (name, port) in enumerate(SERVICES.items(), 1):
        address = f"127.10.0.{number}"
        server = ThreadingHTTPServer((address, port), handler(name))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        lines.append(f"{address} {name}\n")
    temporary = sys.argv[1] + ".tmp"
    with open(temporary, "w", encoding="utf-8") as file:
        file.writelines(lines)
    os.rename(temporary, sys.argv[1])
    threading.Event().wait()


main()
