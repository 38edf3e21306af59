"""meaning: the sources in tests/engines/meaning, each on Caddy, on Traefik and on sluiced; every test alike on all."""

import os

from harness import artifacts, caddy, engines, space
from harness.kube import Cluster
from harness.raw import judge_raw
from harness.sluiced import Sluiced
from harness.traefik import Traefik
from harness.upstreams import Upstreams
from harness.verdicts import judge_tests

NEEDS = ("caddy", "traefik", "etcd", "kube", "crds")

SOURCES = ("routes", "guards")
ADDRESS = "10.77.0.2"

# User `operator`, password `right`, bcrypt: what each site keeps under the name `staff`.
STAFF = "operator:$2b$04$uMgoWkRLUyWpwYETbHQ5NO2DUKk/pM0Z72wsG1Lix9rK86KNWU9c."


def judge(account):
    cluster = Cluster().start()
    try:
        for name in SOURCES:
            source = os.path.join(engines.HERE, "meaning", name)
            judge_source(account, cluster, source)
    finally:
        cluster.stop()


def judge_source(account, cluster, source):
    site = artifacts.Site(source, "on-traefik")
    served = Upstreams(artifacts.service_references(site)).start()
    try:
        for engine in (on_caddy, on_traefik, on_sluiced):
            try:
                engine(account, cluster, source, served)
            except Exception as error:  # the other engines are still worth asking
                account.broke(f"{engine.__name__}, {os.path.basename(source)}: {error}")
    finally:
        served.stop()


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
        judge_bytes(account, "Caddy", source, engine)
    finally:
        engine.stop()


def on_traefik(account, cluster, source, served):
    site = artifacts.Site(source, "on-traefik")
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
        judge_tests(account, "Traefik", source, "on-traefik", engine.at(), root)
        judge_bytes(account, "Traefik", source, engine)
    finally:
        engine.stop()
        cluster.forget(site)


def on_sluiced(account, _, source, __):
    engine = Sluiced(source, "on-table", ADDRESS, {"staff": STAFF}).start()
    try:
        judge_tests(account, "sluiced", source, "on-table", engine.at(), engine.root)
        judge_bytes(account, "sluiced", source, engine)
    finally:
        engine.stop()


def judge_bytes(account, name, source, engine):
    """The corpus is of `plain.example`, a host of the first source."""
    if os.path.basename(source) == "routes":
        address, port, _ = engine.at()
        judge_raw(account, name, address, port)
