"""Ours: a source, compiled for one site, served by sluiced."""

import os
import subprocess

from harness import machine
from harness.world import PROBE, PROXY_PORTS, UPSTREAM_PORT

NAME = "sluiced"
PORT = PROXY_PORTS[NAME]
RATE, PROBES, WAIT = 8000, 32, 8  # of the swap: requests a second, eyes, and seconds it may take


def sluice():
    return os.environ.get("SLUICE_BIN") or os.path.join(machine.PROJECT, "build", "release", "bin", "sluice")


def sluiced():
    return os.environ.get("SLUICED_BIN") or os.path.join(machine.PROJECT, "build", "release", "bin", "sluiced")


def missing():
    for program in (sluice(), sluiced()):
        if not os.access(program, os.X_OK):
            return f"{program} is not built"
    return None


def version():
    return machine.said([sluiced(), "--version"]) or "sluiced"


def log(world):
    return world.file("sluiced.log")


def source(world):
    """One zone, a host a line."""
    lines = ["edition 2026", "", f"upstream web {{ address 127.0.0.1:{UPSTREAM_PORT} }}", "", "zone bench.example {",
             "  tls off"]
    lines += [f"  {name.split('.')[0]} -> web" for name in world.names()]
    if world.answer is not None:
        lines.append(f"  {PROBE.split('.')[0]} -> respond 200 \"{world.answer}\"")
    lines += ["}", "", "site edge {", "  target table", f"  listen http {PORT}", "}", ""]
    return "\n".join(lines)


def configure(world):
    with open(world.file("bench.sluice"), "w") as file:
        file.write(source(world))
    out = world.file("sluiced.out")
    done = subprocess.run([sluice(), "compile", world.file("bench.sluice"), "--site", "edge", "-o", out],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"sluice compile ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-600:]}")
    tables = [os.path.join(at, name) for at, _, names in os.walk(out) for name in names if name.endswith(".slt")]
    if len(tables) != 1:
        raise RuntimeError(f"sluice compile wrote {len(tables)} tables, not one")
    path = world.file("edge.slt")
    os.replace(tables[0], path + ".new")
    return path + ".new", path


def argv(world):
    return [sluiced(), world.file("edge.slt"), "--access-log", log(world), "--loops", str(world.workers)]


def environment(world):
    return {}


def stdout(world):
    return None


def swap(world, pid):
    return []  # replacing the file is all


def hosts_source(count, routes):
    """`count` hosts, each in a block of its own with three routes (or the first few)."""
    lines = ["edition 2026", "", "upstream api { address 10.0.0.5:8000, 10.0.0.6:8000 }",
             "upstream web { address 10.0.0.7:8080 }", ""]
    written = ["  route /api -> api", "  route exact /healthz -> respond 200 \"ok\"", "  route / -> web"]
    for i in range(count):
        lines += [f"host h{i}.bench.example {{", "  tls off", *written[:routes], "}", ""]
    return "\n".join(lines + ["site edge {", "  target table", "  listen http 8080", "}", ""])


def three_routes(count, folder):
    path = os.path.join(folder, f"hosts-{count}.sluice")
    with open(path, "w") as file:
        file.write(hosts_source(count, 3))
    out = os.path.join(folder, f"out-{count}")
    return [("sluice compile", [sluice(), "compile", path, "--site", "edge", "-o", out], path)]
