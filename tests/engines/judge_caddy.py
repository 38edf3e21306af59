"""caddy: the chain of the Netcup host, for real. Client -> Caddy (site netcup) -> NodePort -> Traefik (site k3d) -> upstreams."""

from harness import artifacts, caddy, space
from harness.ask import NO_TLS, ask
from harness.kube import Cluster
from harness.sluiced import Sluiced
from harness.traefik import Traefik
from harness.upstreams import Upstreams
from harness.verdicts import judge_tests

NEEDS = ("caddy", "traefik", "etcd", "kube", "crds")

EXAMPLE = "akko-netcup"
DOMAIN = "akko-ai.com"
CADDY = "10.77.0.2"
NODE = "10.77.0.3"
CLIENT = "203.0.113.50"
STRANGER_NAME = f"nope.{DOMAIN}"

# Written here by hand, so that the artifacts are not asked what they ought to say.
SERVICES = {
    "lab": "akko-jupyterhub:8000", "bi": "akko-superset:8088", "orchestrator": "akko-airflow-webserver:8080",
    "federation": "akko-trino:8080", "compute": "akko-spark:8080", "experiments": "akko-mlflow:5000",
    "llm": "akko-litellm:4000", "directory": "akko-openmetadata:8585", "metrics": "akko-prometheus:9090",
    "storage": "akko-minio:9001", "logs": "akko-loki:3100", "identity": "akko-keycloak:8080",
    "alerts": "akko-alertmanager:9093", "mcp": "akko-mcp:8000", "mcp-catalog": "akko-mcp-catalog:8000",
    "tempo": "akko-tempo:3200",
}
HOSTS = {f"{label}.{DOMAIN}": f"akko/{service}" for label, service in SERVICES.items()}

FORGED = [("X-Forwarded-For", "6.6.6.6"), ("X-Real-IP", "6.6.6.6"), ("X-Forwarded-Proto", "http"),
          ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Port", "99"), ("X-Forwarded-Prefix", "/evil"),
          ("Forwarded", "for=6.6.6.6")]


def upstreams():
    found = []
    for label in HOSTS.values():
        namespace, service = label.split("/")
        name, port = service.split(":")
        found.append((namespace, name, int(port)))
    return Upstreams(found)


def judge(account):
    cluster, served = Cluster(), upstreams()
    running = [cluster, served]
    try:
        cluster.start()
        served.start()
        cluster.namespace("akko")
        cluster.apply(served.objects())
        inner = bring_inner_hop(account, cluster, running)
        outer = bring_outer_hop(account, running)
        judge_hosts(account, outer)
        judge_forgery(account, outer)
        judge_strangers(account, outer, inner)
        judge_plain_http(account, outer)
        judge_tests(account, "Caddy", EXAMPLE, "netcup", outer.at(), outer.root)
        outer.stop()
        running.remove(outer)
        judge_by_sluiced(account, inner, running)
    finally:
        for part in reversed(running):
            part.stop()


def bring_inner_hop(account, cluster, running):
    site = artifacts.Site(EXAMPLE, "k3d")
    account.heading(f"the inner hop: Traefik reads {site} from the API server")
    cluster.accept(site)
    inner = Traefik(cluster, site, NODE)
    account.note("its command line, from the emitted valuesContent: " + " ".join(inner.flags))
    account.note("added for the judge: " + " ".join(inner.added) + "; every :PORT is at " + inner.address)
    for name, (outside, inside) in inner.relayed.items():
        account.note(f"the Service's port {outside} of {name} is played by a relay to {inside}, from {inner.node}")
    inner.start()
    running.append(inner)
    routers = inner.settle()
    account.check("routers that Traefik made", f"{len(routers)}, all enabled" if healthy(routers) else broken(routers),
                  len(routers) >= len(HOSTS) and healthy(routers), f"at least {len(HOSTS)}, all enabled")
    return inner


def healthy(routers):
    return all(router["status"] == "enabled" for router in routers)


def broken(routers):
    return str([(router["name"], router.get("error")) for router in routers if router["status"] != "enabled"])


def bring_outer_hop(account, running):
    site = artifacts.Site(EXAMPLE, "netcup")
    account.heading(f"the outer hop: Caddy serves {site}")
    outer = caddy.Caddy(site.file("Caddyfile"), CADDY)
    said = outer.validate()
    account.check("caddy validate of the emitted Caddyfile", said or "valid", said is None)
    warnings = outer.warnings()
    account.check("warnings of its adapter", warnings or "none", not warnings)
    account.note(caddy.CHANGED)
    space.name("host.docker.internal", NODE)
    outer.start()
    running.append(outer)
    outer.wait_certificates(HOSTS)
    return outer


def judge_hosts(account, outer):
    account.heading(f"each of the {len(HOSTS)} hosts over HTTPS, asked by {CLIENT}")
    space.own(CLIENT)
    for host, service in HOSTS.items():
        answer = ask("GET", f"https://{host}/some/page?x=1&y=%41", outer.at(), CLIENT, ca=outer.root)
        good = account.check(f"GET https://{host}/some/page", answer, answer.status == 200 and answer.upstream == service,
                             f"200 by {service}")
        if good:
            told = seen(answer)
            account.check(f"  what {service} saw", told,
                          told == {"host": host, "proto": "https", "client": CLIENT, "target": "/some/page?x=1&y=%41"},
                          f"host {host}, https, client {CLIENT}, the same target")


def seen(answer):
    """The facts that an upstream must get right. The client is the left-most address: nobody trusted stands before it."""
    forwarded = (answer.seen_header("X-Forwarded-For") or "").split(",")
    return {"host": answer.seen_header("Host"), "proto": answer.seen_header("X-Forwarded-Proto"),
            "client": forwarded[0].strip(), "target": answer.seen["target"]}


def judge_forgery(account, outer):
    account.heading("a client that forges what only a proxy may say")
    host, service = next(iter(HOSTS.items()))
    answer = ask("GET", f"https://{host}/", outer.at(), CLIENT, FORGED, outer.root)
    account.check(f"GET https://{host}/ with forged headers", answer, answer.upstream == service, f"200 by {service}")
    for name, value in FORGED:
        got = answer.seen_header(name)
        account.check(f"  {name}: {value} at the upstream", got, value not in (got or "") or got == "https",
                      "not what was forged")
    account.equal("  the client it saw", seen(answer)["client"], CLIENT)
    account.equal("  the scheme it saw", seen(answer)["proto"], "https")
    account.equal("  X-Forwarded-Host", answer.seen_header("X-Forwarded-Host"), host)


def judge_strangers(account, outer, inner):
    account.heading("a host that nobody declared")
    known = next(iter(HOSTS))
    answer = ask("GET", f"https://{STRANGER_NAME}/", outer.at(), CLIENT, ca=outer.root)
    account.check(f"GET https://{STRANGER_NAME}/", answer, answer.outcome == NO_TLS, "no handshake")
    answer = ask("GET", f"https://{known}/", outer.at(), CLIENT, [("Host", STRANGER_NAME)], outer.root)
    account.check(f"GET https://{known}/ with Host: {STRANGER_NAME}", answer,
                  answer.status in (404, 421) and not answer.upstream, "404 by no upstream")
    for url in (f"http://{STRANGER_NAME}/", f"http://{DOMAIN}/", f"http://{CADDY}/"):
        answer = ask("GET", url, outer.at(), CLIENT)
        account.check(f"GET {url}", answer, answer.status == 404, "404")
    answer = ask("GET", f"http://{STRANGER_NAME}/", inner.at(), CLIENT)
    account.check(f"GET http://{STRANGER_NAME}/ at the NodePort", answer, answer.status == 404, "404")


def judge_plain_http(account, outer):
    account.heading("plain HTTP is sent to HTTPS by the outer hop")
    for host in HOSTS:
        answer = ask("GET", f"http://{host}/a/b?x=1&y=%41", outer.at(), CLIENT)
        account.check(f"GET http://{host}/a/b?x=1&y=%41", answer, answer.status == 301
                      and answer.header("Location") == f"https://{host}/a/b?x=1&y=%41", "301 to https, the rest unchanged")
    host = next(iter(HOSTS))
    answer = ask("POST", f"http://{host}/form", outer.at(), CLIENT, body=b"a=b")
    account.check(f"POST http://{host}/form", answer, answer.status == 308 and answer.header("Location") ==
                  f"https://{host}/form", "308 to https")


def judge_by_sluiced(account, inner, running):
    """sluiced in Caddy's place, in front of the same Traefik."""
    proxy = Sluiced(EXAMPLE, "netcup", CADDY)
    proxy.start()
    running.append(proxy)
    account.heading("the same asked of sluiced, in Caddy's place in front of the same Traefik")
    judge_hosts(account, proxy)
    judge_forgery(account, proxy)
    judge_strangers(account, proxy, inner)
    judge_plain_http(account, proxy)
    judge_tests(account, "sluiced", EXAMPLE, "netcup", proxy.at(), proxy.root)
    account.note(f"its table is of the same source with one line added: {proxy.added}")
