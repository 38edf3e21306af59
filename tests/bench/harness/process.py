"""Starts and stops what a benchmark runs, and reads what the kernel says they used."""

import os
import signal
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")
_running = []


class Process:
    """A program in a session of its own, with all its children; on `cores` when given."""

    def __init__(self, name, argv, folder, env=None, cores=None, stdout=None):
        self.name = name
        self.words = os.path.join(folder, f"{name}.words")
        out = open(stdout, "ab") if stdout else None
        with open(self.words, "wb") as words:
            self.child = subprocess.Popen(argv, stdout=out or words, stderr=words, stdin=subprocess.DEVNULL, cwd=folder,
                                          env=dict(os.environ, **(env or {})), start_new_session=True,
                                          preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None)
        if out:
            out.close()
        _running.append(self)

    @property
    def pid(self):
        return self.child.pid

    def alive(self):
        return self.child.poll() is None

    def last_words(self, lines=8):
        with open(self.words, errors="replace") as words:
            return "".join(words.readlines()[-lines:]).strip()

    def wait_ready(self, ready, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.alive():
                raise RuntimeError(f"{self.name} ended with {self.child.returncode}: {self.last_words()}")
            try:
                if ready():
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"{self.name} is not ready within {seconds} s: {self.last_words()}")

    def stop(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.child.pid, number)
            except ProcessLookupError:
                break
            try:
                self.child.wait(3)
            except subprocess.TimeoutExpired:
                continue
        if self in _running:
            _running.remove(self)


def stop_all():
    for running in list(_running):
        running.stop()


def family(pid):
    """The process and all below it."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    parents[int(entry)] = int(stat.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, fresh = {pid}, {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return sorted(found)


def cpu_seconds(pid):
    """utime + stime of the family, as /proc/PID/stat counts them."""
    ticks = 0
    for member in family(pid):
        try:
            with open(f"/proc/{member}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return ticks / TICK


def memory(pids):
    """Proportional set size in bytes: pages that several processes share count once."""
    total = 0
    for member in pids:
        try:
            with open(f"/proc/{member}/smaps_rollup") as rollup:
                for line in rollup:
                    if line.startswith("Pss:"):
                        total += int(line.split()[1]) * 1024
                        break
        except OSError:
            continue
    return total
