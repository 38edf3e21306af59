"""direct: the same source where nothing stands in front: Traefik itself ends TLS, with one wildcard certificate."""

from harness import artifacts, pki, space
from harness.ask import NO_TLS, ask
from harness.kube import Cluster
from harness.traefik import Traefik
from harness.verdicts import judge_tests
from judge_caddy import CLIENT, DOMAIN, EXAMPLE, HOSTS, STRANGER_NAME, broken, healthy, upstreams

NEEDS = ("traefik", "etcd", "kube", "crds")

SITE = "netcup-direct"
NODE = "10.77.0.5"
WILDCARD = "akko-wildcard-tls"


def judge(account):
    cluster, served = Cluster(), upstreams()
    running = [cluster, served]
    try:
        cluster.start()
        served.start()
        cluster.namespace("akko")
        site = artifacts.Site(EXAMPLE, SITE)
        judge_certificates(account, site)
        cluster.apply(served.objects())
        node = bring(account, cluster, site, running)
        judge_hosts(account, node)
        judge_strangers(account, node)
        judge_plain_http(account, node)
        judge_tests(account, "Traefik", EXAMPLE, SITE, node.at(), pki.authority())
    finally:
        for part in reversed(running):
            part.stop()


def judge_certificates(account, site):
    account.heading(f"what {site} asks cert-manager for")
    found = site.kind("Certificate")
    account.equal("Certificates", [item["spec"]["secretName"] for item in found], [WILDCARD])
    if found:
        account.equal("  their names", sorted(found[0]["spec"]["dnsNames"]), sorted([DOMAIN, f"*.{DOMAIN}"]))
        issuers = [item["metadata"]["name"] for item in site.kind("ClusterIssuer") + site.kind("Issuer")]
        account.check("  its issuer is among the artifacts", issuers, found[0]["spec"]["issuerRef"]["name"] in issuers)


def bring(account, cluster, site, running):
    account.heading(f"Traefik reads {site} from the API server")
    cluster.accept(site)
    node = Traefik(cluster, site, NODE)
    account.note("its command line, from the emitted valuesContent: " + " ".join(node.flags))
    account.note("by hand: the Secret of its Certificate, as cert-manager would fill it; Services and endpoints")
    space.own(CLIENT)
    node.start()
    running.append(node)
    routers = node.settle()
    account.check("routers that Traefik made", f"{len(routers)}, all enabled" if healthy(routers) else broken(routers),
                  len(routers) >= len(HOSTS) and healthy(routers), f"at least {len(HOSTS)}, all enabled")
    return node


def judge_hosts(account, node):
    account.heading(f"each of the {len(HOSTS)} hosts over HTTPS, under the wildcard certificate")
    for host, service in HOSTS.items():
        answer = ask("GET", f"https://{host}/some/page?x=1", node.at(), CLIENT, ca=pki.authority())
        told = (answer.status, answer.upstream, *((answer.seen_header("Host"), answer.seen_header("X-Forwarded-Proto"))
                                                  if answer.seen else ()))
        account.check(f"GET https://{host}/some/page", answer if not answer.seen else f"{answer}, which saw {told[2]}, {told[3]}",
                      told == (200, service, host, "https"), f"200 by {service}, which saw {host}, https")


def judge_strangers(account, node):
    account.heading("a host that nobody declared")
    answer = ask("GET", f"https://{STRANGER_NAME}/", node.at(), CLIENT, ca=pki.authority())
    account.check(f"GET https://{STRANGER_NAME}/", answer, not answer.upstream and answer.status in (None, 404),
                  "404 or no handshake")
    answer = ask("GET", "https://nobody.example/", node.at(), CLIENT, ca=pki.authority())
    account.check("GET https://nobody.example/", answer, answer.outcome == NO_TLS, "no handshake")
    answer = ask("GET", f"http://{STRANGER_NAME}/", node.at(), CLIENT)
    account.check(f"GET http://{STRANGER_NAME}/", answer, answer.status == 404, "404")


def judge_plain_http(account, node):
    account.heading("plain HTTP is sent to HTTPS")
    for host in HOSTS:
        answer = ask("GET", f"http://{host}/a/b?x=1", node.at(), CLIENT)
        account.check(f"GET http://{host}/a/b?x=1", answer, answer.status == 301 and
                      answer.header("Location") == f"https://{host}/a/b?x=1", "301 to https, the rest unchanged")
    host = next(iter(HOSTS))
    answer = ask("POST", f"http://{host}/form", node.at(), CLIENT, body=b"a=b")
    account.check(f"POST http://{host}/form", answer, answer.status == 308, "308")
    answer = ask("GET", f"http://{host}/.well-known/acme-challenge/token", node.at(), CLIENT)
    account.note(f"GET http://{host}/.well-known/acme-challenge/token -> {answer} (a solver's own router comes before it)")
