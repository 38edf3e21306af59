"""Turns the Helm values that we emitted into Traefik's command line, the way the chart's templates do.

The emitted file decides what the real Traefik is started with; nothing is copied by hand. A key that this page
neither renders nor knows to concern the pod alone is an error, so that no value is passed over without a word.
The order of flags and the spelling follow `helm template` of charts 34.3.0, 39.0.5 and 41.3.0.
"""

import copy
import json
import os

from . import engines

SCHEMAS = os.path.join(engines.HERE, "chart/schemas")
NEWEST = "41.3.0"

# What the chart says where our values say nothing (values.yaml of the chart; the parts that reach the command line).
DEFAULTS = {
    "ports": {
        "traefik": {"port": 8080},
        "web": {"port": 8000, "exposedPort": 80},
        "websecure": {"port": 8443, "exposedPort": 443, "http": {"tls": {"enabled": True}}},
        "metrics": {"port": 9100},
    },
    "providers": {
        "kubernetesCRD": {"enabled": True, "allowEmptyServices": True},
        "kubernetesIngress": {"enabled": True, "allowEmptyServices": True},
        "kubernetesGateway": {"enabled": False},
    },
    "metrics": {"prometheus": {"entryPoint": "metrics"}},
    "hostNetwork": False,
    "deployment": {"kind": "Deployment"},
    "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
}

# Values that shape the pod, its Service or its rollout, and never the command line.
POD_ONLY = {
    "deployment", "hostNetwork", "updateStrategy", "service", "nodeSelector", "tolerations", "affinity", "resources",
    "securityContext", "podSecurityContext", "podDisruptionBudget", "priorityClassName", "topologySpreadConstraints",
    "ingressClass", "ingressRoute", "rbac", "image", "global", "env", "volumes", "additionalVolumeMounts", "autoscaling",
}
PORT_POD_ONLY = {"port", "exposedPort", "nodePort", "hostPort", "hostIP", "containerPort", "expose", "protocol", "appProtocol",
                 "enabled", "targetPort"}


class ChartRefuses(Exception):
    """What `helm template` would stop at."""


def merge(under, over):
    """Helm's merge: maps merge key by key, null takes a key away, everything else replaces."""
    result = copy.deepcopy(under)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merge(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def schema(version):
    with open(os.path.join(SCHEMAS, version, "values.schema.json")) as file:
        return json.load(file)


def silent_keys(values, version):
    """Keys that no line of this version's schema names: the chart would pass over them without a word.

    The schemas leave objects open where it matters most (`forwardedHeaders.trustedIps`, a field of a newer chart).
    Asked of entry points and providers, which the templates read key by key; what goes into the pod or the Service as
    it stands is the API server's to judge.
    """
    named = set()

    def collect(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "properties":
                    named.update(value)
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    def walk(node, path):
        if isinstance(node, dict):
            for key, value in node.items():
                if key not in named:
                    yield f"{path}{key}"
                yield from walk(value, f"{path}{key}.")

    collect(schema(version))
    below = [(f"ports.{name}.", port) for name, port in values.get("ports", {}).items()]
    return [path for prefix, node in below + [("providers.", values.get("providers"))] for path in walk(node, prefix)]


def template_checks(values):
    """The checks in the chart's templates and in the API server's DaemonSet rules that need no schema."""
    full = merge(DEFAULTS, values)
    daemonset = full["deployment"]["kind"] == "DaemonSet"
    rollout = full["updateStrategy"].get("rollingUpdate", {})
    for name, port in full["ports"].items():
        if full["hostNetwork"] and port.get("hostPort") and port["hostPort"] != port["port"]:
            raise ChartRefuses(f"ports.{name}: hostPort must match the container port when hostNetwork is enabled")
    if daemonset and full["hostNetwork"] and rollout.get("maxUnavailable") == 0:
        raise ChartRefuses("maxUnavailable should be greater than 0 when using hostNetwork")
    if daemonset and rollout.get("maxUnavailable") and rollout.get("maxSurge"):
        raise ChartRefuses("maxSurge may not be set when maxUnavailable is non-zero")


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(_text(item) for item in value)
    return str(value)


def _leaves(prefix, node):
    """Every leaf below `node` as a flag; a list is one value with commas."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(f"{prefix}.{key}", value)
    elif node is not None and node != []:
        yield f"{prefix}={_text(node)}"


# What the templates render below an entry point, each name with its case: the chart passes over any other in silence
# (`trustedIps`), and so the judge must not hand it to Traefik, which would take it.
PORT_KEYS = {
    "forwardedHeaders": {"trustedIPs", "insecure", "notAppendXForwardedFor"},
    "proxyProtocol": {"trustedIPs", "insecure"},
    "transport": {"respondingTimeouts.readTimeout", "respondingTimeouts.writeTimeout", "respondingTimeouts.idleTimeout",
                  "lifeCycle.requestAcceptGraceTimeout", "lifeCycle.graceTimeOut", "keepAliveMaxRequests", "keepAliveMaxTime"},
    "allowACMEByPass": {""},
    "asDefault": {""},
}
HTTP_KEYS = {
    "encodedCharacters": {f"allowEncoded{name}" for name in ("Slash", "BackSlash", "NullCharacter", "Semicolon", "Percent",
                                                             "QuestionMark", "Hash")},
    "middlewares": {""},
    "maxHeaderBytes": {""},
    "sanitizePath": {""},
    "underscoreHeadersStrategy": {""},
}
PROVIDER_KEYS = {
    "kubernetesCRD": {"allowCrossNamespace", "allowExternalNameServices", "allowEmptyServices", "ingressClass",
                      "labelSelector", "namespaces", "nativeLBByDefault", "safeNaming"},
    "kubernetesIngress": {"allowExternalNameServices", "allowEmptyServices", "ingressClass", "labelSelector", "namespaces",
                          "nativeLBByDefault", "strictPrefixMatching"},
    "kubernetesGateway": {"experimentalChannel", "labelselector", "namespaces", "nativeLBByDefault"},
}


def _known(where, flag, node, known):
    """The flags below `flag`, when each of their names is one that the chart renders."""
    for leaf in _leaves(flag, node):
        name = leaf.split("=", 1)[0][len(flag):].lstrip(".")
        if name not in known:
            raise ChartRefuses(f"{where}{'.' + name if name else ''}: the chart would pass over it in silence")
        yield leaf


def _port_flags(name, port, ports):
    point = f"--entryPoints.{name}"
    yield f"{point}.address=:{port['port']}/{port.get('protocol', 'TCP').lower()}"
    http = merge(port.get("http", {}), {key: port[key] for key in ("redirections", "middlewares", "tls") if key in port})
    for key, value in http.items():
        if key == "tls":
            if value.get("enabled"):
                yield f"{point}.http.tls=true"
            yield from _leaves(f"{point}.http.tls", {k: v for k, v in value.items() if k != "enabled"})
        elif key == "redirections":
            entry = dict(value["entryPoint"])
            yield f"{point}.http.redirections.entryPoint.to=:{ports[entry.pop('to')]['exposedPort']}"
            yield from _leaves(f"{point}.http.redirections.entryPoint", entry)
        else:
            yield from _known(f"ports.{name}.http.{key}", f"{point}.http.{key}", value, HTTP_KEYS.get(key, ()))
    for key, value in port.items():
        if key not in PORT_POD_ONLY and key not in ("http", "redirections", "middlewares", "tls"):
            yield from _known(f"ports.{name}.{key}", f"{point}.{key}", value, PORT_KEYS.get(key, ()))


def _provider_flags(providers):
    for key, value in providers.items():
        if value.get("enabled"):
            yield f"--providers.{key.lower()}"
            # publishedService writes the Service's address into Ingress status; nothing is served by it.
            options = {name: setting for name, setting in value.items() if name not in ("enabled", "publishedService")}
            yield from _known(f"providers.{key}", f"--providers.{key.lower()}", options, PROVIDER_KEYS.get(key, ()))


def command_line(values, version=NEWEST):
    """Traefik's flags for these values in that version of the chart."""
    if silent := silent_keys(values, version):
        raise ChartRefuses(f"chart {version} passes over {', '.join(silent)} in silence")
    template_checks(values)
    full = merge(DEFAULTS, values)
    flags = ["--global.checkNewVersion=false", "--global.sendAnonymousUsage=false"]
    for name, port in sorted(full["ports"].items()):
        if port.get("enabled", True):
            flags += _port_flags(name, port, full["ports"])
    flags += ["--api.dashboard=true", "--ping=true"]
    for key, value in full.items():
        if key in POD_ONLY or key in ("ports", "additionalArguments"):
            continue
        if key == "providers":
            flags += _provider_flags(value)
        elif key == "metrics":
            if value.get("prometheus"):
                flags += ["--metrics.prometheus=true",
                          f"--metrics.prometheus.entrypoint={value['prometheus'].get('entryPoint', 'metrics')}"]
        elif key == "logs":
            flags += _leaves("--log", {k.lower(): v for k, v in value.get("general", {}).items()})
            flags += _access_log(value.get("access", {}))
        elif key == "log":
            flags += _leaves("--log", value)
        elif key == "accessLog":
            flags += _access_log(value)
        elif key in ("core", "experimental", "api", "tracing", "ocsp"):
            flags += _leaves(f"--{key}", value)
        elif value not in ({}, [], None):
            raise ChartRefuses(f"{key}: the judge does not know how the chart renders it")
    return flags + list(full.get("additionalArguments", []))


def _access_log(value):
    if not value.get("enabled"):
        return
    yield "--accesslog=true"
    yield from _leaves("--accesslog", {key: item for key, item in value.items() if key != "enabled"})


def exposed(values):
    """{entry point: the port that the outside dials}: the host's, else the NodePort, else the Service's own."""
    full = merge(DEFAULTS, values)
    found = {}
    for name, port in full["ports"].items():
        if name in ("traefik", "metrics") or port.get("expose", {}).get("default") is False:
            continue
        found[name] = port.get("hostPort") or port.get("nodePort") or port.get("exposedPort")
    return found


def listens(values):
    """{entry point: the port it listens on inside the pod}."""
    return {name: port["port"] for name, port in merge(DEFAULTS, values)["ports"].items()}
