// The rows of SEMANTICS H2 to H4 and C1: which host, which route, which certificate.
#include "runtime/table/match.h"

#include <gtest/gtest.h>

#include <array>

#include "runtime/table/normalize.h"
#include "tests/unit/table/spec_help.h"

namespace sluice::table {
namespace {

std::string host_for(const Table& table, std::string_view raw) {
  std::array<char, 256> buffer;
  const NormalHost normal = normalize_host(raw, buffer);
  if (normal.fault != HostFault::none) return "-";
  const HostRecord* host = choose_host(table, normal.host);
  return host == nullptr ? "404"
                         : std::string(table.text(table.host_objects()[table.id_of(*host)]));
}
std::string route_for(const Table& table, std::string_view host, std::string_view path) {
  const Match found = match(table, host, path);
  return found.route == nullptr
             ? "404"
             : std::string(table.text(table.route_objects()[table.id_of(*found.route)]));
}

TEST(HostChoice, ExactThenTheLongestWildcard) {
  TableSpec spec;
  spec.hosts = {host("h.test"), host("*.w.test"), host("x.w.test"), host("*.y.w.test")};
  const Loaded t = load(spec);
  const struct {
    const char *asked, *chosen;
  } rows[] = {{"H.TEST", "h.test"},       {"h.test:80", "h.test"},
              {"h.test:abc", "h.test"},   {"h.test.", "404"},
              {"z.w.test", "*.w.test"},   {"z.w.test.", "404"},
              {"a.b.w.test", "404"},      {".w.test", "404"},
              {"w.test", "404"},          {"h_x.w.test", "*.w.test"},
              {"y.w.test", "*.w.test"},   {"q.y.w.test", "*.y.w.test"},
              {"x.w.test", "x.w.test"},   {"unknown", "404"},
              {"192.0.2.1", "404"},       {"[fd00::1]:80", "404"},
              {"h.test,x.w.test", "404"}, {"a..y.w.test", "404"},
              {"xw.test", "404"},         {"test", "404"}};
  for (const auto& row : rows) EXPECT_EQ(host_for(t.table, row.asked), row.chosen) << row.asked;
}

TEST(HostChoice, AnyDepthAndAnyHost) {
  TableSpec spec;
  spec.hosts = {host("**.a.test"), host("*.a.test"), host("**.b.a.test"), host("c.b.a.test"),
                host("*")};
  const Loaded t = load(spec);
  const struct {
    const char *asked, *chosen;
  } rows[] = {{"x.a.test", "*.a.test"},
              {"x.y.a.test", "**.a.test"},
              {"b.a.test", "*.a.test"},
              {"x.b.a.test", "**.b.a.test"},
              {"x.y.b.a.test", "**.b.a.test"},
              {"c.b.a.test", "c.b.a.test"},
              {"a.test", "*"},
              {"other", "*"},
              {".a.test", "*"},
              {"x..a.test", "*"},
              {".x.a.test", "*"},
              {"x.a.test.", "*"}};
  for (const auto& row : rows) EXPECT_EQ(host_for(t.table, row.asked), row.chosen) << row.asked;
}

TEST(HostChoice, AnotherHostsRouteIsNeverAsked) {
  TableSpec spec;
  spec.hosts = {host("o.v", {prefix("/only")}), host("*.v"), host("*")};
  const Loaded t = load(spec);
  EXPECT_EQ(route_for(t.table, "o.v", "/only/x"), "/only");
  EXPECT_EQ(route_for(t.table, "o.v", "/other"), "404");
  EXPECT_EQ(route_for(t.table, "p.v", "/other"), "/");
}

TEST(RouteChoice, ExactThenRegexThenTheLongestPrefix) {
  TableSpec spec;
  spec.hosts = {host("h", {prefix("/"), prefix("/a"), exact("/a/b"), prefix("/a/b"),
                           regex("^/u/[0-9]+$"), regex("^/u/"), exact("/u/7"), exact("/x"),
                           exact("/x/"), prefix("/a/b/c/d"), prefix("/a-b")})};
  const Loaded t = load(spec);
  const struct {
    const char *path, *taken;
  } rows[] = {{"/", "/"},
              {"/a", "/a"},
              {"/a/", "/a"},
              {"/ab", "/"},
              {"/a/x", "/a"},
              {"/a/b/c", "/a/b"},
              {"/a/b/c/d", "/a/b/c/d"},
              {"/a/b/c/d/e", "/a/b/c/d"},
              {"/a/b/c/dd", "/a/b"},
              {"/a-b/c", "/a-b"},
              {"/a-", "/"},
              {"/a!", "/"},
              {"/u/7", "/u/7"},
              {"/u/8", "^/u/[0-9]+$"},
              {"/u/8/x", "^/u/"},
              {"/u", "/"},
              {"/x", "/x"},
              {"/x/", "/x/"},
              {"/x/y", "/"},
              {"/A", "/"}};
  for (const auto& row : rows) EXPECT_EQ(route_for(t.table, "h", row.path), row.taken) << row.path;
}

TEST(RouteChoice, RegexesStandInTheOrderOfTheirHost) {
  TableSpec spec;
  spec.hosts = {host("h", {regex("^/a"), regex("^/a/long/pattern/that/is/never/asked")})};
  const Loaded t = load(spec);
  EXPECT_EQ(route_for(t.table, "h", "/a/long/pattern/that/is/never/asked"), "^/a");
  EXPECT_EQ(route_for(t.table, "h", "/b"), "404");
}

TEST(RouteChoice, ManyRoutesAreSearchedLikeFew) {
  TableSpec spec;
  std::vector<RouteSpec> routes;
  for (int i = 0; i < 300; ++i) {
    const std::string base = "/p" + std::to_string(i);
    routes.push_back(prefix(base));
    if (i % 3 == 0) routes.push_back(prefix(base + "/deep/er"));
    routes.push_back(exact(base + "/exact"));
  }
  spec.hosts = {host("h", routes)};
  const Loaded t = load(spec);
  for (int i = 0; i < 300; ++i) {
    const std::string base = "/p" + std::to_string(i);
    EXPECT_EQ(route_for(t.table, "h", base + "/deep"), base);
    EXPECT_EQ(route_for(t.table, "h", base + "/deep/er/x"), i % 3 == 0 ? base + "/deep/er" : base);
    EXPECT_EQ(route_for(t.table, "h", base + "/exact"), base + "/exact");
    EXPECT_EQ(route_for(t.table, "h", base + "/exact/"), base);
    EXPECT_EQ(route_for(t.table, "h", base + "x"), "404");
  }
}

TEST(CertificateChoice, TheHostsOwnThenOneThatCoversTheName) {
  TableSpec spec;
  CertificateSpec own, wildcard;
  own.object = "own", own.names = {"a.x.test"};
  wildcard.object = "wildcard", wildcard.names = {"*.x.test", "x.test", "a.x.test"};
  spec.certificates = {own, wildcard};
  spec.hosts = {host("a.x.test"), host("b.x.test"), host("plain.test")};
  spec.hosts[0].certificate = 0;
  spec.hosts[1].certificate = 1;
  const Loaded t = load(spec);
  const auto shown = [&](std::string_view name) {
    const uint32_t id = choose_certificate(t.table, name);
    return id == kNone ? "none" : std::string(t.table.text(t.table.certificates()[id].object));
  };
  EXPECT_EQ(shown("a.x.test"), "own");
  EXPECT_EQ(shown("b.x.test"), "wildcard");
  EXPECT_EQ(shown("c.x.test"), "wildcard");
  EXPECT_EQ(shown("x.test"), "wildcard");
  EXPECT_EQ(shown("a.c.x.test"), "none");
  EXPECT_EQ(shown("plain.test"), "none");
  EXPECT_EQ(shown(""), "none");
}

}  // namespace
}  // namespace sluice::table
