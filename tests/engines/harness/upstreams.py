"""Upstreams that say who they are: as Kubernetes Services with hand-written endpoints, and as names in /etc/hosts."""

import os
import sys

from . import space
from .ask import listening
from .process import Process


class Upstreams:
    """`services` is a list of (namespace, name, port); each gets an address of its own and the label NS/NAME:PORT.

    Where a name is in `silent`, everything is there but somebody who listens.
    """

    def __init__(self, services, silent=()):
        self.services = sorted(set(services))
        self.silent = set(silent)
        addresses = {}
        for namespace, name, _ in self.services:
            addresses.setdefault((namespace, name), f"10.77.1.{len(addresses) + 1}")
        self.addresses = addresses

    def start(self):
        places = []
        for namespace, name, port in self.services:
            address = space.own(self.addresses[namespace, name])
            if name not in self.silent:
                places.append(f"{namespace}/{name}:{port}={address}:{port}")
        for (_, name), address in self.addresses.items():
            space.name(name, address)
        echo = os.path.join(os.path.dirname(os.path.abspath(__file__)), "echo.py")
        self.process = Process("upstreams", [sys.executable, echo, *places])
        last = places[-1].rsplit("=", 1)[1].rsplit(":", 1)
        self.process.wait_ready(lambda: listening(last[0], int(last[1])))
        return self

    def stop(self):
        self.process.stop()

    def objects(self):
        """The Services and EndpointSlices through which a controller finds them."""
        found = []
        for (namespace, name), address in sorted(self.addresses.items()):
            ports = [port for owner, service, port in self.services if (owner, service) == (namespace, name)]
            place = {"name": name, "namespace": namespace}
            found.append({"apiVersion": "v1", "kind": "Service", "metadata": place,
                          "spec": {"ports": [{"name": f"p{port}", "port": port, "targetPort": port} for port in ports]}})
            found.append({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
                          "metadata": dict(place, labels={"kubernetes.io/service-name": name}), "addressType": "IPv4",
                          "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
                          "ports": [{"name": f"p{port}", "port": port, "protocol": "TCP"} for port in ports]})
        return found
