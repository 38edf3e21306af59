"""The examples' own `test` blocks, asked of a real engine: its verdict must be the table matcher's.

`sluice test --json` gives every test resolved (which address asks, what an edge adds, what is expected) and the
matcher's verdict. What can be seen from outside is judged here; that a middleware acted, or which certificate object
was shown, only the matcher can say, and the line says so.
"""

import json
import os
import subprocess

from . import artifacts, engines, space
from .ask import NO_TLS, REFUSED, ask

INSIDE_ONLY = {"certificate", "middleware", "no_middleware"}


def tests_of(example):
    """The resolved tests of examples/EXAMPLE, or of a folder when `example` is a path."""
    done = subprocess.run([engines.sluice(), "test", artifacts.source_of(example), "--json"], capture_output=True, text=True)
    if not done.stdout.strip():
        raise RuntimeError(f"sluice test {example} --json: {done.stderr.strip()}")
    return json.loads(done.stdout)["tests"]


def put(request, at, ca):
    """Asks one request of a test, from the peer and with the headers that the test says."""
    peer = space.own(request["peer"]) if request["peer"] else None
    url = f"{request['scheme']}://{request['host']}{request['target']}"
    return ask(request["method"], url, at, peer, [tuple(header) for header in request["headers"]], ca)


def same_service(written, label):
    """Whether `service [NS/]NAME:PORT`, as a test writes it, is the upstream labelled NS/NAME:PORT."""
    name = written.removeprefix("service ").strip()
    return label is not None and (label == name or label.split("/", 1)[1] == name)


def header_is(expect, value):
    if expect["test"] == "is":
        return value == expect["text"]
    return (value is not None) == (expect["test"] == "present")


def meets(expect, answer):
    """Whether an answer meets an expectation; None when it cannot be seen from outside."""
    kind = expect["kind"]
    if kind in INSIDE_ONLY:
        return None
    if kind == "refused":
        return answer.outcome in (NO_TLS, REFUSED) or (answer.status >= 400 and not answer.upstream)
    if kind == "status":
        return answer.status == expect["code"]
    if kind == "redirect":
        return (answer.header("Location") is not None and expect.get("text") in (None, answer.header("Location"))
                and expect.get("code") in (None, answer.status))
    if kind == "header":
        return header_is(expect, answer.header(expect["name"]))
    if not answer.seen:
        return False
    if kind == "upstream":
        return same_service(expect["text"], answer.upstream)
    if kind == "path":
        return answer.seen["target"].split("?")[0] == expect["text"]
    if kind == "upstream_header":
        return header_is(expect, answer.seen_header(expect["name"]))
    raise RuntimeError(f"the judge does not know how to ask for {kind}")


def verdict(test, at, ca):
    """(passed, what came back, what only the matcher can say) of one test at one engine."""
    passed, said, unseen = True, [], set()
    for request in test["requests"]:
        answer = put(request, at, ca)
        said.append(str(answer))
        for expect in request["expects"]:
            met = meets(expect, answer)
            if met is None:
                unseen.add(expect["kind"])
            else:
                passed = passed and met
    return passed, "; ".join(said), unseen


def judge_tests(account, engine, example, site, at, ca=None):
    """Every test of `example` that enters at `site`, asked at `at`."""
    tests = [test for test in tests_of(example) if test["hops"][0] == site]
    account.heading(f"the tests of {os.path.basename(example)} at site {site}, asked of {engine}")
    for test in tests:
        passed, said, unseen = verdict(test, at, ca)
        unseen = f" (not to be seen from outside: {', '.join(sorted(unseen))})" if unseen else ""
        account.check(f"test \"{test['name']}\"{unseen}",
                      f"table {word(test['passed'])}, {engine} {word(passed)} ({said})",
                      test["passed"] and passed, "both passed")
    account.check(f"tests that enter at {site}", len(tests), len(tests) >= 1, "at least 1")


def word(passed):
    return "passed" if passed else "failed"
