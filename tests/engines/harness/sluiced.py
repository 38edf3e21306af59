"""The real `sluiced`, serving what another engine serves at a site: the same site, compiled once more for a table.

The example is copied and one site is added to the copy, `like` the judged one but for its target, so that hosts, routes,
middleware, fronts and edges are the very same source.
"""

import glob
import os
import shutil
import subprocess

from . import artifacts, engines, space
from .ask import listening
from .process import Process

HTTP, HTTPS = 80, 443


class Sluiced:
    def __init__(self, source, site, address, secrets=None):
        """`secrets`: {name: text}, what the site's operator would put into the credentials folder."""
        self.address = space.own(address)
        self.home = os.path.join(space.folder(), f"sluiced-{os.path.basename(source)}-{site}")
        self.root = os.path.join(self.home, "ca", "ca.crt")
        self.site = site
        self.secrets = os.path.join(self.home, "secrets")
        shutil.copytree(artifacts.source_of(source), os.path.join(self.home, "source"))
        os.makedirs(self.secrets)
        for name, text in (secrets or {}).items():
            with open(os.path.join(self.secrets, name), "w") as file:
                file.write(text + "\n")

    def at(self):
        return self.address, HTTP, HTTPS

    def compile(self):
        """The table's path. The added site is told in full, so that the judge can print it."""
        source = os.path.join(self.home, "source")
        self.added = f"site {self.site}-by-sluiced like {self.site} {{ target table }}"
        with open(sorted(glob.glob(os.path.join(source, "*.sluice")))[0], "a") as file:
            file.write(f"\n{self.added}\n")
        out = os.path.join(self.home, "out")
        done = subprocess.run([engines.sluice(), "compile", source, "--site", f"{self.site}-by-sluiced", "-o", out],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"sluice compile for a table: {done.stdout}{done.stderr}")
        tables = glob.glob(os.path.join(out, "**", "*.slt"), recursive=True)
        if len(tables) != 1:
            raise RuntimeError(f"{len(tables)} tables were written, one was looked for: {tables}")
        return tables[0]

    def start(self):
        table = self.compile()
        self.process = Process("sluiced", [
            engines.sluiced(), table, "--listen-http", f"{self.address}:{HTTP}", "--listen-https", f"{self.address}:{HTTPS}",
            "--internal-ca", os.path.join(self.home, "ca"), "--internal-ca-for-all"],
            env={"CREDENTIALS_DIRECTORY": self.secrets})
        self.process.wait_ready(lambda: listening(self.address, HTTP))
        return self

    def stop(self):
        self.process.stop()
