"""Caddy, as tests/engines pins and builds it. Its hosts share one upstream by a named route, its way to hold many."""

import json
import os
import subprocess

from harness import machine, where
from harness.world import PROBE, PROXY_PORTS, UPSTREAM_PORT

NAME = "caddy"
PORT = PROXY_PORTS[NAME]
RATE, PROBES, WAIT = 50, 4, 25  # of the swap; at 10,000 hosts it carries no more
ADMIN = 18183
_INSTALL = os.path.join(machine.PROJECT, "tests", "engines", "install")


def _program():
    found = subprocess.run([_INSTALL, "--where", "caddy"], capture_output=True, text=True)
    return os.path.join(found.stdout.strip(), "caddy")


def fetch():
    subprocess.run([_INSTALL, "caddy"])


def missing():
    return None if os.access(_program(), os.X_OK) else "tests/engines/install caddy could not build it (see above)"


def version():
    with open(os.path.join(machine.PROJECT, "tests", "engines", "caddy", "go.mod")) as module:
        for line in module:
            words = line.split()
            if "github.com/caddyserver/caddy/v2" in words:
                return "caddy " + words[words.index("github.com/caddyserver/caddy/v2") + 1]
    return "caddy"


def log(world):
    return world.file("caddy.log")


def configure(world):
    routes = [{"match": [{"host": [name]}], "handle": [{"handler": "invoke", "name": "web"}], "terminal": True}
              for name in world.names()]
    if world.answer is not None:
        routes.append({"match": [{"host": [PROBE]}], "terminal": True,
                       "handle": [{"handler": "static_response", "status_code": 200, "body": world.answer}]})
    routes.append({"handle": [{"handler": "static_response", "status_code": 404}]})
    proxy = {"handler": "reverse_proxy", "upstreams": [{"dial": f"127.0.0.1:{UPSTREAM_PORT}"}],
             "transport": {"protocol": "http", "keep_alive": {"max_idle_conns_per_host": 256}, "compression": False}}
    config = {
        "admin": {"listen": f"127.0.0.1:{ADMIN}", "config": {"persist": False}},
        "logging": {"logs": {"default": {"exclude": ["http.log.access"], "level": "WARN"},
                             "access": {"include": ["http.log.access"], "encoder": {"format": "json"},
                                        "writer": {"output": "file", "filename": log(world), "roll": False}}}},
        "apps": {"http": {"servers": {"in": {
            "listen": [f"127.0.0.1:{PORT}"], "automatic_https": {"disable": True}, "logs": {},
            "named_routes": {"web": {"handle": [proxy]}}, "routes": routes}}}},
    }
    path = world.file("caddy.json")
    with open(path + ".new", "w") as file:
        json.dump(config, file)
    return path + ".new", path


def argv(world):
    return [_program(), "run", "--config", world.file("caddy.json")]


def environment(world):
    return {"GOMAXPROCS": str(world.workers), "HOME": world.folder, "XDG_CONFIG_HOME": world.folder,
            "XDG_DATA_HOME": world.folder}


def stdout(world):
    return None


def swap(world, pid):
    return ["--run", f"curl -sSf -X POST -H Content-Type:application/json --data-binary @{world.file('caddy.json')} "
                     f"http://127.0.0.1:{ADMIN}/load"]


def three_routes(count, folder):
    path = os.path.join(folder, f"Caddyfile-{count}")
    with open(path, "w") as file:
        file.write("{\n\tauto_https off\n}\n")
        for i in range(count):
            file.write(f"http://h{i}.bench.example {{\n\treverse_proxy /api/* 10.0.0.5:8000 10.0.0.6:8000\n"
                       "\trespond /healthz ok 200\n\treverse_proxy 10.0.0.7:8080\n}\n")
    return [(NAME + " adapt", [_program(), "adapt", "--config", path, "--adapter", "caddyfile"], path)]
