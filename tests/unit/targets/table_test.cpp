// What the table target says of a plan, read back from the bytes it writes.
#include <gtest/gtest.h>

#include <algorithm>

#include "build_plan.h"
#include "compiler/plan/dump.h"
#include "compiler/targets/table/to_spec.h"
#include "compiler/targets/target.h"
#include "runtime/table/build.h"
#include "runtime/table/dump.h"
#include "runtime/table/evaluate.h"

namespace sluice::targets {
namespace {

using namespace plan;  // NOLINT: the builder's words

// A plan with one of everything that a table can be asked for.
PlanBuilder everything() {
  PlanBuilder b("edge", "table");
  b.plan.site.service_domain = Field<std::string>("svc.local");
  b.behind("cloudflare", {"173.245.48.0/20"});
  const IssuerId acme = b.letsencrypt(ChallengeKind::dns01);
  const IssuerId local = b.issuer("local", InternalCa{});
  const CertificateId api_cert = b.certificate("api-tls", {"api.test"}, acme);
  const CertificateId local_cert = b.certificate("local-tls", {"b.test"}, local);
  b.certificate("files", {"*.c.test", "c.test"}, FilePair{"/etc/c.crt", "/etc/c.key"}, true);
  b.certificate("kept", {"d.test"}, Existing{b.secret("d-tls", SecretUse::tls)});
  const UpstreamId api = b.service("honeydue", "api", 8000);
  const UpstreamId canary =
      b.address({{"10.0.0.5", 8443, 2}, {"10.0.0.6", 8443, 1}}, Protocol::https);
  b.plan.upstreams[canary.index].written = "canary";
  const FrontId inner = b.front("inner", b.address({{"host.docker.internal", 30080}}));

  const PolicyId peers = b.policy("only-edge", AllowPeers{CidrList{"173.245.48.0/20"}});
  const PolicyId allow = b.policy("office", AllowIps{CidrList{"203.0.113.0/24"}});
  const PolicyId deny = b.policy("banned", DenyIps{CidrList{"203.0.113.66/32"}});
  const PolicyId limit =
      b.policy("throttle", RateLimit{100U, 60U, 200U, LimitBy::client_ip, std::nullopt});
  const PolicyId auth = b.policy(
      "admin-auth", BasicAuth{b.secret("admin-users", SecretUse::users), std::string("admin")});
  const PolicyId by_key =
      b.policy("by-key", RateLimit{5U, 1U, 5U, LimitBy::header, Field<Name>("X-Key")});
  HeaderEdits edits;
  edits.request.emplace_back(HeaderEdit{EditOp::set, "X-From", "edge"});
  edits.response.emplace_back(HeaderEdit{EditOp::remove, "Server", ""});
  const PolicyId headers = b.policy("security.headers", edits);
  const PolicyId strip = b.policy("strip", StripPrefix{std::string("/v%c3%a9")});

  Host& host = b.tls_host("api.test", api_cert);
  b.route(host, PathKind::exact, "/healthz", PlanBuilder::respond(200, "ok"));
  b.route(host, PathKind::regex, "^/u/",
          PlanBuilder::redirect(RedirectKind::permanent, "https://new.test/*"));
  b.to(host, "/admin", api, {allow, deny, auth, by_key});
  b.route(host, PathKind::prefix, "/v%c3%a9", PlanBuilder::pool({{api, 9000}, {canary, 1000}}),
          {peers, limit, headers, strip});
  b.to(host, "/", api, {headers});
  b.route(b.tls_host("b.test", local_cert, HostKind::one_label), PathKind::prefix, "/", inner);
  b.route(b.host("", HostKind::any), PathKind::prefix, "/",
          PlanBuilder::redirect(RedirectKind::exact, "/gone", 303));
  b.plan.needs = {{FeatureId::pool, {}, std::nullopt}};
  b.plan.gaps = {{FeatureId::acm, std::string("api.test"), "no\nreason", {}}};
  return b;
}

constexpr const char* kDump = R"(table version 1
site edge
listen http 80
listen https 443
edge cloudflare tls_ended trust 173.245.48.0/20
need pool
gap acm on api.test "no reason"
certificate api-tls from acme issuer letsencrypt directory https://acme-v02.api.letsencrypt.org/directory email ops@example.com challenge dns-01 provider ovh credentials ovh-dns secret api-tls names api.test
certificate local-tls from internal_ca issuer local secret local-tls names b.test
certificate files shared from files certificate /etc/c.crt key /etc/c.key secret files names *.c.test, c.test
certificate kept from secret secret d-tls names d.test
upstream api http service honeydue/api:8000 at api.svc.local:8000
upstream 10-0-0-5-8443 https written canary at 10.0.0.5:8443 weight 2, 10.0.0.6:8443
upstream host-docker-internal-30080 http at host.docker.internal:30080
front inner -> host-docker-internal-30080
policy only-edge allow_peers 173.245.48.0/20 in only-edge
policy office allow_ips 203.0.113.0/24 in office
policy banned deny_ips 203.0.113.66/32 in banned
policy throttle rate_limit 100 in 60s burst 200 by client_ip in throttle
policy admin-auth basic_auth users admin-users realm "admin" in admin-auth
policy by-key rate_limit 5 in 1s burst 5 by header X-Key in by-key
policy security.headers headers in security.headers
  request set X-From "edge"
  response remove Server
policy strip strip_prefix /v%C3%A9 in strip
host api.test object api-test tls api-tls plain_http redirect
  exact /healthz -> respond 200 "ok" as text/plain; charset=utf-8 object api-test-1
  regex "^/u/" -> redirect permanent "https://new.test" keep_rest keep_query object api-test-2
  prefix / -> api object api-test-5
    use security.headers
  prefix /admin -> api object api-test-3
    use office
    use banned
    use admin-auth
    use by-key
  prefix /v%C3%A9 -> api 90%, 10-0-0-5-8443 10% object api-test-4
    use only-edge
    use throttle
    use security.headers
    use strip
host *.b.test object wildcard-b-test tls local-tls plain_http redirect
  prefix / -> front inner object wildcard-b-test-1
host * object wildcard- tls off plain_http serve
  prefix / -> redirect 303 "/gone" object wildcard--1
)";

TEST(TableTarget, OneFileThatSaysThePlan) {
  const PlanBuilder b = everything();
  const emit::Artifacts artifacts = find_target("table")->emit(b.plan);
  ASSERT_EQ(artifacts.size(), 1U);
  EXPECT_EQ(artifacts[0].path, "site.slt");
  const auto table = sluice::table::Table::load(artifacts[0].bytes);
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(sluice::table::dump(*table), kDump);
}

TEST(TableTarget, EveryFieldOfThePlanIsReadOrIgnoredWithAReason) {
  const PlanBuilder b = everything();
  const Target& target = *find_target("table");
  (void)target.emit(b.plan);
  for (const std::string& field : plan::unread_fields(b.plan)) {
    const bool ignored =
        std::any_of(target.ignores.begin(), target.ignores.end(),
                    [&](const Ignored& row) { return row.field == field && !row.why.empty(); });
    EXPECT_TRUE(ignored) << field;
  }
}

TEST(TableTarget, ASiteWithKubernetesIsAskedInTheSameWay) {
  PlanBuilder b("k3s", "traefik", "honeydue");
  b.to(b.host("api.test"), "/", b.service("honeydue", "api", 8000));
  const std::string bytes = sluice::table::build(table::to_spec(b.plan));
  const auto table = sluice::table::Table::load(bytes);
  ASSERT_TRUE(table.has_value()) << table.error().message;
  sluice::table::Request request;
  request.headers = {{"Host", "api.test"}};
  const sluice::table::Decision d = sluice::table::evaluate(*table, request);
  ASSERT_EQ(d.pool.size(), 1U);
  EXPECT_EQ(b.plan.upstreams[d.pool[0].upstream].object, "api");
}

}  // namespace
}  // namespace sluice::targets
