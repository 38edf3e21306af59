// What the traefik target writes, from plans made by hand. Whole sources are in
// tests/cases/traefik, and the real Traefik and API server judge the examples in tests/engines.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "build_plan.h"
#include "compiler/targets/target.h"
#include "compiler/targets/traefik/context.h"

namespace sluice::targets {
namespace {

using namespace plan;  // NOLINT: the builder's words

std::string artifact(const PlanBuilder& builder, const std::string& path) {
  std::string all;
  for (const emit::Artifact& artifact : find_target("traefik")->emit(builder.plan)) {
    if (artifact.path == path) return artifact.bytes;
    all += artifact.path + "\n";
  }
  return "[no such artifact] of\n" + all;
}

YAML::Node object(const PlanBuilder& builder, const std::string& name) {
  std::string bytes = artifact(builder, "20-site/" + name + ".yaml");
  EXPECT_FALSE(bytes.starts_with("[no such")) << name << ": " << bytes;
  return bytes.starts_with("[no such") ? YAML::Node() : YAML::Load(bytes);
}

bool exists(const PlanBuilder& builder, const std::string& name) {
  return !artifact(builder, "20-site/" + name + ".yaml").starts_with("[no such");
}

// "Host(`a`) @88 [mw,mw] -> name:port" of each router, in order.
std::string routers(const YAML::Node& route) {
  std::string text;
  for (const YAML::Node& one : route["spec"]["routes"]) {
    text += one["match"].as<std::string>() + " @" + one["priority"].as<std::string>() + " [";
    YAML::Node middlewares =
        one["middlewares"] ? one["middlewares"] : YAML::Node(YAML::NodeType::Sequence);
    for (size_t i = 0; i < middlewares.size(); ++i) {
      text += (i ? "," : "") + middlewares[i]["name"].as<std::string>();
    }
    text += "] ->";
    for (const YAML::Node& to : one["services"]) {
      text += " " + to["name"].as<std::string>();
      if (to["port"]) text += ":" + to["port"].as<std::string>();
      if (to["weight"]) text += "*" + to["weight"].as<std::string>();
    }
    text += "\n";
  }
  return text;
}

std::vector<std::string> audit(const PlanBuilder& builder) {
  diag::Sink sink;
  find_target("traefik")->audit(builder.plan, sink);
  std::vector<std::string> codes;
  for (const diag::Diagnostic& d : sink.all()) codes.emplace_back(d.code);
  return codes;
}

TEST(Traefik, ARouteIsShort) {
  PlanBuilder b("k3d", "traefik", "akko");
  b.listen({{Scheme::http, uint16_t{30080}}})
      .option("platform", "k3s")
      .behind("netcup", {"10.0.0.0/8"}, true);
  b.to(b.host("bi.akko.example"), "/", b.service("akko", "superset", 8088));
  EXPECT_EQ(artifact(b, "20-site/ingressroute-bi-akko-example.yaml"),
            R"(apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: bi-akko-example
  namespace: akko
  labels:
    app.kubernetes.io/managed-by: sluice
    sluice.dev/site: k3d
spec:
  entryPoints: [web]
  routes:
    - match: Host(`bi.akko.example`)
      kind: Rule
      priority: 88
      services:
        - name: superset
          port: 8088
          scheme: http
)");
  YAML::Node config = YAML::Load(artifact(b, "00-platform/helmchartconfig-traefik.yaml"));
  EXPECT_EQ(config["metadata"]["namespace"].as<std::string>(), "kube-system");
  YAML::Node values = YAML::Load(config["spec"]["valuesContent"].as<std::string>());
  EXPECT_EQ(values["service"]["spec"]["type"].as<std::string>(), "NodePort");
  EXPECT_EQ(values["ports"]["web"]["nodePort"].as<int>(), 30080);
  EXPECT_EQ(values["ports"]["web"]["forwardedHeaders"]["trustedIPs"][0].as<std::string>(),
            "10.0.0.0/8");
  EXPECT_FALSE(values["ports"]["websecure"]["expose"]["default"].as<bool>());
}

TEST(Traefik, RoutesHaveFallingPrioritiesAndGuardsTwins) {
  PlanBuilder b("s", "traefik", "shop");
  auto up = b.service("shop", "web", 80);
  Host& host = b.host("a.example");
  HeaderEdits edits;
  edits.response = {HeaderEdit{EditOp::set, "X-A", "1"}};
  edits.request = {HeaderEdit{EditOp::remove, "X-B", ""}};
  std::vector<PolicyId> chain = {b.policy("office", AllowIps{CidrList{"203.0.113.0/24"}}),
                                 b.policy("edits", edits),
                                 b.policy("strip", StripPrefix{std::string("/admin")})};
  b.route(host, PathKind::exact, "/healthz", PlanBuilder::respond(204));
  b.route(host, PathKind::regex, "^/u/[0-9]+$", PlanBuilder::pool({{up, 10000}}));
  b.to(host, "/admin", up, chain);
  b.to(host, "/", up);
  EXPECT_EQ(routers(object(b, "ingressroute-a-example")),
            "Host(`a.example`) && Path(`/healthz`) @88 [sluice-204] -> noop@internal\n"
            "Host(`a.example`) && PathRegexp(`^/u/[0-9]+$`) @86 [] -> web:80\n"
            "Host(`a.example`) && (Path(`/admin`) || PathPrefix(`/admin/`)) @84 "
            "[edits,office,edits-request,strip] -> web:80\n"
            "Host(`a.example`) @82 [] -> web:80\n");
  EXPECT_EQ(routers(object(b, "ingressroute-a-example-closed")),
            "Host(`a.example`) && (Path(`/admin`) || PathPrefix(`/admin/`)) @83 [sluice-closed] -> "
            "noop@internal\n");
  EXPECT_EQ(routers(object(b, "ingressroute-sluice-guards")),
            "Host(`a.example`) && PathRegexp(`/\\.\\.?;`) @90 [sluice-400] -> noop@internal\n"
            "Host(`a.example`) && HostRegexp(`\\.$`) @90 [sluice-404] -> noop@internal\n");
  EXPECT_EQ(object(b, "middleware-edits")["spec"]["headers"]["customResponseHeaders"]["X-A"]
                .as<std::string>(),
            "1");
  EXPECT_EQ(object(b, "middleware-edits-request")["spec"]["headers"]["customRequestHeaders"]["X-B"]
                .as<std::string>(),
            "");
}

TEST(Traefik, AWildcardStandsBelowEveryHostThatItCovers) {
  PlanBuilder b("s", "traefik", "shop");
  auto up = b.service("shop", "web", 80);
  Host& only = b.host("o.x.example");
  b.to(only, "/only", up);
  b.to(only, "/other", up);
  b.to(b.host("x.example", HostKind::one_label), "/", up);
  b.to(b.host("example", HostKind::any_depth), "/", up);
  b.to(b.host("free.test"), "/", up);
  EXPECT_EQ(routers(object(b, "ingressroute-wildcard-x-example")),
            "HostRegexp(`^[^.]+\\.x\\.example$`) @82 [] -> web:80\n");
  EXPECT_EQ(routers(object(b, "ingressroute-wildcard-example")),
            "HostRegexp(`^(?:[^.]+\\.)+example$`) @78 [] -> web:80\n");
  EXPECT_EQ(routers(object(b, "ingressroute-free-test")), "Host(`free.test`) @88 [] -> web:80\n");
  EXPECT_NE(routers(object(b, "ingressroute-sluice-guards"))
                .find("Host(`o.x.example`) @84 [sluice-404] -> noop@internal\n"),
            std::string::npos)
      << "no route of the wildcard answers for o.x.example";
}

TEST(Traefik, PrioritiesNeverReachTheSolversNorZero) {
  PlanBuilder b("s", "traefik", "shop");
  auto up = b.service("shop", "web", 80);
  Host& host = b.host("a.example");
  for (int i = 0; i < 60; ++i) b.to(host, "/p" + std::to_string(i), up);
  traefik::Priorities all = traefik::priorities(b.plan).front();
  int before = traefik::kGuardPriority;
  for (int priority : all.routes) {
    EXPECT_LT(priority, before - (before == traefik::kGuardPriority ? 0 : 1))
        << "room for the twin";
    EXPECT_NE(priority, 0);
    EXPECT_NE(priority - 1, 0);
    before = priority;
  }
  EXPECT_LT(all.last, before);
}

TEST(Traefik, TlsWithAWildcardAndTheRedirectBesideIt) {
  PlanBuilder b("direct", "traefik", "akko");
  b.option("platform", "k3s");
  auto certificate = b.certificate("akko-wildcard-tls", {"akko.example", "*.akko.example"},
                                   b.letsencrypt(ChallengeKind::dns01), true);
  auto peers = b.policy("office", AllowPeers{CidrList{"203.0.113.0/24"}});
  b.to(b.tls_host("bi.akko.example", certificate), "/", b.service("akko", "superset", 8088),
       {peers});
  b.to(b.tls_host("lab.akko.example", certificate), "/", b.service("akko", "lab", 8000));
  YAML::Node route = object(b, "ingressroute-bi-akko-example");
  EXPECT_EQ(route["spec"]["entryPoints"][0].as<std::string>(), "websecure");
  EXPECT_EQ(route["spec"]["tls"]["secretName"].as<std::string>(), "akko-wildcard-tls");
  EXPECT_EQ(routers(object(b, "ingressroute-sluice-to-https")),
            "Host(`bi.akko.example`) && !PathPrefix(`/.well-known/acme-challenge/`) @88 "
            "[office,sluice-to-https] -> noop@internal\n"
            "Host(`lab.akko.example`) && !PathPrefix(`/.well-known/acme-challenge/`) @88 "
            "[sluice-to-https] -> noop@internal\n");
  EXPECT_TRUE(object(b, "tlsoption-default")["spec"]["sniStrict"].as<bool>());
  YAML::Node wanted = object(b, "certificate-akko-wildcard-tls");
  EXPECT_EQ(wanted["spec"]["secretName"].as<std::string>(), "akko-wildcard-tls");
  EXPECT_EQ(wanted["spec"]["dnsNames"][1].as<std::string>(), "*.akko.example");
  YAML::Node issuer = YAML::Load(artifact(b, "10-issuers/clusterissuer-letsencrypt.yaml"));
  EXPECT_EQ(
      issuer["spec"]["acme"]["solvers"][0]["dns01"]["webhook"]["solverName"].as<std::string>(),
      "ovh");
}

TEST(Traefik, SolversComeBeforeEverything) {
  PlanBuilder b("s", "traefik", "shop");
  b.to(b.tls_host("a.example", b.certificate("a-tls", {"a.example"}, b.letsencrypt())), "/",
       b.service("shop", "web", 80));
  YAML::Node issuer = YAML::Load(artifact(b, "10-issuers/clusterissuer-letsencrypt.yaml"));
  YAML::Node ingress = issuer["spec"]["acme"]["solvers"][0]["http01"]["ingress"];
  EXPECT_EQ(ingress["ingressClassName"].as<std::string>(), "traefik");
  EXPECT_EQ(ingress["serviceType"].as<std::string>(), "ClusterIP");
  EXPECT_EQ(ingress["ingressTemplate"]["metadata"]["annotations"]
                   ["traefik.ingress.kubernetes.io/router.priority"]
                       .as<std::string>(),
            "1000000");
  YAML::Node values = YAML::Load(artifact(b, "00-platform/values.yaml"));
  EXPECT_TRUE(values["providers"]["kubernetesIngress"]["enabled"].as<bool>());
}

TEST(Traefik, AnInternalCaIsKeptByCertManager) {
  PlanBuilder b("s", "traefik", "shop");
  b.to(b.tls_host("a.test", b.certificate("a-test", {"a.test"}, b.issuer("local", InternalCa{}))),
       "/", b.service("shop", "web", 80));
  YAML::Node root = YAML::Load(artifact(b, "10-issuers/certificate-local-ca.yaml"));
  EXPECT_EQ(root["metadata"]["namespace"].as<std::string>(), "cert-manager");
  EXPECT_EQ(root["spec"]["privateKey"]["rotationPolicy"].as<std::string>(), "Never");
  YAML::Node list = YAML::Load(artifact(b, "10-issuers/kustomization.yaml"));
  EXPECT_EQ(list["resources"][0].as<std::string>(), "clusterissuer-local-selfsigned.yaml");
  EXPECT_EQ(list["resources"][2].as<std::string>(), "clusterissuer-local.yaml");
}

TEST(Traefik, PoliciesStandBeforeRoutesInTheKustomization) {
  PlanBuilder b("s", "traefik", "shop");
  b.to(b.host("a.example"), "/", b.address({{"10.0.0.5", 8000}}),
       {b.policy("office", AllowIps{CidrList{"10.0.0.0/8"}})});
  YAML::Node list = YAML::Load(artifact(b, "20-site/kustomization.yaml"));
  std::string order;
  for (const YAML::Node& one : list["resources"]) order += one.as<std::string>() + "\n";
  EXPECT_EQ(order,
            "service-to-10-0-0-5-8000.yaml\nendpointslice-to-10-0-0-5-8000.yaml\nmiddleware-office."
            "yaml\nmiddleware-sluice-400.yaml\n"
            "middleware-sluice-404.yaml\nmiddleware-sluice-closed.yaml\ningressroute-a-example-"
            "closed.yaml\n"
            "ingressroute-sluice-guards.yaml\ningressroute-a-example.yaml\n");
}

TEST(Traefik, BehindAnEdgeTheClientIsWhomTheEdgeNames) {
  PlanBuilder b("s", "traefik", "shop");
  b.behind("cdn", {"198.51.100.0/24"});
  RateLimit limit;
  limit.count = 100U;
  limit.period_seconds = 60U;
  limit.burst = 200U;
  limit.by = LimitBy::client_ip;
  b.to(b.host("a.example"), "/", b.service("shop", "web", 80),
       {b.policy("peers", AllowPeers{CidrList{"198.51.100.0/24"}}),
        b.policy("office", AllowIps{CidrList{"203.0.113.0/24"}}),
        b.policy("banned", DenyIps{CidrList{"0.0.0.0/1", "8000::/1"}}), b.policy("limit", limit)});
  EXPECT_FALSE(object(b, "middleware-peers")["spec"]["ipAllowList"]["ipStrategy"])
      << "the peer, not the client";
  EXPECT_EQ(object(b, "middleware-office")["spec"]["ipAllowList"]["ipStrategy"]["excludedIPs"][0]
                .as<std::string>(),
            "198.51.100.0/24");
  YAML::Node banned = object(b, "middleware-banned")["spec"]["ipAllowList"]["sourceRange"];
  EXPECT_EQ(banned[0].as<std::string>(), "128.0.0.0/1");
  EXPECT_EQ(banned[1].as<std::string>(), "::/1");
  YAML::Node rate = object(b, "middleware-limit")["spec"]["rateLimit"];
  EXPECT_EQ(rate["average"].as<int>(), 100);
  EXPECT_EQ(rate["period"].as<std::string>(), "1m");
  EXPECT_EQ(rate["burst"].as<int>(), 200);
  EXPECT_EQ(rate["sourceCriterion"]["ipStrategy"]["excludedIPs"][0].as<std::string>(),
            "198.51.100.0/24");
}

TEST(Traefik, ComplementsAreExact) {
  EXPECT_EQ(traefik::complement({"128.0.0.0/2", "0.0.0.0/1", "::/0"}), (CidrList{"192.0.0.0/2"}));
  CidrList all = traefik::complement({"10.0.0.0/8", "2001:db8::/32"});
  EXPECT_EQ(all.size(), 8U + 32U);
  EXPECT_EQ(all.front(), "0.0.0.0/5");
  EXPECT_EQ(all[2], "11.0.0.0/8");
  EXPECT_EQ(all.back(), "8000::/1");
  EXPECT_EQ(traefik::complement({}), (CidrList{"0.0.0.0/0", "::/0"}));
}

TEST(Traefik, AddressesBecomeServices) {
  PlanBuilder b("s", "traefik", "shop");
  auto even = b.address({{"10.0.0.5", 8000}, {"10.0.0.6", 8000}});
  auto named = b.address({{"up.example", 443}}, Protocol::https);
  Host& host = b.host("a.example");
  b.route(host, PathKind::prefix, "/", PlanBuilder::pool({{even, 9000}, {named, 1000}}));
  YAML::Node slice = object(b, "endpointslice-to-10-0-0-5-8000");
  EXPECT_EQ(slice["endpoints"].size(), 2U);
  EXPECT_EQ(slice["metadata"]["labels"]["kubernetes.io/service-name"].as<std::string>(),
            "to-10-0-0-5-8000");
  YAML::Node service = object(b, "service-up-example-443");
  EXPECT_EQ(service["spec"]["externalName"].as<std::string>(), "up.example");
  EXPECT_EQ(routers(object(b, "ingressroute-a-example")),
            "Host(`a.example`) @88 [] -> to-10-0-0-5-8000:8000*9 up-example-443:443*1\n");
  EXPECT_EQ(object(b, "serverstransport-up-example-443")["spec"]["serverName"].as<std::string>(),
            "up.example");
  YAML::Node values = YAML::Load(artifact(b, "00-platform/values.yaml"));
  EXPECT_TRUE(values["providers"]["kubernetesCRD"]["allowExternalNameServices"].as<bool>());
}

TEST(Traefik, Redirects) {
  PlanBuilder b("s", "traefik", "shop");
  Host& host = b.host("old.example");
  b.route(host, PathKind::prefix, "/docs",
          PlanBuilder::redirect(RedirectKind::temporary, "https://new.example/manual/*"));
  b.route(host, PathKind::exact, "/x", PlanBuilder::redirect(RedirectKind::permanent, "/landing"));
  b.route(host, PathKind::exact, "/y",
          PlanBuilder::redirect(RedirectKind::exact, "https://new.example/y", 303));
  b.route(host, PathKind::prefix, "/",
          PlanBuilder::redirect(RedirectKind::permanent, "https://new.example"));
  auto regex = [&](const std::string& name) {
    return object(b, "middleware-" + name)["spec"]["redirectRegex"];
  };
  EXPECT_EQ(regex("old-example-1-redirect")["regex"].as<std::string>(),
            "^https?://[^/]+/docs(/[^?]*)?(\\?.*)?$");
  EXPECT_EQ(regex("old-example-1-redirect")["replacement"].as<std::string>(),
            "https://new.example/manual${1}${2}");
  EXPECT_FALSE(regex("old-example-1-redirect")["permanent"].as<bool>());
  EXPECT_EQ(regex("old-example-2-redirect")["replacement"].as<std::string>(), "${1}/landing");
  EXPECT_EQ(regex("old-example-4-redirect")["regex"].as<std::string>(),
            "^https?://[^/]+(/[^?]*)?(\\?.*)?$");
  EXPECT_EQ(regex("old-example-4-redirect")["replacement"].as<std::string>(),
            "https://new.example${1}${2}");
  EXPECT_EQ(
      routers(object(b, "ingressroute-old-example")).find("[old-example-3-redirect,sluice-303]") ==
          std::string::npos,
      false);
}

TEST(Traefik, KindIngressHasOneObjectARuleAndNoIngressRoutes) {
  PlanBuilder b("k3s", "traefik", "shop");
  b.option("kind", "ingress").option("chart", "39.0.501+up39.0.5");
  auto up = b.service("shop", "web", 80);
  for (const char* name : {"a.example", "b.example"}) {
    Host& host = b.host(name);
    host.group = "shop-web";
    b.route(host, PathKind::exact, "/login", PlanBuilder::pool({{up, 10000}})).object =
        "shop-web-login";
    b.to(host, "/", up, {b.policy("office", AllowPeers{CidrList{"10.0.0.0/8"}})}).object =
        "shop-web-root";
  }
  b.plan.policies.pop_back();  // equal ones are one
  b.plan.hosts[1].routes[1].chain[0] = PolicyId{0};
  YAML::Node login = object(b, "ingress-shop-web-login");
  EXPECT_EQ(login["metadata"]["annotations"]["traefik.ingress.kubernetes.io/router.priority"]
                .as<std::string>(),
            "88");
  EXPECT_EQ(login["spec"]["rules"].size(), 2U);
  EXPECT_EQ(login["spec"]["rules"][0]["http"]["paths"][0]["pathType"].as<std::string>(), "Exact");
  YAML::Node root = object(b, "ingress-shop-web-root");
  EXPECT_EQ(root["metadata"]["annotations"]["traefik.ingress.kubernetes.io/router.middlewares"]
                .as<std::string>(),
            "shop-office@kubernetescrd");
  YAML::Node twin = object(b, "ingress-shop-web-root-closed");
  EXPECT_EQ(twin["metadata"]["annotations"]["traefik.ingress.kubernetes.io/router.priority"]
                .as<std::string>(),
            "85");
  EXPECT_TRUE(exists(b, "ingress-sluice-guards"));
  for (const emit::Artifact& artifact : find_target("traefik")->emit(b.plan)) {
    EXPECT_EQ(artifact.path.find("ingressroute"), std::string::npos) << "never mixed in a site";
  }
}

TEST(Traefik, ADaemonSetOnTheNodesOwnPorts) {
  PlanBuilder b("k3s", "traefik", "shop");
  b.option("platform", "k3s")
      .option("chart", "39.0.501+up39.0.5")
      .option("daemonset")
      .option("host_network");
  b.to(b.host("a.example"), "/", b.service("shop", "web", 80));
  std::string text = artifact(b, "00-platform/helmchartconfig-traefik.yaml");
  EXPECT_NE(text.find("sluice.dev/chart: 39.0.501+up39.0.5"), std::string::npos) << text;
  YAML::Node values = YAML::Load(YAML::Load(text)["spec"]["valuesContent"].as<std::string>());
  EXPECT_EQ(values["deployment"]["kind"].as<std::string>(), "DaemonSet");
  EXPECT_TRUE(values["hostNetwork"].as<bool>());
  EXPECT_FALSE(values["service"]["enabled"].as<bool>());
  EXPECT_EQ(values["ports"]["web"]["port"].as<int>(), values["ports"]["web"]["hostPort"].as<int>());
  EXPECT_EQ(values["updateStrategy"]["rollingUpdate"]["maxSurge"].as<int>(), 0);
  EXPECT_EQ(values["securityContext"]["capabilities"]["add"][0].as<std::string>(),
            "NET_BIND_SERVICE");
  EXPECT_FALSE(values["ports"]["web"]["http"]["underscoreHeadersStrategy"])
      << "chart 39 does not know it";
}

TEST(Traefik, AnOldChartGetsNoKeyItDoesNotKnow) {
  PlanBuilder b("k3s", "traefik", "shop");
  b.option("chart", "34.3.0");
  b.to(b.host("a.example"), "/", b.service("shop", "web", 80));
  EXPECT_EQ(artifact(b, "00-platform/values.yaml").find("encodedCharacters"), std::string::npos);
  EXPECT_EQ(audit(b), std::vector<std::string>{"SL0743"});
}

TEST(Traefik, TheAuditRefusesWhatTheClusterWould) {
  PlanBuilder b("s", "traefik", "shop");
  b.option("chart", "two").option("kind", "ingress");
  b.listen({{Scheme::http, uint16_t{30080}}, {Scheme::https, uint16_t{443}}});
  Host& host = b.host("a.example");
  b.to(host, "/", b.address({{"127.0.0.1", 8000}}));
  b.route(host, PathKind::exact, "/x",
          PlanBuilder::redirect(RedirectKind::exact, "https://new.example", 303));
  b.to(host, "/tls", b.service("shop", "web", 443, Protocol::https));
  EXPECT_EQ(audit(b), (std::vector<std::string>{"SL0742", "SL0744", "SL0748", "SL0741", "SL0745"}));
}

TEST(Traefik, ObjectsOfAnotherNamespaceSayItInTheirFile) {
  PlanBuilder b("s", "traefik", "shop");
  b.to(b.host("a.example"), "/", b.service("other", "web", 80),
       {b.policy("office", AllowPeers{CidrList{"10.0.0.0/8"}})});
  EXPECT_EQ(object(b, "ingressroute-other.a-example")["metadata"]["namespace"].as<std::string>(),
            "other");
  EXPECT_EQ(object(b, "middleware-other.office")["metadata"]["namespace"].as<std::string>(),
            "other");
  EXPECT_EQ(object(b, "ingressroute-sluice-guards")["metadata"]["namespace"].as<std::string>(),
            "shop");
}

}  // namespace
}  // namespace sluice::targets
