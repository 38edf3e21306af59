"""Compiles an example with the real `sluice` and reads what it wrote: OUT/SITE/{00-platform,10-issuers,20-site}/."""

import glob
import os
import subprocess

import yaml

from . import engines, space

EXAMPLES = ("akko-netcup", "honeydue-k3s")
MEANING = tuple(os.path.join(engines.HERE, "meaning", name) for name in ("routes", "guards", "hosts", "answers"))
_compiled = {}


def source_of(name):
    """The folder of an example's source; a path stands for itself."""
    return name if os.path.isabs(name) else os.path.join(engines.PROJECT, "examples", name)


def compile_example(name):
    """The folder with the artifacts of every site of an example, compiled once a run.

    SLUICE_ARTIFACTS=DIR takes DIR/EXAMPLE instead, to try a judge on artifacts written by hand.
    """
    if name not in _compiled:
        given = os.environ.get("SLUICE_ARTIFACTS")
        short = os.path.basename(name)
        out = os.path.join(given, short) if given else os.path.join(space.folder(), "artifacts", short)
        if not given:
            done = subprocess.run([engines.sluice(), "compile", source_of(name), "-o", out], capture_output=True, text=True)
            if done.returncode != 0:
                raise RuntimeError(f"sluice compile {name}: {done.stdout}{done.stderr}")
        _compiled[name] = out
    return _compiled[name]


class Site:
    """One site's folder of one example."""

    def __init__(self, example, name):
        self.example = example
        self.name = name
        self.folder = os.path.join(compile_example(example), name)
        if not os.path.isdir(self.folder):
            raise RuntimeError(f"{os.path.basename(example)} has no artifacts for site {name}")

    def __str__(self):
        return f"{os.path.basename(self.example)}/{self.name}"

    def files(self, pattern):
        return sorted(glob.glob(os.path.join(self.folder, "**", pattern), recursive=True))

    def file(self, pattern):
        found = self.files(pattern)
        if len(found) != 1:
            raise RuntimeError(f"{self} has {len(found)} files {pattern}, one was looked for")
        return found[0]

    def path_of(self, file):
        return os.path.relpath(file, self.folder)

    def objects(self):
        """[(path, object)] of every Kubernetes object, in the order in which the folders are applied."""
        found = []
        for file in self.files("*.yaml"):
            with open(file) as text:
                for item in yaml.safe_load_all(text):
                    if isinstance(item, dict) and "metadata" in item and item.get("kind") != "Kustomization":
                        found.append((self.path_of(file), item))
        return found

    def kind(self, kind):
        return [item for _, item in self.objects() if item["kind"] == kind]


def sites(example):
    out = compile_example(example)
    return [Site(example, name) for name in sorted(os.listdir(out)) if os.path.isdir(os.path.join(out, name))]


def values_of(site):
    """The Helm values of a Traefik site: [(path, text, parsed)], from a HelmChartConfig or a plain values file."""
    found = []
    for path, item in site.objects():
        if item["kind"] == "HelmChartConfig":
            text = item["spec"]["valuesContent"]
            found.append((path, text, yaml.safe_load(text)))
    for file in site.files("*values*.yaml"):
        with open(file) as opened:
            text = opened.read()
        parsed = yaml.safe_load(text)
        if not (isinstance(parsed, dict) and "apiVersion" in parsed):
            found.append((site.path_of(file), text, parsed))
    return found


def chart_of(site):
    """The upstream chart version that the artifacts say they are written for (`39.0.501+up39.0.5` is 39.0.5)."""
    for item in site.kind("HelmChartConfig"):
        written = item["metadata"].get("annotations", {}).get("sluice.dev/chart")
        if written:
            return written.rsplit("+up", 1)[-1]
    return None
