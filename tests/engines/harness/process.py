"""Starts and stops the engines, waits until they are ready, and shows their last words when they are not."""

import os
import subprocess
import time

from . import space

TAIL = 30


class Process:
    def __init__(self, name, argv, env=None, cwd=None):
        self.name = name
        self.log = os.path.join(space.folder(), f"{name}.log")
        environment = dict(os.environ, HOME=space.folder(), **(env or {}))
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment,
                                          cwd=cwd or space.folder())

    def last_words(self):
        with open(self.log, errors="replace") as log:
            return "".join(log.readlines()[-TAIL:])

    def wait_ready(self, ready, seconds=60, what="ready"):
        """Asks `ready()` until it says yes. A process that ends meanwhile, or never gets there, is an error."""
        try:
            wait_until(ready, seconds, f"{self.name} is not {what}", alive=self.alive)
        except TimeoutError as error:
            raise RuntimeError(f"{error}\n{self.last_words()}") from None

    def alive(self):
        return self.child.poll() is None

    def stop(self):
        if self.alive():
            self.child.terminate()
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def wait_until(ready, seconds, complaint, alive=lambda: True):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not alive():
            raise TimeoutError(f"{complaint}: it ended")
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"{complaint} within {seconds} s")
