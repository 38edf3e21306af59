"""compile: from written text to what can be served, 10,000 hosts × 3 routes; whole processes, from start to exit.

Beside `sluice compile` (a table for sluiced) the readers of equal configurations: `caddy adapt`, `nginx -t`,
`haproxy -c`. They keep nothing, so a reload of theirs pays this again. `sluice` alone also at a tenth and at ten
times the size, to see that it is linear, and `sluice check` of 100 hosts, which is what an editor waits for.
"""

import os
import subprocess
import time

from harness import machine, peers, report, sluiced

SIZE = 10_000
LIMIT = 300


def run_once(argv, folder):
    """(seconds, CPU seconds, bytes at the peak), or RuntimeError with its last words."""
    words, peak = os.path.join(folder, "words"), os.path.join(folder, "peak")
    # The kernel counts what we occupy ourselves as our child's peak, so a smaller parent looks at that.
    argv = ["/usr/bin/time", "-q", "-f", "%M", "-o", peak, *argv]
    with open(words, "wb") as out:
        began = time.perf_counter()
        child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=out, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        with open(words, errors="replace") as said:
            raise RuntimeError(f"ended with {child.returncode}: {said.read().strip()[-400:]}")
    with open(peak) as said:
        return seconds, usage.ru_utime + usage.ru_stime, int(said.read()) * 1024


def measure(subjects, rounds, folder):
    """subjects: (what, argv, file). Interleaved; a subject that fails once is left out with its reason."""
    results, failed = {what: [] for what, _, _ in subjects}, {}
    for _ in range(rounds):
        for what, argv, _ in subjects:
            if what not in failed:
                try:
                    results[what].append(run_once(argv, folder))
                except (RuntimeError, OSError) as error:
                    failed[what] = str(error)
    found = {}
    for what, argv, file in subjects:
        if what not in failed:
            found[what] = {"seconds": report.median([one[0] for one in results[what]]),
                           "cpu_seconds": report.median([one[1] for one in results[what]]),
                           "bytes": report.median([one[2] for one in results[what]]),
                           "rounds": results[what], "input_bytes": os.path.getsize(file)}
    return found, failed


def show(title, found, failed, base, per=None):
    ours = found.get(base, {}).get("seconds")
    rows = [[what, f"{one['input_bytes'] / 1e6:.2f}", f"{one['seconds'] * 1e3:,.1f}",
             report.span([seconds * 1e3 for seconds, _, _ in one["rounds"]]),
             f"{one['cpu_seconds'] * 1e3:,.1f}", f"{one['bytes'] / 1e6:,.0f}",
             *([f"{one['seconds'] * 1e6 / per[what]:.2f}"] if per else []), report.ratio(one["seconds"], ours)]
            for what, one in found.items()]
    report.table(title, ["program", "input MB", "ms", "best–worst", "CPU ms", "peak MB", *(["µs a host"] if per else []),
                         f"of {base}"], rows)
    for what, why in failed.items():
        report.note(f"{what}: FAILED: {why}")


def run(chosen, wanted, scratch):
    rounds = chosen.rounds or (2 if chosen.quick else 5)
    about = machine.describe()
    there = peers.available(wanted)
    versions = {peer.NAME: peer.version() for peer in there}
    side = [subject for peer in there if peer.three_routes for subject in peer.three_routes(SIZE, scratch)]
    beside, failed = measure(side, rounds, scratch)
    show(f"compile: {SIZE:,} hosts × 3 routes, whole process", beside, failed, "sluice compile")

    result = {"machine": about, "versions": versions, "rounds": rounds, "hosts": SIZE, "beside": beside, "failed": failed}
    if sluiced in there:
        sizes, per = [], {}
        for count in (SIZE // 10, SIZE, *(() if chosen.quick else (SIZE * 10,))):
            _, argv, path = sluiced.three_routes(count, scratch)[0]
            sizes.append((f"{count:,} hosts", argv, path))
            per[f"{count:,} hosts"] = count
        linear, failed_sizes = measure(sizes, rounds, scratch)
        show("compile: sluice alone, is it linear?", linear, failed_sizes, f"{SIZE:,} hosts", per)
        small = os.path.join(scratch, "small.sluice")
        with open(small, "w") as file:
            file.write(sluiced.hosts_source(100, 3))
        check, failed_check = measure([("sluice check, 100 hosts", [sluiced.sluice(), "check", small], small)],
                                      rounds * 4, scratch)
        show("check: a source of 100 hosts × 3 routes", check, failed_check, "sluice check, 100 hosts")
        failed = {**failed, **failed_sizes, **failed_check}
        result.update(linear=linear, check=check, failed=failed)
        goals(beside, check)
    report.write("compile", result)
    return 1 if any(what.startswith(("sluice", "1")) for what in failed) else 0


def goals(beside, check):
    ours = beside.get("sluice compile")
    if ours:
        report.note(f"sluice compile: {ours['seconds'] * 1e3:.0f} ms, {ours['cpu_seconds'] * 1e3:.0f} of them CPU "
                    f"(goal: 250), {ours['bytes'] / 1e6:.0f} MB (goal: 200)")
    for one in check.values():
        report.note(f"sluice check: {one['seconds'] * 1e3:.1f} ms, {one['cpu_seconds'] * 1e3:.1f} of them CPU (goal: 15)")
