"""The programs measured, each with what it takes to have it, to configure it alike, and to start it."""

import sys

from harness import caddy, envoy, haproxy, nginx, sluiced

_ALL = {module.NAME: module for module in (sluiced, nginx, haproxy, caddy, envoy)}
NAMES = tuple(_ALL)


def get(name):
    return _ALL[name]


def prepare(wanted):
    """Builds or fetches what can be had; what cannot be had is said by `missing` later."""
    for name in wanted:
        fetch = getattr(_ALL[name], "fetch", None)
        if fetch:
            fetch()


def available(wanted):
    """The programs that are there; of each other one a line says why it is left out."""
    there = []
    for name in wanted:
        why = _ALL[name].missing()
        if why:
            print(f"bench: {name} is left out: {why}", file=sys.stderr)
        else:
            there.append(_ALL[name])
    return there
