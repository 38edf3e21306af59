#!/usr/bin/env python3
"""Runs one text case against the real `sluice`: case.py [--update] SLUICE CASE

A case is one file, one idea; its name is the fact that it checks.

    # A route must name a declared upstream; the nearest name is offered.
    --- main.sluice
    host shop.example.com -> apj
                             ^^^ error SL0301: no upstream named `apj`; did you mean `api`?
    upstream api { address 10.0.0.1:8080 }
    --- $ route GET https://shop.example.com/ --site local
    what the command prints, stdout and then stderr
    [exit 1]
    --- out local/Caddyfile
    the artifact, as `compile` wrote it

`--- NAME.EXT` is a file beside the source. A line of carets says what `check` must report for the line
above it: error, warning, note (with the code) or help; every report must stand, and no other. What has no
place stands in a section `--- diagnostics`. A case with carets or without any other section is checked.
`--- $ WORDS` runs `sluice WORDS` in the case's folder, with `main.sluice` where no word names a file;
`[exit N]` stands there when it is not 0. `# entry: .` takes the folder as the source.
--update writes what came into the case.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

CARETS = re.compile(r"^( *)(\^+) (error|warning|note|help)( SL\d{4})?: (.*)$")


class Section:
    def __init__(self, title, line):
        self.title, self.line, self.body = title, line, []


def read_case(path):
    head, sections = [], []
    with open(path, encoding="utf-8", newline="") as file:
        for number, line in enumerate(file.read().split("\n"), 1):
            if line.startswith("--- "):
                sections.append(Section(line[4:].strip(), number))
            elif sections:
                sections[-1].body.append(line)
            else:
                head.append(line)
    for section in sections[:-1] if sections else []:
        while section.body and section.body[-1] == "":
            section.body.pop()
    if sections and sections[-1].body and sections[-1].body[-1] == "":
        sections[-1].body.pop()
    return head, sections


def is_file(section):
    return not section.title.startswith(("$", "out ")) and section.title != "diagnostics"


def strip_carets(section):
    """The file's text, and what the carets expect: {(file, line): [text]}."""
    kept, expected = [], []
    for line in section.body:
        match = CARETS.match(line)
        if match:
            expected.append((section.title, len(kept), line))
        else:
            kept.append(line)
    return "\n".join(kept) + "\n", expected


def caret_lines(report):
    """What `check` reported, as caret lines by file and line, and what has no place."""
    placed, loose = [], []

    def put(place, kind, code, message):
        text = f"{kind}{' ' + code if code else ''}: {message}"
        if place is None:
            loose.append(text)
            return
        start, end = place["start"], place["end"]
        width = end["column"] - start["column"] if end["line"] == start["line"] else 1
        caret = " " * (start["column"] - 1) + "^" * max(1, width) + " " + text
        placed.append((place["file"], start["line"], caret))

    for d in report["diagnostics"]:
        put(d["place"], d["severity"], d["code"], d["message"])
        for note in d["notes"]:
            put(note["place"], "note", d["code"], note["message"])
        for fix in d["fixes"]:
            put(fix["place"] or d["place"], "help", d["code"], fix["help"])
    return placed, loose


def run(sluice, words, folder):
    environment = dict(os.environ, NO_COLOR="1", LC_ALL="C.UTF-8")
    return subprocess.run([sluice, *words], cwd=folder, env=environment, capture_output=True,
                          timeout=120)


def with_entry(words, entry):
    """`route GET u --site s` → with the source at its end, unless a word already names it."""
    if any(word.endswith((".sluice", ".slt")) or word == "." for word in words):
        return words
    no_source = {"explain", "targets", "--version", "--help", "help"}
    if words and (words[0] in no_source or "--help" in words):
        return words
    return [*words, entry]


def check(sluice, folder, entry, sections):
    result = run(sluice, ["check", "--diagnostics", "json", entry], folder)
    try:
        report = json.loads(result.stdout or result.stderr)
    except json.JSONDecodeError:
        return None, (result.stdout + result.stderr).decode(errors="replace")
    placed, loose = caret_lines(report)
    actual = {}
    for section in sections:
        if not is_file(section):
            continue
        text, _ = strip_carets(section)
        carets = {}
        for file, line, caret in placed:
            if os.path.normpath(file) == os.path.normpath(section.title):
                carets.setdefault(line, []).append(caret)
        lines = []
        for number, line in enumerate(text.split("\n")[:-1], 1):
            lines.append(line)
            lines.extend(carets.pop(number, []))
        for rest in carets.values():
            lines.extend(rest)
        actual[section.title] = lines
    names = {os.path.normpath(s.title) for s in sections if is_file(s)}
    loose += [f"{file}: {caret.strip()}" for file, _, caret in placed
              if os.path.normpath(file) not in names]
    return (actual, loose), None


def output_of(sluice, section, folder, entry):
    if section.title.startswith("out "):
        target = os.path.join(folder, "out")
        if not os.path.isdir(target):
            result = run(sluice, ["compile", "-o", "out", entry], folder)
            if result.returncode != 0:
                return (result.stdout + result.stderr).decode(errors="replace").splitlines()
        path = os.path.join(target, section.title[4:].strip())
        if os.path.isdir(path):
            return sorted(os.path.relpath(os.path.join(base, f), path)
                          for base, _, files in os.walk(path) for f in files)
        if not os.path.exists(path):
            return ["[no such artifact]"]
        with open(path, encoding="utf-8") as file:
            return file.read().rstrip("\n").split("\n")
    result = run(sluice, with_entry(shlex.split(section.title[1:]), entry), folder)
    text = (result.stdout + result.stderr).decode(errors="replace").rstrip("\n")
    lines = text.split("\n") if text else []
    if result.returncode != 0:
        lines.append(f"[exit {result.returncode}]")
    return lines


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    arguments = [a for a in arguments if a != "--update"]
    if len(arguments) != 2:
        sys.exit(__doc__)
    sluice, path = os.path.abspath(arguments[0]), arguments[1]
    head, sections = read_case(path)
    entry = next((l.split(":", 1)[1].strip() for l in head if l.startswith("# entry:")),
                 "main.sluice")
    files = [s for s in sections if is_file(s)]
    others = [s for s in sections if not is_file(s) and s.title != "diagnostics"]
    has_carets = any(strip_carets(s)[1] for s in files)
    loose_section = next((s for s in sections if s.title == "diagnostics"), None)
    failures = []
    with tempfile.TemporaryDirectory(prefix="sluice-case-") as folder:
        for section in files:
            target = os.path.join(folder, section.title)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8", newline="") as file:
                file.write(strip_carets(section)[0])
        if files and (has_carets or loose_section or not others):
            got, broken = check(sluice, folder, entry, sections)
            if broken is not None:
                failures.append(("check", [], broken.split("\n")))
            else:
                actual, loose = got
                for section in files:
                    if sorted(section.body) != sorted(actual[section.title]):
                        failures.append((section.title, section.body, actual[section.title]))
                        section.body = actual[section.title]
                expected = loose_section.body if loose_section else []
                if sorted(expected) != sorted(loose):
                    failures.append(("diagnostics", expected, loose))
                    if loose_section:
                        loose_section.body = loose
                    elif loose:
                        sections.append(Section("diagnostics", 0))
                        sections[-1].body = loose
        for section in others:
            lines = output_of(sluice, section, folder, entry)
            lines = [line.replace(folder, "CASE") for line in lines]
            if lines != section.body:
                failures.append((section.title, section.body, lines))
                section.body = lines
    if update:
        with open(path, "w", encoding="utf-8", newline="") as file:
            text = "\n".join(head)
            for section in sections:
                if section.title == "diagnostics" and not section.body:
                    continue
                text += ("\n" if text and not text.endswith("\n") else "") + f"--- {section.title}\n"
                text += "".join(line + "\n" for line in section.body)
            file.write(text)
        return 0
    import difflib
    for title, expected, actual in failures:
        print(f"--- {title}")
        for line in difflib.unified_diff(expected, actual, "expected", "actual", lineterm="", n=2):
            print(line)
    if failures:
        print(f"\nagain: tests/harness/case.py {sluice} {path}\n"
              f"accept: tests/harness/case.py --update {sluice} {path}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
