"""HAProxy, as Debian has it: hosts in a map, which is how its users hold many."""

import os
import signal

from harness import machine, where
from harness.world import PROBE, PROXY_PORTS, UPSTREAM_PORT

NAME = "haproxy"
PORT = PROXY_PORTS[NAME]
RATE, PROBES, WAIT = 8000, 32, 8  # of the swap: requests a second, eyes, and seconds it may take


def missing():
    return None if where.has("haproxy") else "the Debian package haproxy cannot be had"


def version():
    return machine.said([where.has("haproxy"), "-v"])


def log(world):
    return world.file("haproxy.log")


def _config(world):
    fields = ('{"time":"%[date,ltime(%Y-%m-%dT%H:%M:%S%z)]","client":"%ci","scheme":"http","method":"%HM",'
              '"host":"%[capture.req.hdr(0),json(utf8s)]","path":"%[capture.req.uri,json(utf8s)]","status":%ST,'
              '"bytes":%B,"duration_ms":%Ta,"upstream":"%si:%sp","upstream_ms":%Tr,"route":"%b"}')
    quoted = fields.replace("\\", "\\\\").replace('"', '\\"')
    probe = "" if world.answer is None else (
        f'  http-request return status 200 content-type text/plain string "{world.answer}" if '
        f"{{ req.hdr(host) -i {PROBE} }}\n")
    return f"""global
  nbthread {world.workers}
  maxconn 8192
  log stdout format raw local0
defaults
  mode http
  log global
  option http-keep-alive
  http-reuse always
  timeout client 60s
  timeout server 60s
  timeout connect 5s
  timeout http-keep-alive 60s
frontend in
  bind 127.0.0.1:{PORT}
  declare capture request len 128
  http-request capture req.hdr(host) id 0
  log-format "{quoted}"
{probe}  option forwardfor
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  use_backend %[req.hdr(host),field(1,:),lower,map({world.file("haproxy.map")},none)]
backend none
  http-request return status 404
backend web
  server one 127.0.0.1:{UPSTREAM_PORT} maxconn 4096
"""


def configure(world):
    with open(world.file("haproxy.map"), "w") as file:
        file.writelines(f"{name} web\n" for name in world.names())
    path = world.file("haproxy.cfg")
    with open(path + ".new", "w") as file:
        file.write(_config(world))
    return path + ".new", path


def argv(world):
    # A reload is the master's business; without one there is no master to count.
    return [where.has("haproxy"), *(["-W"] if world.answer is not None else []), "-f", world.file("haproxy.cfg")]


def environment(world):
    return {}


def stdout(world):
    return log(world)  # it writes a log to a file by its standard output only


def swap(world, pid):
    return ["--signal", str(pid), str(int(signal.SIGUSR2))]


_BACKENDS = """backend api
  server one 10.0.0.5:8000
  server two 10.0.0.6:8000
backend web
  server one 10.0.0.7:8080
"""


def three_routes(count, folder):
    """Both ways in which its users write it: a rule a route, or a map."""
    top = "global\n  maxconn 1000\ndefaults\n  mode http\n  timeout client 60s\n  timeout server 60s\n  timeout connect 5s\n"
    front = "frontend in\n  bind 127.0.0.1:18099\n"
    rules, mapped = os.path.join(folder, f"haproxy-rules-{count}.cfg"), os.path.join(folder, f"haproxy-map-{count}.cfg")
    with open(rules, "w") as file:
        file.write(top + front)
        for i in range(count):
            host = f"{{ req.hdr(host) -i h{i}.bench.example }}"
            file.write(f'  http-request return status 200 content-type text/plain string "ok" if {host} {{ path /healthz }}\n'
                       )
        for i in range(count):
            host = f"{{ req.hdr(host) -i h{i}.bench.example }}"
            file.write(f"  use_backend api if {host} {{ path_beg /api/ }}\n  use_backend web if {host}\n")
        file.write(_BACKENDS)
    table = os.path.join(folder, f"haproxy-{count}.map")
    with open(table, "w") as file:
        for i in range(count):
            file.write(f"h{i}.bench.example/api/ api\nh{i}.bench.example/healthz ok\nh{i}.bench.example/ web\n")
    with open(mapped, "w") as file:
        file.write(top + front + f"  use_backend %[base,map_beg({table},none)]\n" + _BACKENDS +
                   'backend ok\n  http-request return status 200 content-type text/plain string "ok"\n'
                   "backend none\n  http-request return status 404\n")
    program = where.has("haproxy")
    return [(NAME + " -c, rules", [program, "-c", "-q", "-f", rules], rules),
            (NAME + " -c, map", [program, "-c", "-q", "-f", mapped], table)]
