// Nothing is dropped silently: of every plan that a target accepts it must have read each field, or
// list the field among its `ignores` with the reason. A row of `ignores` that nothing needs fails
// too.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "build_plan.h"
#include "compiler/plan/check.h"
#include "compiler/plan/dump.h"
#include "compiler/targets/target.h"

namespace sluice::targets {
namespace {

using namespace plan;  // NOLINT: the builder's words

// A plan that uses some features; made for every target that has all of them.
struct Scenario {
  const char* name;
  std::vector<FeatureId> features;
  std::function<void(PlanBuilder&, const std::function<UpstreamId()>&)> build;
};

RateLimit limit(LimitBy by) {
  RateLimit made;
  made.count = 100U;
  made.period_seconds = 60U;
  made.burst = 200U;
  made.by = by;
  if (by == LimitBy::header) made.header = Field<Name>("X-Key");
  return made;
}

const std::vector<Scenario>& scenarios() {
  using F = FeatureId;
  static const std::vector<Scenario> kAll = {
      {"routes",
       {F::route_prefix, F::route_exact, F::route_regex, F::strip_prefix},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         Host& host = b.host("a.example");
         b.route(host, PathKind::exact, "/x", PlanBuilder::pool({{up, 10000}}));
         b.route(host, PathKind::regex, "^/u", PlanBuilder::pool({{up, 10000}}));
         b.to(host, "/s", up, {b.policy("strip", StripPrefix{std::string("/s")})});
         b.to(host, "/", up);
       }},
      {"a service domain",
       {},
       [](PlanBuilder& b, const auto& upstream) {
         b.plan.site.service_domain = Field<std::string>("svc.example");
         b.to(b.host("a.example"), "/", upstream());
       }},
      {"hosts",
       {F::host_wildcard, F::host_any},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         b.to(b.host("x.example", HostKind::one_label), "/", up);
         b.to(b.host("", HostKind::any), "/", up);
       }},
      {"deep hosts",
       {F::host_deep_wildcard},
       [](PlanBuilder& b, const auto& upstream) {
         b.to(b.host("x.example", HostKind::any_depth), "/", upstream());
       }},
      {"pools",
       {F::pool},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         b.route(b.host("a.example"), PathKind::prefix, "/",
                 PlanBuilder::pool({{up, 9000}, {up, 1000}}));
       }},
      {"static answers",
       {F::respond},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         Host& host = b.host("a.example");
         b.route(host, PathKind::prefix, "/gone", PlanBuilder::respond(410));
         b.to(host, "/", up);
       }},
      {"bodies",
       {F::respond_body},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         Host& host = b.host("a.example");
         b.route(host, PathKind::prefix, "/ok", PlanBuilder::respond(200, "ok"));
         b.to(host, "/", up);
       }},
      {"redirects",
       {F::redirect, F::redirect_code},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         Host& host = b.host("a.example");
         b.route(host, PathKind::prefix, "/p",
                 PlanBuilder::redirect(RedirectKind::permanent, "https://n.example"));
         b.route(host, PathKind::prefix, "/r",
                 PlanBuilder::redirect(RedirectKind::temporary, "https://n.example/x/*"));
         b.route(host, PathKind::exact, "/l",
                 PlanBuilder::redirect(RedirectKind::permanent, "/landing"));
         b.route(host, PathKind::exact, "/c",
                 PlanBuilder::redirect(RedirectKind::exact, "https://n.example/y", 303));
         b.to(host, "/", up);
       }},
      {"addresses of clients",
       {F::allow_peers, F::allow_ips, F::deny_ips, F::trusted_edge},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         b.behind("cdn", {"198.51.100.0/24"});
         b.to(b.host("a.example"), "/", up,
              {b.policy("peers", AllowPeers{CidrList{"198.51.100.0/24"}}),
               b.policy("office", AllowIps{CidrList{"203.0.113.0/24"}}),
               b.policy("banned", DenyIps{CidrList{"203.0.113.9/32"}})});
       }},
      {"limits",
       {F::rate_limit, F::rate_limit_other},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         b.to(b.host("a.example"), "/", up,
              {b.policy("clients", limit(LimitBy::client_ip)),
               b.policy("keys", limit(LimitBy::header)), b.policy("all", limit(LimitBy::everyone)),
               b.policy("hosts", limit(LimitBy::host))});
       }},
      {"passwords",
       {F::basic_auth},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         b.to(b.host("a.example"), "/", up,
              {b.policy("staff",
                        BasicAuth{b.secret("staff", SecretUse::users), std::string("staff")})});
       }},
      {"headers",
       {F::request_headers, F::response_headers},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         HeaderEdits edits;
         edits.request = {HeaderEdit{EditOp::set, "X-A", "1"},
                          HeaderEdit{EditOp::remove, "X-B", ""}};
         edits.response = {HeaderEdit{EditOp::set, "X-C", "1"},
                           HeaderEdit{EditOp::remove, "X-D", ""}};
         b.to(b.host("a.example"), "/", up, {b.policy("edits", edits)});
       }},
      {"internal CA",
       {F::tls, F::internal_ca, F::plain_http_redirect},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         b.to(b.tls_host("a.test", b.certificate("a", {"a.test"}, b.issuer("local", InternalCa{}))),
              "/", up);
       }},
      {"ACME",
       {F::tls, F::acme_http01, F::plain_http_serve},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         Host& host = b.tls_host("a.example", b.certificate("a", {"a.example"}, b.letsencrypt()));
         host.plain_http = PlainHttp::serve;
         b.to(host, "/", up);
       }},
      {"ACME by DNS",
       {F::tls, F::acme_dns01, F::certificate_shared},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         auto all = b.certificate("all", {"x.example", "*.x.example"},
                                  b.letsencrypt(ChallengeKind::dns01), true);
         b.to(b.tls_host("a.x.example", all), "/", up);
       }},
      {"certificates in files",
       {F::tls, F::certificate_files},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         b.to(b.tls_host("a.example",
                         b.certificate("a", {"a.example"}, FilePair{"/a.crt", "/a.key"})),
              "/", up);
       }},
      {"certificates in Secrets",
       {F::tls, F::certificate_secret},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         auto secret = b.secret("a-tls", SecretUse::tls);
         b.to(b.tls_host("a.example", b.certificate("a", {"a.example"}, Existing{secret})), "/",
              up);
       }},
      {"installed issuers",
       {F::tls, F::issuer_installed},
       [](PlanBuilder& b, const auto& upstream) {
         UpstreamId up = upstream();
         b.to(b.tls_host("a.example",
                         b.certificate("a", {"a.example"}, b.issuer("corp", Installed{"corp-ca"}))),
              "/", up);
       }},
      {"a front",
       {F::front},
       [](PlanBuilder& b, const auto&) {
         b.route(b.host("a.example"), PathKind::prefix, "/",
                 b.front("inner", b.address({{"10.0.0.9", 30080}})));
       }},
  };
  return kAll;
}

class Ledger : public testing::TestWithParam<const Target*> {};

TEST_P(Ledger, EveryFieldIsReadOrIgnoredWithAReason) {
  const Target& target = *GetParam();
  std::set<std::string> needless;
  for (const Ignored& row : target.ignores) {
    EXPECT_FALSE(row.why.empty()) << row.field;
    needless.insert(std::string(row.field));
  }
  // Each word that changes what the target can, and the target without any.
  std::vector<const Variant*> variants = {nullptr};
  for (const Variant& variant : target.facts.variants) variants.push_back(&variant);
  int emitted = 0;
  for (const Scenario& scenario : scenarios()) {
    for (const Variant* variant : variants) {
      PlanBuilder b("site", std::string(target.facts.name), "space");
      if (target.facts.kubernetes) b.option("platform", "k3s");
      if (variant != nullptr) b.option(std::string(variant->option), std::string(variant->value));
      const Capabilities& can = capabilities_of(b.plan, target.facts);
      if (std::any_of(scenario.features.begin(), scenario.features.end(),
                      [&](FeatureId id) { return can[id].support == Support::unsupported; })) {
        continue;
      }
      scenario.build(b, [&] {
        return target.facts.kubernetes ? b.service("space", "web", 80)
                                       : b.address({{"10.0.0.5", 8000}});
      });
      target.emit(b.plan);
      ++emitted;
      for (const std::string& field : unread_fields(b.plan)) {
        bool ignored = std::any_of(target.ignores.begin(), target.ignores.end(),
                                   [&](const Ignored& row) { return row.field == field; });
        EXPECT_TRUE(ignored) << target.facts.name << " neither reads nor ignores " << field
                             << " in: " << scenario.name;
        needless.erase(field);
      }
    }
  }
  EXPECT_GT(emitted, 5);
  for (const std::string& field : needless) {
    ADD_FAILURE() << target.facts.name << " ignores " << field << ", which no plan needs";
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Ledger,
                         testing::ValuesIn(all_targets().begin(), all_targets().end()),
                         [](const auto& one) { return std::string(one.param->facts.name); });

}  // namespace
}  // namespace sluice::targets
