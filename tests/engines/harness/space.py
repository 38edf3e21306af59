"""A network, process and mount space of its own, so that a judge may own any address and any port.

`enter` starts the caller again inside fresh namespaces (unshare). Nothing is left behind: when the first
process of the space ends, however it ends, the kernel ends all others and drops the network with them.
Inside, `own` gives the space an address and `name` makes a host name known in its /etc/hosts.
"""

import os
import subprocess
import sys
import tempfile

INSIDE = "SLUICE_ENGINES_INSIDE"


def inside():
    return INSIDE in os.environ


def cannot():
    """Why no space can be had on this machine, or None."""
    probe = subprocess.run(_unshare() + ["ip", "link", "set", "lo", "up"], capture_output=True, text=True)
    if probe.returncode != 0:
        return f"no network namespace can be had ({probe.stderr.strip() or 'unshare failed'}); run as root"
    return None


def _unshare():
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def enter(argv):
    """Runs this program again inside a new space and returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="sluice-engines-") as work:
        environment = dict(os.environ, **{INSIDE: work})
        return subprocess.run(_unshare() + [sys.executable, *argv], env=environment).returncode


def folder():
    """The space's scratch folder; it goes when the space does."""
    return os.environ[INSIDE]


def prepare():
    """Called once inside: loopback up, and a hosts file of our own over the machine's."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    hosts = os.path.join(folder(), "hosts")
    with open(hosts, "w") as file:
        file.write("127.0.0.1 localhost\n")
    if not os.path.exists("/etc/hosts"):      # a bare Debian has none, and a file is mounted over a file
        open("/etc/hosts", "w").close()
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)


_owned = set()


def own(address):
    """Gives the space an address (IPv4 or IPv6) that processes can listen on and ask from."""
    if address not in _owned:
        bits = "128" if ":" in address else "32"
        flags = ["nodad"] if ":" in address else []
        subprocess.run(["ip", "address", "add", f"{address}/{bits}", "dev", "lo", *flags], check=True)
        _owned.add(address)
    return address


def secret(name_of_it, text):
    """Puts a secret where an engine outside Kubernetes finds it: /run/secrets, the space's own."""
    os.makedirs("/run/secrets", exist_ok=True)
    with open(os.path.join("/run/secrets", name_of_it), "w") as file:
        file.write(text + "\n")


def name(host, address):
    """Makes a host name known inside the space."""
    with open(os.path.join(folder(), "hosts"), "a") as file:
        file.write(f"{address} {host}\n")
