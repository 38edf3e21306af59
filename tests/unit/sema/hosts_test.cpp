#include "compiler/sema/hosts.h"

#include <gtest/gtest.h>

#include "compiler/sema/types.h"
#include "fixture.h"

namespace sluice::test {
namespace {

std::string names(const plan::Plan& plan) {
  std::string result;
  for (const plan::Host& host : plan.hosts) result += plan::to_string(host.pattern.peek()) + ' ';
  return result;
}

TEST(Hosts, stand_by_name_whatever_their_order_in_the_source) {
  Source source(
      "host b.x, *.x -> d:1\nzone x {\n  @, a -> d:2\n  ** -> d:3 { tls off }\n}\nhost * -> "
      "respond 404\nissuer letsencrypt { internal_ca }\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(names(source.plan("local")), "* a.x b.x x *.x **.x ");
}

TEST(Hosts, other_alphabets_are_taken_as_idna_says) {
  Source source("host B\u00dcCHER.example -> d:1\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(names(source.plan("local")), "xn--bcher-kva.example ");
}

TEST(Hosts, what_is_no_name) {
  for (const char* text :
       {"a..x", "a.x.", "-a.x", "a_b.x", "a.x:80", "10.0.0.1", "a.*.x", "*x", ""}) {
    EXPECT_FALSE(sema::parse_host(text).first) << text;
  }
  EXPECT_FALSE(sema::parse_host(std::string(64, 'a') + ".x").first);
}

TEST(Hosts, serve_narrows_by_pattern) {
  Source source("host a.x, b.x, c.y -> d:1\nsite one { serve *.x }\nsite two { serve b.x, c.y }\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(names(source.plan("one")), "a.x b.x ");
  EXPECT_EQ(names(source.plan("two")), "b.x c.y ");
}

TEST(Hosts, covering) {
  auto covers = [](const char* pattern, const char* host) {
    return sema::covers(*sema::parse_host(pattern).first, *sema::parse_host(host).first);
  };
  EXPECT_TRUE(covers("*.x.org", "a.x.org"));
  EXPECT_FALSE(covers("*.x.org", "x.org"));
  EXPECT_FALSE(covers("*.x.org", "a.b.x.org"));
  EXPECT_FALSE(covers("*.x.org", "ax.org"));
  EXPECT_TRUE(covers("**.x.org", "a.b.x.org"));
  EXPECT_TRUE(covers("**.x.org", "*.x.org"));
  EXPECT_FALSE(covers("*.x.org", "**.x.org"));
  EXPECT_TRUE(covers("*", "*.x.org"));
}

TEST(Hosts, objects_are_named_by_block_or_by_host) {
  Source source(
      "host a.b.x -> d:1\nhost a-b.x -> d:2\nhost p.x, q.x -> d:3 { name pair }\n"
      "zone z.x {\n  name app-${label}\n  one -> d:4\n  @ -> d:5\n  * -> d:6 { tls local "
      "}\n}\nissuer local { internal_ca }\n");
  ASSERT_EQ(source.found(), "");
  // Both would be `a-b-x`: the second by name gets a hash of its own identity.
  EXPECT_EQ(source.host("local", "a-b.x")->object, "a-b-x");
  EXPECT_TRUE(source.host("local", "a.b.x")->object.starts_with("a-b-x-"));
  EXPECT_EQ(source.host("local", "p.x")->object, "pair");
  EXPECT_EQ(source.host("local", "q.x")->object, "pair");
  EXPECT_EQ(source.host("local", "q.x")->group, "pair");
  EXPECT_EQ(source.host("local", "one.z.x")->object, "app-one");
  EXPECT_EQ(source.host("local", "z.x")->object, "app-apex");
  EXPECT_EQ(source.host("local", "*.z.x")->object, "app-wildcard");
}

TEST(Hosts, default_names_are_cut_at_63_letters) {
  std::string label(60, 'a');
  Source source("host " + label + ".example.com -> d:1\n");
  ASSERT_EQ(source.found(), "");
  const plan::Host& host = source.plan("local").hosts.at(0);
  EXPECT_EQ(host.object.size(), 63U);
  EXPECT_EQ(source.plan("local").certificates.at(0).object.size(), 52U);
}

}  // namespace
}  // namespace sluice::test
