#!/usr/bin/env python3
"""The catalog's pages are its tests: catalog.py SLUICE PAGE, or catalog.py --raised SOURCE_DIR

Each ```bad example must report the page's own code and nothing else, each ```good one nothing at all. A line
`--- NAME` in an example begins another file beside main.sluice. A page whose mistake cannot be written as a
source (a disk that is full) has a ```console or ```text example instead, and a test of its own elsewhere.
--raised: every page's diagnostic is raised somewhere in the compiler, so that no page outlives its check.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(bad|good|console|text)\n(.*?)^```", re.M | re.S)


def check(sluice, text):
    with tempfile.TemporaryDirectory(prefix="sluice-page-") as folder:
        name, files = "main.sluice", {"main.sluice": ""}
        for line in text.splitlines(keepends=True):
            if line.startswith("--- "):
                name = line[4:].strip()
                files[name] = ""
            else:
                files[name] += line
        for name, body in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        result = subprocess.run([sluice, "check", "--diagnostics", "json", "main.sluice"], cwd=folder,
                                capture_output=True, timeout=60)
        try:
            return json.loads(result.stdout)["diagnostics"]
        except (json.JSONDecodeError, KeyError):
            return [{"code": f"exit {result.returncode}", "message": result.stderr.decode()}]


def page(sluice, path):
    code = pathlib.Path(path).stem
    failed = 0
    blocks = BLOCK.findall(pathlib.Path(path).read_text(encoding="utf-8"))
    kinds = {kind for kind, _ in blocks}
    if not ({"bad", "good"} <= kinds or kinds & {"console", "text"}):
        print(f"{path}: wants a ```bad and a ```good example, or a ```console one")
        failed += 1
    for kind, text in blocks:
        if kind in ("console", "text"):
            continue
        got = check(sluice, text)
        codes = [d["code"] for d in got]
        right = bool(codes) and set(codes) == {code} if kind == "bad" else not codes
        if not right:
            failed += 1
            print(f"{path}: the {kind} example:\n{text}reports " +
                  ("nothing" if not got else "\n".join(f"{d['code']}: {d['message']}" for d in got)))
    return failed


def raised(root):
    compiler = pathlib.Path(root, "compiler")
    sources = "".join(p.read_text(encoding="utf-8") for p in compiler.rglob("*.cpp")
                      if "catalog_gen" not in p.parts)
    failed = 0
    for path in sorted(compiler.glob("diag/catalog/SL*.md")):
        name = re.search(r"^name: (\w+)", path.read_text(encoding="utf-8"), re.M).group(1)
        if not re.search(rf"\b{name}\b", sources):
            print(f"{path.name}: {name} is raised nowhere")
            failed += 1
    return failed


if __name__ == "__main__":
    if sys.argv[1] == "--raised":
        sys.exit(1 if raised(sys.argv[2]) else 0)
    sys.exit(1 if page(os.path.abspath(sys.argv[1]), sys.argv[2]) else 0)
