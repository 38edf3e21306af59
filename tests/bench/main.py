"""run [OPTION…] [NAME…]: benchmarks of Sluice beside the best of the field. NAME: h1 swap compile (default: all)."""

import argparse
import importlib.util
import os
import signal
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from harness import peers, process  # noqa: E402

NAMES = ("h1", "swap", "compile")


def load(name):
    spec = importlib.util.spec_from_file_location(f"bench_{name}", os.path.join(HERE, name, "bench.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def options():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="two short rounds: does it all work?")
    parser.add_argument("--rounds", type=int, help="rounds (each measures every proxy once); the median counts")
    parser.add_argument("--seconds", type=float, help="h1: seconds a measurement takes")
    parser.add_argument("--only", help="the programs to measure, with commas: sluiced,nginx,haproxy,caddy,envoy")
    parser.add_argument("--hosts", help="h1: numbers of hosts, with commas (1,10000)")
    parser.add_argument("--keep", metavar="DIR", help="leave configurations and logs in DIR")
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark is named {unknown[0]} (there are: {' '.join(NAMES)})")
    unknown = [name for name in (chosen.only or "").split(",") if name and name not in peers.NAMES]
    if unknown:
        parser.error(f"no program is named {unknown[0]} (there are: {' '.join(peers.NAMES)})")
    return chosen


def main():
    chosen = options()
    wanted = chosen.only.split(",") if chosen.only else list(peers.NAMES)
    if chosen.prepare:  # before the namespace closes: the last moment with a network
        peers.prepare(wanted)
        return 0
    # An end by a signal is an end like any other: what was started is stopped.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    failed = 0
    for name in chosen.names or NAMES:
        with tempfile.TemporaryDirectory(prefix="sluice-bench-") as scratch:
            if chosen.keep:
                scratch = os.path.join(os.path.abspath(chosen.keep), name)
                os.makedirs(scratch, exist_ok=True)
            os.chmod(scratch, 0o755)  # nginx's worker gives up root and must still get here
            try:
                failed += load(name).run(chosen, wanted, scratch)
            finally:
                process.stop_all()
    return 1 if failed else 0


sys.exit(main())
