"""The one situation that every proxy is configured for: names, an upstream, and what it owes each request."""

import dataclasses
import os

PROXY_PORTS = {"sluiced": 18080, "nginx": 18081, "haproxy": 18082, "caddy": 18083, "envoy": 18084}
UPSTREAM_PORT = 18090
PROBE = "probe.bench.example"  # a host whose answer tells one generation of a configuration from the next


@dataclasses.dataclass
class World:
    hosts: int
    folder: str
    workers: int = 1
    answer: str | None = None  # what PROBE answers by itself; None: there is no PROBE
    fresh: int = 0  # further hosts, for the next generation

    def names(self):
        return [host_name(i) for i in range(self.hosts + self.fresh)]

    def file(self, name):
        return os.path.join(self.folder, name)


def host_name(index):
    return f"h{index}.bench.example"
