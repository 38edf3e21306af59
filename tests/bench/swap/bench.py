"""swap: a table of 10,000 hosts is replaced by the next one while requests run.

The next generation has one host more and answers PROBE differently. Measured by swap/load.cpp, from the rename of
the new file until the last of 32 connections, spread over all loops or workers, is answered by it for good; requests
lost meanwhile; memory before, at its peak and after (proportional set size: shared pages count once). Beside ours the
reloads of others, each begun as its operator begins it once the new file is in place. They read their text then, and
`sluice compile` did so before: its time is shown, and added in the last column.
"""

import json
import os
import subprocess
import threading
import time

from harness import ask, machine, peers, process, report
from harness.world import PROBE, UPSTREAM_PORT, World, host_name

HOSTS = 10_000
CONNECTIONS = 64
OLD, NEW = "generation one", "generation two"


class Memory(threading.Thread):
    """Looks at a family of processes every 20 ms."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.seen, self.over = pid, [], threading.Event()

    def run(self):
        while not self.over.wait(0.02):
            self.seen.append(process.memory(process.family(self.pid)))

    def end(self):
        self.over.set()
        self.join()
        return max(self.seen)


def once(peer, scratch, number):
    folder = os.path.join(scratch, f"{peer.NAME}-{number}")
    os.makedirs(folder)
    os.chmod(folder, 0o777)
    workers = len(os.sched_getaffinity(0))
    os.replace(*peer.configure(World(HOSTS, folder, workers, OLD)))
    world = World(HOSTS, folder, workers, NEW, fresh=1)
    one = process.Process(peer.NAME, peer.argv(world), folder, peer.environment(world), None, peer.stdout(world))
    try:
        one.wait_ready(lambda: ask.ask(peer.PORT, PROBE) == (200, OLD), 120)
        began = time.perf_counter()
        fresh, place = peer.configure(world)
        written = time.perf_counter() - began
        argv = [os.path.join(os.environ["SLUICE_BENCH_BUILD"], "load"), "--port", str(peer.PORT), "--hosts", str(HOSTS),
                "--fresh", host_name(HOSTS), "--probe", PROBE, "--old", OLD, "--new", NEW,
                "--connections", str(CONNECTIONS), "--probes", str(peer.PROBES), "--rate", str(peer.RATE), "--before", "2",
                "--after", str(peer.WAIT), "--rename", fresh, place, *peer.swap(world, one.pid)]
        load = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(1.8)
        before = process.memory(process.family(one.pid))
        memory = Memory(one.pid)
        memory.start()
        said, words = load.communicate(timeout=180)
        peak = memory.end()
        if load.returncode != 0:
            raise RuntimeError(f"load ended with {load.returncode}: {words.strip()}")
        if not one.alive():
            raise RuntimeError(f"it ended: {one.last_words()}")
        found = json.loads(said)
        found.update(before_bytes=before, peak_bytes=peak, after_bytes=process.memory(process.family(one.pid)),
                     written_ms=written * 1e3)
        if found["command_status"] != 0:
            raise RuntimeError(f"its reload failed: {words.strip() or one.last_words()}")
        if found["never_new"] or found["fresh_ms"] < 0:
            raise RuntimeError(f"{found['never_new']} of {peer.PROBES} connections never saw the new table")
        return found
    finally:
        one.stop()


def run(chosen, wanted, scratch):
    rounds = chosen.rounds or (1 if chosen.quick else 3)
    about = machine.describe()
    there = [peer for peer in peers.available(wanted) if peer.swap]
    upstream = process.Process("upstream", [os.path.join(os.environ["SLUICE_BENCH_BUILD"], "responder"),
                                            str(UPSTREAM_PORT)], scratch)
    upstream.wait_ready(lambda: ask.ask(UPSTREAM_PORT, "x")[0] == 200)
    results, failed = {peer.NAME: [] for peer in there}, {}
    for number in range(rounds):
        for peer in there:
            if peer.NAME in failed:
                continue
            try:
                results[peer.NAME].append(once(peer, scratch, number))
            except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
                failed[peer.NAME] = str(error)
    show(results, failed)
    report.write("swap", {"machine": about, "versions": {peer.NAME: peer.version() for peer in there},
                          "hosts": HOSTS, "rates": {peer.NAME: peer.RATE for peer in there}, "rounds": rounds, "results": results, "failed": failed})
    lost = sum(one["lost"] for one in results.get("sluiced", []))
    return 1 if "sluiced" in failed or lost else 0


def show(results, failed):
    def middle(name, key):
        return report.median([one[key] for one in results[name]])

    ours = middle("sluiced", "all_new_ms") if results.get("sluiced") else None
    rows = []
    for name, each in results.items():
        if not each:
            continue
        swap = middle(name, "all_new_ms")
        before = middle(name, "before_bytes")
        rows.append([name, f"{swap:,.1f}", report.span([one["all_new_ms"] for one in each]),
                     sum(one["lost"] for one in each), f"{sum(one['answered'] for one in each):,}",
                     f"{middle(name, 'swap_p99_ms'):.1f}", f"{middle(name, 'swap_max_ms'):.0f}", f"{before / 1e6:.0f}",
                     f"{middle(name, 'peak_bytes') / 1e6:.0f}", f"{middle(name, 'after_bytes') / 1e6:.0f}",
                     report.ratio(middle(name, "peak_bytes"), before), report.ratio(swap, ours),
                     f"{swap + (middle(name, 'written_ms') if name == 'sluiced' else 0):,.0f}"])
    report.table(f"swap: {HOSTS:,} hosts replaced by {HOSTS + 1:,} under load",
                 ["proxy", "ms to last", "best–worst", "lost", "answered", "p99 ms", "worst ms", "MB", "peak", "after",
                  "peak/MB", "of sluiced", "text to served ms"], rows)
    for name, each in results.items():
        reasons = {}
        for one in each:
            for why, count in one["reasons"].items():
                reasons[why] = reasons.get(why, 0) + count
        if reasons:
            report.note(f"{name} lost: " + ", ".join(f"{why} {count}" for why, count in reasons.items()))
        if any(one["old_after_new"] for one in each):
            report.note(f"{name}: a connection was answered by the old table after the new one")
    for name, why in failed.items():
        report.note(f"{name}: FAILED: {why}")
    if ours is not None:
        report.note(f"sluiced: {ours:.1f} ms from the file to the last loop (goal: 20)")
