"""The real Caddy, serving an emitted Caddyfile with certificates from its own internal authority.

The Caddyfile is given to `caddy adapt` as it is. In the JSON that comes out, two things are changed and nothing
else: who issues (no public CA can be asked here), and that the authority's root is not put into the machine's trust store.
"""

import json
import os
import subprocess

from . import engines, space
from .ask import listening
from .process import Process, wait_until

CHANGED = ("changed in the adapted JSON, and nothing else: every certificate issuer became Caddy's internal one "
           "(no public CA can be asked here), and its root is not installed into the system")


class Caddy:
    def __init__(self, caddyfile, address):
        self.caddyfile = caddyfile
        self.address = space.own(address)
        self.home = os.path.join(space.folder(), "caddy")
        os.makedirs(self.home, exist_ok=True)
        self.root = os.path.join(self.home, "caddy/pki/authorities/local/root.crt")
        self.environment = {"XDG_DATA_HOME": self.home, "XDG_CONFIG_HOME": self.home}

    def at(self):
        return self.address, 80, 443

    def _run(self, *arguments):
        return subprocess.run([engines.program("caddy"), *arguments], capture_output=True, text=True,
                              cwd=os.path.dirname(self.caddyfile),
                              env=dict(os.environ, HOME=space.folder(), **self.environment))

    def validate(self):
        """What `caddy validate` says of the Caddyfile itself: None when it is content."""
        done = self._run("validate", "--adapter", "caddyfile", "--config", self.caddyfile)
        return None if done.returncode == 0 else done.stderr.strip().splitlines()[-1]

    def warnings(self):
        """What the adapter complains about, e.g. a file that `caddy fmt` would change."""
        done = self._run("adapt", "--adapter", "caddyfile", "--config", self.caddyfile)
        return [line for line in done.stderr.splitlines() if '"level":"warn"' in line or "WARN" in line.upper()]

    def adapted(self):
        done = self._run("adapt", "--adapter", "caddyfile", "--config", self.caddyfile)
        if done.returncode != 0:
            raise RuntimeError(f"caddy adapt: {done.stderr.strip()}")
        config = json.loads(done.stdout)
        apps = config.setdefault("apps", {})
        automation = apps.setdefault("tls", {}).setdefault("automation", {})
        policies = automation.setdefault("policies", [{}])
        for policy in policies:
            policy["issuers"] = [{"module": "internal"}]
        if all("subjects" in policy for policy in policies):
            policies.append({"issuers": [{"module": "internal"}]})
        apps.setdefault("pki", {}).setdefault("certificate_authorities", {}).setdefault("local", {})["install_trust"] = False
        return config

    def start(self):
        config = os.path.join(self.home, "config.json")
        with open(config, "w") as file:
            json.dump(self.adapted(), file)
        self.process = Process("caddy", [engines.program("caddy"), "run", "--config", config], env=self.environment,
                               cwd=os.path.dirname(self.caddyfile))
        self.process.wait_ready(lambda: listening(self.address, 443))
        wait_until(lambda: os.path.exists(self.root), 30, "Caddy has no internal authority")
        return self

    def wait_certificates(self, hosts):
        """Internal certificates are made at start, one after another: waits for the last."""
        for host in hosts:
            kept = host.replace("*", "wildcard_")
            path = os.path.join(self.home, "caddy/certificates/local", kept, f"{kept}.crt")
            self.process.wait_ready(lambda: os.path.exists(path), what=f"holding a certificate for {host}")

    def settle(self):
        """Waits for the certificate of every name that the configuration manages."""
        self.wait_certificates(managed_names(self.adapted()))

    def stop(self):
        self.process.stop()


def managed_names(config):
    """The host names that a server with TLS answers for."""
    names = set()
    for server in config["apps"]["http"]["servers"].values():
        if ":443" in server.get("listen", []):
            for route in server.get("routes", []):
                for match in route.get("match", []):
                    names.update(match.get("host", []))
    # Since 2.10 Caddy takes a wildcard's certificate for the names that it covers.
    return sorted(name for name in names if name.startswith("*") or "*." + name.split(".", 1)[1] not in names)
