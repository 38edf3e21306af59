// The sources of examples/, planned whole.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "fixture.h"

namespace sluice::test {
namespace {

std::string read(const std::string& path) {
  std::ifstream in(SLUICE_SOURCE_DIR "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Examples, akko_netcup_is_one_fact_for_two_hops) {
  Source source(read("examples/akko-netcup/akko.sluice"));
  ASSERT_EQ(source.found(), "");
  const plan::Plan& outer = source.plan("netcup");
  const plan::Plan& inner = source.plan("k3d");
  ASSERT_EQ(outer.hosts.size(), 16U);
  ASSERT_EQ(inner.hosts.size(), 16U);
  EXPECT_EQ(outer.certificates.size(), 16U);
  EXPECT_TRUE(inner.certificates.empty());
  EXPECT_EQ(outer.fronts.at(0).inner, "k3d");
  EXPECT_EQ(inner.edges.at(0).name, "netcup");
  EXPECT_TRUE(inner.edges.at(0).tls_ended.peek());
  EXPECT_EQ(source.plan("netcup-direct").certificates.size(), 1U);
  const plan::Host* lab = source.host("metal", "lab.akko-ai.com");
  ASSERT_NE(lab, nullptr);
  EXPECT_EQ(plan::to_string(outer.hosts.front().pattern.peek()), "alerts.akko-ai.com");
}

TEST(Examples, akko_netcup_tests_enter_at_the_outermost_site) {
  Source source(read("examples/akko-netcup/akko.sluice"));
  size_t both = 0;
  for (const sema::PlannedTest& test : source.tests) {
    both += test.hops == std::vector<std::string>{"netcup", "k3d"};
    EXPECT_NE(test.hops, std::vector<std::string>{"k3d"});
  }
  EXPECT_EQ(both, 4U);
}

TEST(Examples, honeydue_ends_no_tls_behind_cloudflare) {
  Source source(read("examples/honeydue-k3s/honeydue.sluice"));
  ASSERT_EQ(source.found(), "");
  const plan::Plan& k3s = source.plan("k3s");
  EXPECT_TRUE(k3s.certificates.empty());
  const plan::Host* api = source.host("k3s", "api.myhoneydue.com");
  const plan::Host* bare = source.host("k3s", "myhoneydue.com");
  ASSERT_TRUE(api != nullptr && bare != nullptr);
  EXPECT_EQ(api->object, "honeydue-api");
  EXPECT_EQ(bare->object, "honeydue-api");
  EXPECT_EQ(api->routes.at(0).object, bare->routes.at(0).object);
  EXPECT_EQ(api->routes.at(0).chain.size(), 3U);
  EXPECT_EQ(source.plan("edge").certificates.size(), 3U);
}

}  // namespace
}  // namespace sluice::test
