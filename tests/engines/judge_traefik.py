"""traefik: honeydue's Traefik on a node's own ports behind Cloudflare, for real."""

import base64
import time

from harness import artifacts, space
from harness.ask import Connection, ask
from harness.kube import Cluster
from harness.sluiced import Sluiced
from harness.traefik import Traefik
from harness.upstreams import Upstreams
from harness.verdicts import judge_tests

NEEDS = ("traefik", "etcd", "kube", "crds")

EXAMPLE, SITE = "honeydue-k3s", "k3s"
NODE = "10.77.0.4"
EDGE = "173.245.48.9"        # in Cloudflare's 173.245.48.0/20
OTHER_EDGE = "104.16.0.9"    # in Cloudflare's 104.16.0.0/13
STRANGER = "203.0.113.7"
VISITOR = "198.51.100.77"
API, BARE, ADMIN = "api.myhoneydue.com", "myhoneydue.com", "admin.myhoneydue.com"
HOSTS = {API: "honeydue/api:8000", BARE: "honeydue/api:8000", ADMIN: "honeydue/admin:3000"}
BURST, PER_SECOND = 200, 100 / 60

# htpasswd line of user `operator`, password `right`, bcrypt.
USERS = "operator:$2b$04$uMgoWkRLUyWpwYETbHQ5NO2DUKk/pM0Z72wsG1Lix9rK86KNWU9c."
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "admin-users", "namespace": "honeydue"},
          "stringData": {"users": USERS}}
RIGHT = ("Authorization", "Basic " + base64.b64encode(b"operator:right").decode())
WRONG = ("Authorization", "Basic " + base64.b64encode(b"operator:wrong").decode())


def judge(account):
    cluster = Cluster()
    served = Upstreams([("honeydue", "api", 8000), ("honeydue", "admin", 3000)])
    running = [cluster, served]
    try:
        cluster.start()
        served.start()
        cluster.namespace("honeydue")
        cluster.apply(served.objects() + [SECRET])
        site, node = bring(account, cluster, running)
        judge_edge(account, node)
        judge_strangers(account, node)
        judge_admin(account, node)
        judge_rate(account, node)
        judge_closed(account, cluster, site, node)
        judge_tests(account, "Traefik", EXAMPLE, SITE, node.at())
        node.stop()
        running.remove(node)
        judge_by_sluiced(account, running)
    finally:
        for part in reversed(running):
            part.stop()


def bring(account, cluster, running):
    site = artifacts.Site(EXAMPLE, SITE)
    account.heading(f"Traefik reads {site} from the API server")
    cluster.accept(site)
    node = Traefik(cluster, site, NODE)
    account.note("its command line, from the emitted valuesContent: " + " ".join(node.flags)[:600] + " …")
    account.note("added for the judge: " + " ".join(node.added) + "; every :PORT is at " + node.address)
    account.note("by hand: the IngressClass (the chart's), Services, endpoints, the Secret admin-users")
    for address in (EDGE, OTHER_EDGE, STRANGER, VISITOR):
        space.own(address)
    node.start()
    running.append(node)
    routers = node.settle()
    bad = [(router["name"], router.get("error")) for router in routers if router["status"] != "enabled"]
    account.check("routers that Traefik made", bad or f"{len(routers)}, all enabled", len(routers) >= len(HOSTS) and not bad,
                  f"at least {len(HOSTS)}, all enabled")
    return site, node


def through_edge(visitor=VISITOR, proto="https"):
    """What Cloudflare says of its visitor."""
    return [("X-Forwarded-For", visitor), ("X-Forwarded-Proto", proto)]


def judge_edge(account, node):
    account.heading(f"visitor {VISITOR} through Cloudflare's {EDGE}, TLS ended there")
    for host in (API, BARE):
        answer = ask("GET", f"http://{host}/v1?x=1", node.at(), EDGE, through_edge())
        account.check(f"GET http://{host}/v1?x=1", answer, answer.status == 200 and answer.upstream == HOSTS[host],
                      f"200 by {HOSTS[host]}, no redirect")
        if not answer.upstream:
            continue
        account.equal("  the upstream's Host", answer.seen_header("Host"), host)
        account.equal("  its X-Forwarded-Proto", answer.seen_header("X-Forwarded-Proto"), "https")
        account.equal("  its X-Forwarded-For", answer.seen_header("X-Forwarded-For"), f"{VISITOR}, {EDGE}")
    answer = ask("GET", f"http://{API}/", node.at(), OTHER_EDGE, through_edge())
    account.check(f"GET http://{API}/ through {OTHER_EDGE}", answer, answer.upstream == HOSTS[API], f"200 by {HOSTS[API]}")
    for name in ("X-Frame-Options", "X-Content-Type-Options", "Strict-Transport-Security"):
        account.check(f"  {name} on the answer", answer.header(name), answer.header(name) is not None, "a value")
    answer = ask("GET", "http://nope.myhoneydue.com/", node.at(), EDGE, through_edge())
    account.check("GET http://nope.myhoneydue.com/", answer, answer.status == 404, "404")


def judge_strangers(account, node):
    account.heading(f"{STRANGER} goes around Cloudflare")
    for host in HOSTS:
        answer = ask("GET", f"http://{host}/", node.at(), STRANGER)
        account.check(f"GET http://{host}/", answer, answer.status == 403, "403")
        answer = ask("GET", f"http://{host}/", node.at(), STRANGER, [("X-Forwarded-For", EDGE), ("X-Real-IP", EDGE), RIGHT])
        account.check(f"GET http://{host}/ claiming to be {EDGE}", answer, answer.status == 403, "403")
    answer = ask("GET", f"http://{ADMIN}/", node.at(), STRANGER)
    account.check("the refusal of admin asks for no password", answer.header("WWW-Authenticate"),
                  answer.header("WWW-Authenticate") is None, "no WWW-Authenticate")


def judge_admin(account, node):
    account.heading("admin asks for a password")
    answer = ask("GET", f"http://{ADMIN}/", node.at(), EDGE, through_edge())
    account.check(f"GET http://{ADMIN}/", answer, answer.status == 401 and not answer.upstream, "401")
    account.check("  how it asks", answer.header("WWW-Authenticate"),
                  (answer.header("WWW-Authenticate") or "").startswith("Basic "), "Basic realm=…")
    answer = ask("GET", f"http://{ADMIN}/", node.at(), EDGE, through_edge() + [WRONG])
    account.check("  with a wrong password", answer, answer.status == 401, "401")
    answer = ask("GET", f"http://{ADMIN}/", node.at(), EDGE, through_edge() + [RIGHT])
    account.check("  with the right password", answer, answer.upstream == HOSTS[ADMIN], f"200 by {HOSTS[ADMIN]}")
    if answer.upstream:
        account.check("  the password at the upstream", answer.seen_header("Authorization"),
                      answer.seen_header("Authorization") is None, "none")


def judge_rate(account, node):
    """100 a minute, burst 200. Tokens come back while we ask, and Traefik lets one more wait up to half a period
    (meaning-middleware M5.1), so the first refusal may come that much later, and never before the 201st."""
    account.heading("100 requests a minute with a burst of 200, by visitor")
    for visitor in ("198.51.100.78", "198.51.100.79"):
        connection = Connection((NODE, node.at()[1]), EDGE)
        started, asked, answer = time.monotonic(), 0, None
        while asked < BURST + 60:
            asked += 1
            answer = connection.ask("GET", "/", [("Host", API), *through_edge(visitor)])
            if answer.status != 200:
                break
        elapsed = time.monotonic() - started
        latest = BURST + 1 + int(elapsed * PER_SECOND + 1)
        account.check(f"quick requests of visitor {visitor} until one is throttled", f"number {asked}: {answer}",
                      answer.status == 429 and BURST + 1 <= asked <= latest, f"429 to number {BURST + 1}, at most number {latest}")
        account.check("  Retry-After", answer.header("Retry-After"), (answer.header("Retry-After") or "").isdigit(), "seconds")
        connection.close()
    answer = ask("GET", f"http://{API}/", node.at(), EDGE, through_edge())
    account.check(f"visitor {VISITOR} meanwhile", answer, answer.status == 200, "200")


def judge_closed(account, cluster, site, node):
    """Traefik drops a router whose middleware is broken and answers by the next: nothing of admin may be open then."""
    account.heading("admin with one of its guards taken away: its upstream answers nothing")
    guards = [("Secret", SECRET)]
    guards += [("Middleware", item) for item in site.kind("Middleware") if guards_admin(site, item["metadata"]["name"])]
    account.check("guards to take away", ", ".join(item["metadata"]["name"] for _, item in guards), len(guards) >= 3,
                  "the Secret and two Middlewares at least")
    for kind, item in guards:
        name = item["metadata"]["name"]
        cluster.kubectl("delete", kind.lower(), name, "-n", item["metadata"]["namespace"])
        answers, noticed = node.watch_without(lambda: intruders(node))
        opened = [answer for answer in answers if answer.upstream]
        account.check(f"without the {kind} {name}: {len(answers)} requests, the last {answers[-1]}",
                      f"{len(opened)} by the upstream" + ("" if noticed else ", and no router was broken by it"),
                      not opened and noticed, "0, with a broken router")
        cluster.apply([item])
        node.healed()
        account.check("  and with it again", settled(node), settled(node) == HOSTS[ADMIN], HOSTS[ADMIN])


def guards_admin(site, middleware):
    """Whether an object that names admin's host names this Middleware."""
    for item in site.kind("Ingress") + site.kind("IngressRoute"):
        text = str(item)
        if ADMIN in text and middleware in text:
            return True
    return False


def intruders(node):
    """Asks admin as a visitor without a password, and from around the edge with the right one."""
    return [ask("GET", f"http://{ADMIN}/", node.at(), EDGE, through_edge()),
            ask("GET", f"http://{ADMIN}/", node.at(), STRANGER, [RIGHT])]


def settled(node, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask("GET", f"http://{ADMIN}/", node.at(), EDGE, through_edge() + [RIGHT])
        if answer.upstream:
            return answer.upstream
        time.sleep(0.1)
    return str(answer)


def judge_by_sluiced(account, running):
    """sluiced in Traefik's place on the node."""
    proxy = Sluiced(EXAMPLE, SITE, NODE, {"admin-users": USERS})
    proxy.start()
    running.append(proxy)
    account.heading("the same asked of sluiced, in Traefik's place on the node")
    judge_edge(account, proxy)
    judge_strangers(account, proxy)
    judge_admin(account, proxy)
    judge_rate(account, proxy)
    judge_tests(account, "sluiced", EXAMPLE, SITE, proxy.at(), proxy.root)
    account.note(f"its table is of the same source with one line added: {proxy.added}")
