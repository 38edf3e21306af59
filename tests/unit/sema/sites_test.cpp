// Listeners, edges, fronts, certificates, options, gaps: what a site says.
#include <gtest/gtest.h>

#include "fixture.h"

namespace sluice::test {
namespace {

TEST(Sites, a_line_is_a_whole_source) {
  Source source("host example.com -> localhost:9000\n");
  ASSERT_EQ(source.found(), "");
  const plan::Plan& plan = source.plan("local");
  EXPECT_EQ(plan.site.target.peek(), "table");
  ASSERT_EQ(plan.listeners.size(), 2U);
  EXPECT_EQ(plan.listeners[1].port.peek(), 443);
  EXPECT_EQ(plan.issuers.at(0).name, "letsencrypt");
  EXPECT_EQ(plan.certificates.at(0).object, "tls-example-com");
}

TEST(Sites, a_name_that_is_not_public_has_the_local_issuer) {
  Source source("host localhost, db, a.local, b.internal, c.test, d.home.arpa -> d:1\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(source.plan("local").issuers.size(), 1U);
  EXPECT_TRUE(
      std::holds_alternative<plan::InternalCa>(source.plan("local").issuers[0].kind.peek()));
  EXPECT_EQ(source.plan("local").certificates.size(), 6U);
}

TEST(Sites, a_declaration_replaces_an_undeclared_issuer) {
  Source source("issuer letsencrypt { acme staging }\nhost a.com -> d:1\n");
  ASSERT_EQ(source.found(), "");
  const auto& acme = std::get<plan::Acme>(source.plan("local").issuers.at(0).kind.peek());
  EXPECT_NE(acme.directory.peek().find("staging"), std::string::npos);
}

TEST(Sites, tls_off_is_plain_http) {
  Source source("host a.com -> d:1 { tls off }\n");
  ASSERT_EQ(source.found(), "");
  const plan::Host& host = source.plan("local").hosts.at(0);
  EXPECT_FALSE(host.tls);
  EXPECT_EQ(host.plain_http.peek(), plan::PlainHttp::serve);
  EXPECT_TRUE(source.plan("local").issuers.empty());
}

TEST(Sites, the_outer_one_of_a_front_ends_tls_and_hands_on_whole) {
  Source source(
      "middleware m { rate_limit 10/s }\nhost a.com -> d:1 {\n  use m\n  route /x -> d:2\n}\nhost "
      "b.com -> d:3\n"
      "site outer { front inner via https://inner.example:8443 }\n"
      "site inner {\n  serve a.com\n  listen http 8080\n}\n");
  ASSERT_EQ(source.found(), "");
  const plan::Host& handed = *source.host("outer", "a.com");
  ASSERT_EQ(handed.routes.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<plan::FrontId>(handed.routes[0].to.peek()));
  EXPECT_TRUE(handed.routes[0].chain.empty());
  EXPECT_TRUE(handed.tls.has_value());
  EXPECT_EQ(handed.plain_http.peek(), plan::PlainHttp::redirect);
  EXPECT_TRUE(
      std::holds_alternative<plan::Pool>(source.host("outer", "b.com")->routes[0].to.peek()));
  const plan::Plan& inner = source.plan("inner");
  EXPECT_TRUE(inner.edges.at(0).is_site);
  EXPECT_EQ(inner.edges[0].trust.peek().size(), 6U);
  EXPECT_EQ(source.host("inner", "a.com")->routes.size(), 2U);
  EXPECT_FALSE(source.host("inner", "a.com")->tls);
}

TEST(Sites, the_inner_one_trusts_from) {
  Source source(
      "host a.com -> d:1\nsite outer { front inner via http://10.0.0.9:80 { from 10.0.0.1, "
      "10.0.0.2 } }\nsite inner { listen http 80 }\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(source.plan("inner").edges.at(0).trust.peek(),
            (plan::CidrList{"10.0.0.1/32", "10.0.0.2/32"}));
}

TEST(Sites, three_hops) {
  Source source(
      "host a.com -> d:1\nsite one { front two via http://10.0.0.2:80 }\n"
      "site two {\n  listen http 80\n  front three via http://10.0.0.3:80\n}\nsite three { listen "
      "http 80 }\n"
      "test \"whole way\" {\n  request GET https://a.com/\n  expect upstream d:1\n}\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_FALSE(source.host("two", "a.com")->tls);
  ASSERT_EQ(source.tests.size(), 1U);
  EXPECT_EQ(source.tests[0].hops, (std::vector<std::string>{"one", "two", "three"}));
}

TEST(Sites, one_declared_certificate_serves_all_it_covers) {
  Source source(
      "issuer dns {\n  acme production\n  challenge dns-01 ovh { credentials secret(\"ovh\") }\n}\n"
      "certificate all {\n  issuer dns\n  hosts x.com, *.x.com\n}\nzone x.com {\n  tls all\n  @, "
      "a, b -> d:1\n}\n");
  ASSERT_EQ(source.found(), "");
  const plan::Plan& plan = source.plan("local");
  ASSERT_EQ(plan.certificates.size(), 1U);
  EXPECT_TRUE(plan.certificates[0].shared);
  EXPECT_EQ(plan.certificates[0].object, "all");
  EXPECT_EQ(plan.certificates[0].names.size(), 2U);
  EXPECT_EQ(source.host("local", "a.x.com")->tls->peek().index, 0U);
}

TEST(Sites, names_of_a_certificate_and_its_secret_can_be_written) {
  Source source(
      "host a.com, b.com -> d:1 {\n  tls local {\n    certificate cert-${host}\n    secret "
      "tls-shop-${host}\n  }\n}\nissuer local { internal_ca }\n");
  ASSERT_EQ(source.found(), "");
  const plan::Certificate& first = source.plan("local").certificates.at(0);
  EXPECT_EQ(first.object, "cert-a-com");
  EXPECT_EQ(source.plan("local")[first.stored_as].name, "tls-shop-a-com");
}

TEST(Sites, existing_ones_and_files) {
  Source source(
      "certificate kept { secret kept-tls }\ncertificate disk { files /c.pem /k.pem }\nhost a.com "
      "-> d:1 { tls kept }\nhost b.com -> d:1 { tls disk }\n");
  ASSERT_EQ(source.found(), "");
  const plan::Plan& plan = source.plan("local");
  EXPECT_EQ(plan[std::get<plan::Existing>(plan.certificates.at(0).from.peek()).secret].name,
            "kept-tls");
  EXPECT_EQ(std::get<plan::FilePair>(plan.certificates.at(1).from.peek()).key, "/k.pem");
  EXPECT_EQ(plan.certificates[1].names.at(0).peek(), "b.com");
}

TEST(Sites, options_are_the_target_s_own) {
  Source source(
      "host a.com -> d:1\nsite s {\n  target traefik {\n    platform k3s\n    chart "
      "39.0.501+up39.0.5\n    daemonset\n  }\n}\n");
  ASSERT_EQ(source.found(), "");
  const auto& options = source.plan("s").site.options;
  ASSERT_EQ(options.size(), 3U);
  EXPECT_EQ(options[1].peek().value, "39.0.501+up39.0.5");
  for (const char* wrong : {"platform", "platform k4s", "daemonset yes", "chart"}) {
    Source bad(std::string("host a.com -> d:1\nsite s {\n  target traefik {\n    ") + wrong +
               "\n  }\n}\n");
    ASSERT_EQ(bad.diags.sorted().size(), 1U) << wrong;
    EXPECT_EQ(bad.diags.all().front().code, "SL0714") << wrong;
  }
}

TEST(Sites, needs_name_each_feature_used_once) {
  Source source("host a.com -> d:1\nhost b.com -> d:2 { route exact /x -> respond 204 }\n");
  std::string needs;
  for (const plan::Need& need : source.plan("local").needs)
    needs += std::string(info(need.feature).name) + ' ';
  EXPECT_EQ(needs,
            "host_exact acme_http01 tls plain_http_redirect route_prefix upstream_address "
            "route_exact respond ");
}

TEST(Sites, the_same_source_gives_the_same_plan) {
  const std::string text =
      "middleware m { response set X-A \"1\" }\nhost b.com, a.com -> d:1, d:2 { use m }\nzone "
      "z.com {\n  a -> service n/s:1\n}\n";
  EXPECT_EQ(plan::dump(Source(text).plan("local")), plan::dump(Source(text).plan("local")));
  EXPECT_EQ(plan::dump(Source(text).plan("local")).find("\"\": "), std::string::npos);
}

}  // namespace
}  // namespace sluice::test
