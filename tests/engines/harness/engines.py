"""Where the engines lie that `tests/engines/install` built, and whether they can be had here."""

import os
import subprocess

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROJECT = os.path.dirname(os.path.dirname(HERE))
CANNOT_BE_HAD = 77


def install(names):
    """Builds what is missing. True: all there. False: this machine cannot have them (install said why)."""
    if not names:            # `install` alone means all of them
        return True
    done = subprocess.run([os.path.join(HERE, "install"), *names])
    if done.returncode == CANNOT_BE_HAD:
        return False
    done.check_returncode()
    return True


def folder(engine):
    found = subprocess.run([os.path.join(HERE, "install"), "--where", engine], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def program(engine, name=None):
    return os.path.join(folder(engine), name or engine)


def sluice():
    return os.environ.get("SLUICE_BIN", os.path.join(PROJECT, "build/release/bin/sluice"))


def sluiced():
    return os.environ.get("SLUICED_BIN", os.path.join(PROJECT, "build/release/bin/sluiced"))
