"""Counts a judge's questions and prints each of them on a line of its own."""

import sys


class Judge:
    """One judge's account. Every question is printed with its answer; a wrong one with what was expected."""

    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failed = 0

    def heading(self, text):
        print(f"\n{self.name}: {text}", flush=True)

    def note(self, text):
        print(f"       {text}", flush=True)

    def check(self, question, answer, good, expected=""):
        """Counts and prints one question. `expected` is shown when the answer is not good."""
        if good:
            self.passed += 1
            print(f"  ok   {question} -> {answer}", flush=True)
        else:
            self.failed += 1
            wanted = f"; expected {expected}" if expected else ""
            print(f"  FAIL {question} -> {answer}{wanted}", flush=True)
        return good

    def equal(self, question, answer, expected):
        return self.check(question, answer, answer == expected, expected)

    def broke(self, error):
        """The judge itself could not go on: that is a failure, never a pass by silence."""
        self.failed += 1
        print(f"  FAIL {self.name} could not go on: {error}", flush=True)
        sys.stdout.flush()

    def end(self):
        print(f"{self.name}: {self.passed} passed, {self.failed} failed", flush=True)
        return self.failed == 0 and self.passed > 0
