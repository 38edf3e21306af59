"""The real Traefik, started from the emitted Helm values and reading the emitted objects from the API server."""

import json
import os
import sys
import time
import urllib.error
import urllib.request

from . import chart, engines, space
from .artifacts import chart_of, values_of
from .ask import listening
from .process import Process, wait_until

API_PORT = 8080


class Traefik:
    """`address` is where the outside reaches it; a NodePort is played by a relay in front (harness/relay.py)."""

    def __init__(self, cluster, site, address, node="10.42.0.1"):
        self.cluster = cluster
        self.address = space.own(address)
        self.node = space.own(node)
        found = values_of(site)
        if len(found) != 1:
            raise RuntimeError(f"{site} has {len(found)} sets of Helm values, one was looked for")
        _, _, self.values = found[0]
        self.flags = [self._at_home(flag) for flag in chart.command_line(self.values, chart_of(site) or chart.NEWEST)]
        # To see its routers, and to have it take up a change at once instead of every two seconds.
        self.added = ["--api.insecure=true", "--providers.providersThrottleDuration=100ms"]
        self.processes = []
        outside, inside = chart.exposed(self.values), chart.listens(self.values)
        self.ports = {name: outside[name] for name in outside}
        self.relayed = {name: (outside[name], inside[name]) for name in outside if outside[name] != inside[name]}

    def _at_home(self, flag):
        """In a pod `:8000` is the pod's own address; here many share one network, so the address is written out."""
        return flag.replace(".address=:", f".address={self.address}:")

    def at(self):
        """(address, http port, https port) for `ask`."""
        return self.address, self.ports.get("web", 80), self.ports.get("websecure", 443)

    def start(self):
        main = Process("traefik", [engines.program("traefik"), *self.flags, *self.added],
                       env={"KUBECONFIG": self.cluster.kubeconfig})
        self.processes.append(main)
        main.wait_ready(lambda: listening(self.address, API_PORT))
        relay = os.path.join(os.path.dirname(os.path.abspath(__file__)), "relay.py")
        for name, (outside, inside) in self.relayed.items():
            self.processes.append(Process(f"nodeport-{name}", [sys.executable, relay, f"{self.address}:{outside}",
                                                               f"{self.address}:{inside}", self.node]))
            wait_until(lambda port=outside: listening(self.address, port), 20, f"NodePort {outside} is not open")
        return self

    def stop(self):
        for process in reversed(self.processes):
            process.stop()

    def routers(self):
        """The routers made from Kubernetes objects, as Traefik's own API tells them."""
        url = f"http://{self.address}:{API_PORT}/api/http/routers?per_page=1000"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return [router for router in json.load(answer) if router.get("provider", "").startswith("kubernetes")]
        except urllib.error.HTTPError:       # until the first configuration is loaded its own API is a 404 too
            return []

    def settle(self, quiet=1.5, seconds=30):
        """Waits until the set of routers has not changed for a while, which is when all objects were read."""
        end = time.monotonic() + seconds
        last, since = None, time.monotonic()
        while time.monotonic() < end:
            now = sorted((router["name"], router["status"]) for router in self.routers())
            if now != last:
                last, since = now, time.monotonic()
            elif now and time.monotonic() - since > quiet:
                return self.routers()
            time.sleep(0.1)
        raise RuntimeError(f"Traefik has no settled routers after {seconds} s: {last}")

    def healed(self):
        """Waits until no router is broken any more."""
        wait_until(lambda: all(router["status"] == "enabled" for router in self.routers()), 15, "Traefik's routers stay broken")

    def watch_without(self, ask_all, after=0.7, seconds=8):
        """Asks again and again, from before Traefik notices that an object is gone until a while after.

        Answers (all answers, whether some router was seen to be broken).
        """
        answers, noticed, end = [], None, time.monotonic() + seconds
        while time.monotonic() < (noticed + after if noticed else end):
            answers += ask_all()
            if noticed is None and any(router["status"] != "enabled" for router in self.routers()):
                noticed = time.monotonic()
        return answers, noticed is not None
