"""meaning: the sources in tests/engines/meaning, each on Caddy, on Traefik and on sluiced; every test alike on all."""

import glob
import os
import re
import time

from harness import artifacts, caddy, space
from harness.ask import NO_TLS, ask
from harness.kube import Cluster
from harness.process import wait_until
from harness.raw import judge_raw
from harness.sluiced import Sluiced
from harness.traefik import Traefik
from harness.upstreams import Upstreams
from harness.verdicts import judge_tests

NEEDS = ("caddy", "traefik", "etcd", "kube", "crds")

ADDRESS = "10.77.0.2"
SHARED = 200

# Who is kept out of what in guards.sluice.
SHUT_OUT = [("/office", "198.51.100.9"), ("/banned", "203.0.113.66"), ("/staff", "203.0.113.9"), ("/all", "198.51.100.9"),
            ("/all", "203.0.113.9")]

# User `operator`, password `right`, bcrypt: what each site keeps under the name `staff`.
STAFF = "operator:$2b$04$uMgoWkRLUyWpwYETbHQ5NO2DUKk/pM0Z72wsG1Lix9rK86KNWU9c."


def judge(account):
    cluster = Cluster().start()
    try:
        for source in artifacts.MEANING:
            judge_source(account, cluster, source)
    finally:
        cluster.stop()


def judge_source(account, cluster, source):
    served = Upstreams(services_in(source), silent={"silent"}).start()
    try:
        for engine in (on_caddy, on_traefik, on_ingress, on_sluiced):
            try:
                engine(account, cluster, source, served)
            except Exception as error:  # the other engines are still worth asking
                account.broke(f"{engine.__name__}, {os.path.basename(source)}: {error}")
    finally:
        served.stop()


def services_in(source):
    """The Services that a source names. Read from its text, so that no artifact says what it ought to reach."""
    with open(glob.glob(os.path.join(source, "*.sluice"))[0]) as file:
        found = re.findall(r"(?:->|,) service ([a-z-]+)/([a-z-]+):([0-9]+)", file.read())
    return [(namespace, name, int(port)) for namespace, name, port in found]


def on_caddy(account, _, source, __):
    site = artifacts.Site(source, "on-caddy")
    space.secret("staff", STAFF.replace(":", " "))     # Caddy imports `NAME HASH` lines
    engine = caddy.Caddy(site.file("Caddyfile"), ADDRESS)
    said = engine.validate()
    account.check(f"caddy validate of {os.path.basename(source)}", said or "valid", said is None)
    engine.start()
    try:
        engine.settle()
        judge_tests(account, "Caddy", source, "on-caddy", engine.at(), engine.root)
        judge_more(account, "Caddy", source, engine, engine.root)
    finally:
        engine.stop()


def on_ingress(account, cluster, source, served):
    """The same as plain Ingresses, where the source has such a site."""
    if any(site.name == "on-ingress" for site in artifacts.sites(source)):
        on_traefik(account, cluster, source, served, "on-ingress")


def on_traefik(account, cluster, source, served, name="on-traefik"):
    site = artifacts.Site(source, name)
    cluster.namespace("meaning")
    cluster.apply(served.objects())
    cluster.apply([{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "staff", "namespace": "meaning"},
                    "stringData": {"users": STAFF}}])
    root = cluster.accept(site)
    engine = Traefik(cluster, site, ADDRESS).start()
    try:
        routers = engine.settle()
        bad = [(router["name"], router.get("error")) for router in routers if router["status"] != "enabled"]
        account.check("routers that Traefik made", bad or f"{len(routers)}, all enabled", not bad)
        judge_tests(account, "Traefik", source, name, engine.at(), root)
        judge_more(account, "Traefik", source, engine, root)
        if os.path.basename(source) == "guards":
            judge_taken_away(account, cluster, site, engine, root)
            judge_arrival(account, cluster, site, engine, root)
    finally:
        engine.stop()
        cluster.forget(site)


def on_sluiced(account, _, source, __):
    engine = Sluiced(source, "on-table", ADDRESS, {"staff": STAFF}).start()
    try:
        judge_tests(account, "sluiced", source, "on-table", engine.at(), engine.root)
        judge_more(account, "sluiced", source, engine, engine.root)
    finally:
        engine.stop()


def judge_more(account, name, source, engine, ca):
    """What a `test` block cannot say: bytes no client sends, shares over many requests, an upstream that is down."""
    if os.path.basename(source) == "routes":
        address, port, _ = engine.at()
        judge_raw(account, name, address, port)
        judge_shares(account, name, engine, ca)
        judge_two_labels(account, name, engine, ca)
    if os.path.basename(source) == "guards":
        judge_silence(account, name, engine, ca)
        judge_password(account, name, engine, ca)


def judge_shares(account, name, engine, ca):
    account.heading(f"shares of 90 % and 10 %, asked of {name}")
    asked = [ask("GET", "https://shop.example/canary", engine.at(), ca=ca).upstream for _ in range(SHARED)]
    few, many = asked.count("meaning/canary:8011"), asked.count("meaning/stable:8010")
    account.check(f"{SHARED} requests", f"{many} and {few}", few + many == SHARED and abs(few - SHARED // 10) <= SHARED // 20,
                  f"about {SHARED - SHARED // 10} and {SHARED // 10}")


def judge_two_labels(account, name, engine, ca):
    account.heading(f"two labels before a wildcard's name, asked of {name}")
    answer = ask("GET", "https://x.y.shop.example/", engine.at(), ca=ca)
    account.check("H4 a name without a certificate", answer, answer.outcome == NO_TLS, "no handshake")
    answer = ask("GET", "https://x.shop.example/", engine.at(), headers=[("Host", "x.y.shop.example")], ca=ca)
    account.check("H2 the name in Host alone", answer, answer.status in (404, 421), "404")


def judge_password(account, name, engine, ca):
    account.heading(f"a wrong password, asked of {name}")
    answer = ask("GET", "https://guarded.example/staff", engine.at(),
                 headers=[("Authorization", "Basic b3BlcmF0b3I6d3Jvbmc=")], ca=ca)
    account.check("M5 the status", answer, answer.status == 401, 401)


def judge_silence(account, name, engine, ca):
    account.heading(f"an upstream where nobody listens, asked of {name}")
    answer = ask("GET", "https://guarded.example/silent", engine.at(), ca=ca)
    account.check("U3 its status", answer, answer.status == 502, 502)
    account.check("O2 the route's edits of the answer", answer.header("X-Answer"), answer.header("X-Answer") == "by the edge",
                  "by the edge")


def judge_taken_away(account, cluster, site, engine, ca):
    """O3 on the engine that drops a route whose middleware is broken and lets the next one answer."""
    account.heading(f"{site}: with a guard taken away, nothing that it guards is answered by its upstream")
    staff = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "staff", "namespace": "meaning"},
             "stringData": {"users": STAFF}}
    for item in [staff, *site.kind("Middleware")]:
        kind, name = item["kind"], item["metadata"]["name"]
        cluster.kubectl("delete", kind.lower(), name, "-n", item["metadata"]["namespace"])
        answers, noticed = engine.watch_without(lambda: shut_out(engine, ca))
        opened = sorted({answer.upstream for answer in answers if answer.upstream})
        account.check(f"without the {kind} {name}, {len(answers)} requests of {len(SHUT_OUT)} kinds",
                      f"{opened or 'none'} by an upstream" + ("" if noticed else ", and no router was broken by it"),
                      not opened and noticed, "none by an upstream, with a broken router")
        cluster.apply([item])
        engine.healed()


def shut_out(engine, ca):
    return [ask("GET", f"https://guarded.example{path}", engine.at(), peer, ca=ca) for path, peer in SHUT_OUT]


def judge_arrival(account, cluster, site, engine, ca):
    """The folder is applied under a running Traefik: at no moment is a route there without its guards."""
    account.heading(f"{site}: applied under a running Traefik, guards come before what they guard")
    cluster.forget(site)
    wait_until(lambda: not engine.routers(), 15, "the routers stay")
    answers, end = [], time.monotonic() + 30
    with cluster.start_kubectl("apply", "--server-side", "-k", f"{site.folder}/20-site") as applying:
        while (applying.poll() is None or not engine.routers()) and time.monotonic() < end:
            answers += shut_out(engine, ca)
    end = time.monotonic() + 1.0
    while time.monotonic() < end:
        answers += shut_out(engine, ca)
    opened = sorted({answer.upstream for answer in answers if answer.upstream})
    account.check(f"{len(answers)} requests of {len(SHUT_OUT)} kinds meanwhile", f"{opened or 'none'} by an upstream", not opened,
                  "none by an upstream")
    account.check("  and then", answers[-1], answers[-1].status == 401, "401: the routes are there")
