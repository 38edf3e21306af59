"""nginx, as Debian has it."""

import os
import signal

from harness import machine, where
from harness.world import PROBE, PROXY_PORTS, UPSTREAM_PORT

NAME = "nginx"
PORT = PROXY_PORTS[NAME]
RATE, PROBES, WAIT = 8000, 32, 8  # of the swap: requests a second, eyes, and seconds it may take


def missing():
    return None if where.has("nginx") else "the Debian package nginx cannot be had"


def version():
    return machine.said([where.has("nginx"), "-v"])


def log(world):
    return world.file("nginx.log")


def _head(world):
    return f"""daemon off;
user root;  # of the namespace, which may be an ordinary user
pid {world.file("nginx.pid")};
error_log {world.file("nginx.error.log")} warn;
worker_processes {world.workers};
worker_rlimit_nofile 65536;
events {{ worker_connections 8192; }}
"""


def _http(world, servers):
    temporary = "\n".join(f"  {kind}_temp_path {world.file('nginx.' + kind)};"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"""http {{
{temporary}
  server_tokens off;
  server_names_hash_max_size 1048576;
  server_names_hash_bucket_size 128;
  keepalive_requests 1000000000;
  log_format json escape=json '{{"time":"$time_iso8601","client":"$remote_addr","scheme":"$scheme",'
    '"method":"$request_method","host":"$host","path":"$uri","status":$status,"bytes":$bytes_sent,'
    '"duration":$request_time,"upstream":"$upstream_addr","upstream_time":"$upstream_header_time",'
    '"route":"$server_name"}}';
  access_log {log(world)} json buffer=64k flush=1s;
  upstream web {{
    server 127.0.0.1:{UPSTREAM_PORT};
    keepalive 256;
    keepalive_requests 1000000000;
  }}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Host $host;
{servers}}}
"""


def configure(world):
    servers = [f"  server {{ listen 127.0.0.1:{PORT} default_server; return 404; }}"]
    servers += [f"  server {{ listen 127.0.0.1:{PORT}; server_name {name}; location / {{ proxy_pass http://web; }} }}"
                for name in world.names()]
    if world.answer is not None:
        servers.append(f"  server {{ listen 127.0.0.1:{PORT}; server_name {PROBE}; "
                       f"location / {{ return 200 \"{world.answer}\"; }} }}")
    path = world.file("nginx.conf")
    with open(path + ".new", "w") as file:
        file.write(_head(world) + _http(world, "\n".join(servers) + "\n"))
    return path + ".new", path


def argv(world):
    return [where.has("nginx"), "-p", world.folder, "-e", world.file("nginx.error.log"), "-c", world.file("nginx.conf")]


def environment(world):
    return {}


def stdout(world):
    return None


def swap(world, pid):
    """How its operator brings in a new configuration, after the file is in its place."""
    return ["--signal", str(pid), str(int(signal.SIGHUP))]


def three_routes(count, folder):
    """10,000 hosts × 3 routes, written as its users write them, and the command that reads it."""
    path = os.path.join(folder, f"nginx-{count}.conf")
    with open(path, "w") as file:
        file.write(f"pid {folder}/nginx.pid;\nerror_log stderr error;\nevents {{}}\nhttp {{\n  access_log off;\n"
                   "  server_names_hash_max_size 1048576;\n  server_names_hash_bucket_size 128;\n"
                   "  upstream api { server 10.0.0.5:8000; server 10.0.0.6:8000; }\n"
                   "  upstream web { server 10.0.0.7:8080; }\n")
        for i in range(count):
            file.write(f"  server {{\n    listen 127.0.0.1:18099;\n    server_name h{i}.bench.example;\n"
                       "    location /api/ { proxy_pass http://api; }\n"
                       "    location = /healthz { return 200 \"ok\"; }\n"
                       "    location / { proxy_pass http://web; }\n  }\n")
        file.write("}\n")
    return [(NAME + " -t", [where.has("nginx"), "-p", folder, "-e", "stderr", "-t", "-q", "-c", path], path)]
