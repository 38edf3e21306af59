#include <gtest/gtest.h>

#include "fixture.h"

namespace sluice::test {
namespace {

std::string routes(const Source& source, const std::string& host = "a.x") {
  std::string result;
  const plan::Host* found = source.host("local", host);
  if (found == nullptr) return "no host";
  for (const plan::Route& route : found->routes) {
    const char* kinds[] = {"=", "~", ""};
    result += kinds[static_cast<size_t>(route.path.peek().kind)] + route.path.peek().text + ' ';
  }
  return result;
}

TEST(Routes, exact_then_regexes_as_written_then_the_longest_prefix) {
  Source source(
      "host a.x -> d:1 {\n  route /b -> d:2\n  route regex \"^/z\" -> d:3\n  route /a/b, exact /q "
      "-> d:4\n"
      "  route regex \"^/a\" -> d:5\n  route exact /c -> d:6\n  route /a -> d:7\n}\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(routes(source), "=/c =/q ~^/z ~^/a /a/b /a /b / ");
}

TEST(Routes, one_without_a_destination_goes_where_its_host_goes) {
  Source source(
      "middleware m { basic_auth secret(\"u\") }\nhost a.x -> d:1 {\n  use m\n  route /open { "
      "without m }\n}\n");
  ASSERT_EQ(source.found(), "");
  const plan::Host& host = *source.host("local", "a.x");
  EXPECT_EQ(std::get<plan::Pool>(host.routes[0].to.peek()).shares[0].upstream.peek(),
            std::get<plan::Pool>(host.routes[1].to.peek()).shares[0].upstream.peek());
  EXPECT_TRUE(host.routes[0].chain.empty());
  EXPECT_EQ(host.routes[1].chain.size(), 1U);
}

TEST(Routes, equal_ones_tie_also_among_regexes) {
  Source source(
      "host a.x {\n  route regex \"^/a\" -> d:1\n  route regex \"^/b\" -> d:2\n  route regex "
      "\"^/a\" -> d:3\n}\n");
  EXPECT_EQ(source.found(), "SL0502 4:15 two routes of `^/a` tie\n");
}

TEST(Routes, shares_are_written_or_equal) {
  Source source("host a.x -> d:1, d:2, d:3\nhost b.x -> d:1 33.34%, d:2 66.66%\n");
  ASSERT_EQ(source.found(), "");
  const auto& equal = std::get<plan::Pool>(source.host("local", "a.x")->routes[0].to.peek());
  EXPECT_EQ(
      equal.shares[0].weight.peek() + equal.shares[1].weight.peek() + equal.shares[2].weight.peek(),
      10000U);
  EXPECT_EQ(std::get<plan::Pool>(source.host("local", "b.x")->routes[0].to.peek())
                .shares[1]
                .weight.peek(),
            6666U);
  Source some("host a.x -> d:1 50%, d:2\n");
  EXPECT_EQ(some.found(), "SL0503 1:13 the shares sum to 50%, not to 100%\n");
}

TEST(Routes, a_path_is_escaped_to_its_normal_form) {
  Source source("host a.x {\n  route \"/a b/\u00e9\" -> d:1\n}\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(routes(source), "/a%20b/%C3%A9 ");
}

TEST(Routes, paths_that_engines_read_differently_are_refused) {
  for (const char* path :
       {"v1", "//a", "/a/../b", "/a/.", "/a%2Fb", "/a%zz", "/a%41", "/a?x=1", "/a/", "/a/..;x"}) {
    Source source(std::string("host a.x {\n  route \"") + path + "\" -> d:1\n}\n");
    ASSERT_EQ(source.diags.sorted().size(), 1U) << path << '\n' << source.found();
    EXPECT_EQ(source.diags.all().front().code, "SL0406") << path;
  }
}

TEST(Routes, strip_takes_the_path_or_a_part_by_whole_segments) {
  Source source(
      "host a.x {\n  route /v1/users -> d:1 { strip_prefix /v1 }\n  route /v2 -> d:1 { "
      "strip_prefix }\n}\n");
  ASSERT_EQ(source.found(), "");
  const plan::Plan& plan = source.plan("local");
  auto prefix = [&](size_t i) {
    return std::get<plan::StripPrefix>(plan[plan.hosts[0].routes[i].chain.at(0).peek()].action)
        .prefix.peek();
  };
  EXPECT_EQ(prefix(0), "/v1");
  EXPECT_EQ(prefix(1), "/v2");
  for (const char* wrong : {"/v", "/v1/users/x", "/"}) {
    Source bad(std::string("host a.x {\n  route /v1/users -> d:1 { strip_prefix ") + wrong +
               " }\n}\n");
    EXPECT_EQ(bad.diags.sorted().size(), 1U) << wrong;
    EXPECT_EQ(bad.diags.all().front().code, "SL0509") << wrong;
  }
}

TEST(Routes, redirects_keep_what_their_form_says) {
  Source source(
      "host a.x -> redirect permanent https://b.x\nhost c.x -> redirect /landing\n"
      "host d.x { route /old -> redirect 308 https://b.x/new/* }\n");
  ASSERT_EQ(source.found(), "");
  auto of = [&](const char* host) {
    return std::get<plan::Redirect>(source.host("local", host)->routes[0].to.peek());
  };
  EXPECT_EQ(of("a.x").location.peek(), "https://b.x");
  EXPECT_TRUE(of("a.x").keep_path.peek() && of("a.x").keep_query.peek() &&
              !of("a.x").keep_rest.peek());
  EXPECT_EQ(of("c.x").kind.peek(), plan::RedirectKind::temporary);
  EXPECT_FALSE(of("c.x").keep_path.peek() || of("c.x").keep_query.peek() ||
               of("c.x").keep_rest.peek());
  EXPECT_EQ(of("d.x").location.peek(), "https://b.x/new");
  EXPECT_TRUE(of("d.x").keep_rest.peek() && of("d.x").keep_query.peek());
  EXPECT_EQ(of("d.x").code.peek(), 308);
}

TEST(Routes, an_upstream_is_what_its_site_can_dial) {
  Source source(
      "upstream api {\n  service shop/api:8000\n  address 10.0.0.5:80, 10.0.0.6:80 weight 3\n}\n"
      "host a.x -> api, service web:80\nnamespace front\n"
      "site cluster {\n  target traefik\n  namespace other\n}\nsite metal {\n  target caddy\n  "
      "service_domain svc.local\n}\n");
  ASSERT_EQ(source.found(), "");
  const plan::Plan& cluster = source.plan("cluster");
  EXPECT_EQ(std::get<plan::Service>(cluster.upstreams[0].reach.peek()).name_space, "shop");
  EXPECT_EQ(std::get<plan::Service>(cluster.upstreams[1].reach.peek()).name_space, "front");
  EXPECT_EQ(cluster.hosts[0].routes[0].name_space, "shop");
  const plan::Plan& metal = source.plan("metal");
  EXPECT_EQ(std::get<std::vector<plan::Member>>(metal.upstreams[0].reach.peek()).at(1).weight, 3U);
  EXPECT_EQ(std::get<std::vector<plan::Member>>(metal.upstreams[1].reach.peek()).at(0).host,
            "web.svc.local");
}

TEST(Routes, objects_are_told_apart) {
  Source source(
      "host a.x -> d:1 {\n  route /v1 -> d:2\n  route exact /v1 -> d:3\n  route regex \"^/v\" -> "
      "d:4\n  route /v1/b -> d:5 { name beta }\n}\n");
  ASSERT_EQ(source.found(), "");
  std::string names;
  for (const plan::Route& route : source.plan("local").hosts[0].routes) names += route.object + ' ';
  EXPECT_EQ(names.substr(0, 21), "a-x-v1-exact a-x-rege");
  EXPECT_TRUE(names.ends_with(" beta a-x-v1 a-x ")) << names;
}

}  // namespace
}  // namespace sluice::test
