"""h1: CPU a proxied HTTP/1.1 request costs, 1 host and 10,000 hosts, all proxies up at once and asked in turn.

Equal work, looked at before anything is measured: the upstream sees X-Forwarded-For, -Proto and -Host and the
client's Host; its connections are kept alive; an access log of one JSON object a request goes to a file. One worker,
loop or thread each, on a core of its own; wrk and the upstream share the rest.
"""

import json
import os
import re
import shutil
import subprocess
import time

from harness import machine, peers, process, report
from harness.ask import ask
from harness.world import UPSTREAM_PORT, World, host_name

CONNECTIONS = 64
HERE = os.path.dirname(os.path.abspath(__file__))


def unequal(peer, world):
    """What the proxy does not do that the others do, or None."""
    for host in {host_name(0), host_name(world.hosts - 1)}:
        status, seen = ask(peer.PORT, host, "/echo")
        if status != 200:
            return f"{host} is answered {status}"
        for line in (r"X-Forwarded-For: 127\.0\.0\.1", "X-Forwarded-Proto: http", f"X-Forwarded-Host: {re.escape(host)}",
                     f"Host: {re.escape(host)}"):
            if not re.search(f"^{line}\r$", seen, re.I | re.M):
                return f"its upstream does not see `{line}`"
        if re.search("^connection: *close\r$", seen, re.I | re.M):
            return "it does not keep its upstream's connections"
    if ask(peer.PORT, "unknown.bench.example")[0] not in (404, 421):
        return "it answers a host that it does not have"
    return None


def log_is_equal(peer, world):
    """Its access log says, of a request that it answered, what the others' say."""
    try:
        with open(peer.log(world), "rb") as file:
            lines = file.read(1 << 20).decode(errors="replace").splitlines()[:-1]
    except OSError:
        lines = []
    asked = [line for line in lines if "4711" in line and re.search('"status": ?200', line)]
    if not asked:
        return "it writes no access log"
    line = asked[len(asked) // 2]
    try:
        text = json.dumps(json.loads(line))
    except ValueError:
        return f"its access log is not JSON: {line[:200]}"
    for wanted in ("127.0.0.1", "GET", ".bench.example"):
        if wanted not in text:
            return f"its access log does not say {wanted}: {line}"
    return None


def load(peer, world, seconds, cores):
    argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "10s", "-s",
            os.path.join(HERE, "client.lua"), f"http://127.0.0.1:{peer.PORT}", "--", str(world.hosts)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds + 60,
                          preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None)
    for line in done.stdout.splitlines():
        if line.startswith('{"requests"'):
            return json.loads(line)
    raise RuntimeError(f"wrk says nothing: {(done.stdout + done.stderr).strip()[-400:]}")


def syscalls(peer, pid, world, cores):
    """System calls a request, counted by perf apart from the measurements; None where perf cannot."""
    if not shutil.which("perf"):
        return None
    pids = ",".join(str(member) for member in process.family(pid))
    counter = subprocess.Popen(["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p", pids],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(0.3)
    measured = load(peer, world, 1, cores)
    counter.send_signal(2)
    words = counter.communicate(timeout=10)[1]
    found = re.search(r"^(\d+),", words, re.M)
    return int(found.group(1)) / measured["requests"] if found and measured["requests"] else None


def measure(peer, pid, world, seconds, cores):
    os.truncate(peer.log(world), 0)  # every round writes into an empty file, so that the disk does not fill
    before, began = process.cpu_seconds(pid), time.monotonic()
    wrk = load(peer, world, seconds, cores)
    wall = time.monotonic() - began
    used = process.cpu_seconds(pid) - before
    wrong = sum(wrk[kind] for kind in ("connect", "read", "write", "status", "timeout"))
    return {"us": used * 1e6 / max(1, wrk["requests"]), "per_second": wrk["requests"] / wrk["seconds"],
            "busy": used / wall, "p50_us": wrk["p50_us"], "p99_us": wrk["p99_us"], "errors": wrong}


def start(wanted, world, core):
    """Every proxy that can be had, configured alike and seen to work alike; the others with the reason."""
    running, failed = {}, {}
    for peer in peers.available(wanted):
        try:
            os.replace(*peer.configure(world))
            one = process.Process(peer.NAME, peer.argv(world), world.folder, peer.environment(world), core,
                                  peer.stdout(world))
            one.wait_ready(lambda: ask(peer.PORT, host_name(0))[0] == 200, 120)
            why = unequal(peer, world)
            if why:
                one.stop()
                raise RuntimeError(f"unequal work: {why}")
            running[peer] = one
        except (RuntimeError, OSError) as error:
            failed[peer.NAME] = str(error)
    return running, failed


def one_size(hosts, rounds, seconds, wanted, scratch):
    world = World(hosts, os.path.join(scratch, str(hosts)))
    os.makedirs(world.folder)
    os.chmod(world.folder, 0o777)
    core, others = machine.cores()
    upstream = process.Process("upstream", [os.path.join(os.environ["SLUICE_BENCH_BUILD"], "responder"),
                                            str(UPSTREAM_PORT)], world.folder, cores=others)
    upstream.wait_ready(lambda: ask(UPSTREAM_PORT, "x", "/echo")[0] == 200)
    running, failed = start(wanted, world, core)
    results = {peer.NAME: {"rounds": []} for peer in running}
    for peer, one in running.items():  # warm, and look at the log that it made
        load(peer, world, 1, others)
        time.sleep(1.2)
        why = log_is_equal(peer, world)
        if why:
            results[peer.NAME]["unequal"] = why
        results[peer.NAME]["syscalls"] = syscalls(peer, one.pid, world, others)
    for _ in range(rounds):
        for peer, one in running.items():
            if one.alive():
                results[peer.NAME]["rounds"].append(measure(peer, one.pid, world, seconds, others))
            else:
                failed[peer.NAME] = f"it ended under load: {one.last_words()}"
    for peer, one in running.items():
        results[peer.NAME]["memory"] = process.memory(process.family(one.pid))
    process.stop_all()
    return summary(hosts, results, failed)


def summary(hosts, results, failed):
    for found in results.values():
        found["us"] = report.median([one["us"] for one in found["rounds"]])
        found["per_second"] = report.median([one["per_second"] for one in found["rounds"]])
    ours = results.get("sluiced", {}).get("us")
    others = {name: found["us"] for name, found in results.items() if name != "sluiced" and found["us"]}
    rows = []
    for name, found in results.items():
        each = found["rounds"]
        if not each:
            continue
        calls = found["syscalls"]
        rows.append([name, f"{found['us']:.1f}", report.span([one["us"] for one in each]),
                     f"{found['per_second']:,.0f}", f"{report.median([one['busy'] for one in each]):.2f}",
                     f"{calls:.1f}" if calls else "-", f"{report.median([one['p99_us'] for one in each]):.0f}",
                     sum(one["errors"] for one in each), f"{found['memory'] / 1e6:.0f}", report.ratio(found["us"], ours)])
    report.table(f"h1: a proxied request, {hosts:,} host{'s' if hosts > 1 else ''}, {CONNECTIONS} connections",
                 ["proxy", "µs CPU", "best–worst", "requests/s", "cores", "syscalls", "p99 µs", "errors", "MB",
                  "of sluiced"], rows)
    for name, found in results.items():
        if "unequal" in found:
            report.note(f"{name}: UNEQUAL WORK: {found['unequal']}")
    for name, why in failed.items():
        report.note(f"{name}: FAILED: {why}")
    verdict = None
    if ours and others:
        best = min(others, key=others.get)
        verdict = {"best_peer": best, "sluiced_of_best": ours / others[best]}
        report.note(f"sluiced takes {ours / others[best]:.2f} of the best peer, {best} (goal: 0.90 or less)")
    return {"hosts": hosts, "proxies": results, "failed": failed, "verdict": verdict}


def run(chosen, wanted, scratch):
    rounds, seconds = (2, 1) if chosen.quick else (5, 4)
    rounds, seconds = chosen.rounds or rounds, chosen.seconds or seconds
    sizes = [int(size) for size in (chosen.hosts or "1,10000").split(",")]
    about = machine.describe()
    versions = {peer.NAME: peer.version() for peer in peers.available(wanted)}
    report.note("; ".join(f"{name}: {version}" for name, version in versions.items()))
    results = [one_size(size, rounds, seconds, wanted, scratch) for size in sizes]
    report.write("h1", {"machine": about, "versions": versions, "rounds": rounds, "seconds": seconds,
                        "connections": CONNECTIONS, "sizes": results})
    return 1 if any("sluiced" in result["failed"] for result in results) else 0
