#include <gtest/gtest.h>

#include "fixture.h"

namespace sluice::test {
namespace {

// The chain of a host's first route: names of its policies.
std::string chain(const Source& source, const std::string& host = "a.x",
                  const std::string& site = "local", size_t route = 0) {
  const plan::Host* found = source.host(site, host);
  if (found == nullptr) return "no host\n" + source.found();
  std::string result;
  for (const auto& id : found->routes.at(route).chain)
    result += source.plan(site)[id.peek()].object + ' ';
  return result;
}

const plan::HeaderEdits* edits(const Source& source, const std::string& host, size_t route = 0) {
  for (const auto& id : source.host("local", host)->routes.at(route).chain) {
    if (const auto* found = std::get_if<plan::HeaderEdits>(&source.plan("local")[id.peek()].action))
      return found;
  }
  return nullptr;
}

std::string answer_edits(const Source& source, const std::string& host, size_t route = 0) {
  std::string result;
  const auto* found = edits(source, host, route);
  if (found == nullptr) return "none";
  const char* ops[] = {"set", "add", "remove"};
  for (const auto& edit : found->response) {
    result += std::string(ops[static_cast<size_t>(edit.peek().op)]) + ' ' + edit.peek().name + ' ' +
              edit.peek().value + "; ";
  }
  return result;
}

TEST(Middleware, acts_by_kind_wherever_it_is_written) {
  Source source(
      "middleware last { allow_peers 10.0.0.0/8 }\nmiddleware who { basic_auth secret(\"u\") }\n"
      "middleware slow { rate_limit 10/s }\nmiddleware few { rate_limit 10/s by host }\n"
      "host a.x -> d:1 {\n  response set X-A \"1\"\n  use few, who, slow\n  deny_ips 192.0.2.1\n  "
      "use last\n}\n");
  ASSERT_EQ(source.found(), "");
  std::string names = chain(source);
  EXPECT_TRUE(names.starts_with("last deny-ips-"));
  EXPECT_NE(names.find(" slow who few headers-"), std::string::npos) << names;
}

TEST(Middleware, within_a_kind_the_outer_block_comes_first) {
  Source source(
      "middleware site { allow_ips 10.0.0.0/8 }\nmiddleware zone { allow_ips 10.1.0.0/16 }\n"
      "middleware host { allow_ips 10.1.1.0/24 }\nmiddleware route { allow_ips 10.1.1.1 }\n"
      "zone x {\n  use zone\n  a -> d:1 {\n    use host\n    route /r { use route }\n  }\n}\nsite "
      "s { use site }\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(chain(source, "a.x", "s"), "site zone host route ");
}

TEST(Middleware, reached_twice_it_acts_once) {
  Source source(
      "middleware inner { rate_limit 10/s }\nmiddleware one { use inner }\nmiddleware two { use "
      "inner }\n"
      "host a.x -> d:1 { use one, two, inner }\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(source.host("local", "a.x")->routes[0].chain.size(), 1U);
  EXPECT_EQ(source.plan("local").policies.at(0).groups, (std::vector<plan::Name>{"one", "inner"}));
}

TEST(Middleware, other_arguments_are_another_middleware) {
  Source source(
      "middleware slow(rate: rate, burst: int = 7) { rate_limit ${rate} burst ${burst} }\n"
      "host a.x -> d:1 { use slow(10/s) }\nhost b.x -> d:1 { use slow(20/s, burst = 9) }\nhost c.x "
      "-> d:1 { use slow(10/s) }\n");
  ASSERT_EQ(source.found(), "");
  const plan::Plan& plan = source.plan("local");
  ASSERT_EQ(plan.policies.size(), 2U);
  EXPECT_EQ(std::get<plan::RateLimit>(plan.policies[0].action).burst.peek(), 7U);
  EXPECT_EQ(std::get<plan::RateLimit>(plan.policies[1].action).burst.peek(), 9U);
  EXPECT_NE(plan.policies[0].object, plan.policies[1].object);
  EXPECT_EQ(chain(source, "a.x"), chain(source, "c.x"));
}

TEST(Middleware, calls_are_checked) {
  struct Row {
    const char* call;
    const char* found;
  };
  for (const Row& row :
       {Row{"slow", "`slow` cannot be called so: `rate` is missing"},
        Row{"slow(1/s, 2, 3)", "`slow` cannot be called so: it takes 2 arguments"},
        Row{"slow(1/s, size = 2)", "`slow` cannot be called so: it has no parameter `size`"},
        Row{"slow(burst = 2, 1/s)",
            "`slow` cannot be called so: arguments without a name come first"},
        Row{"slow(1/s, rate = 2/s)", "`slow` cannot be called so: `rate` is given twice"},
        Row{"slow(1/s, many)", "expected a number, found `many`"},
        Row{"slow(1)", "expected a rate such as 100/m, found `1`; did you mean `1/s`?"}}) {
    Source source(std::string("middleware slow(rate: rate, burst: int = 7) { rate_limit ${rate} "
                              "burst ${burst} }\nhost a.x -> d:1 { use ") +
                  row.call + " }\n");
    ASSERT_EQ(source.diags.sorted().size(), 1U) << row.call << '\n' << source.found();
    EXPECT_EQ(source.diags.all().front().text, row.found);
  }
}

TEST(Middleware, a_parameter_may_be_of_a_kind) {
  Source source(
      "middleware who { basic_auth secret(\"u\") }\nmiddleware with(m: middleware) { use ${m} "
      "}\nhost a.x -> d:1 { use with(who) }\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(chain(source), "who ");
}

TEST(Middleware, without_takes_off_what_is_around_nested_ones_too) {
  Source source(
      "middleware who { basic_auth secret(\"u\") }\nmiddleware all {\n  use who\n  rate_limit "
      "10/s\n}\n"
      "host a.x -> d:1 {\n  use all\n  route /free { without who }\n}\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(chain(source, "a.x", "local", 0), "all ");
  EXPECT_EQ(chain(source, "a.x", "local", 1), "all who ");
}

TEST(Middleware, header_edits_merge_by_name_with_the_innermost_winning) {
  Source source(
      "middleware m {\n  response set X-A \"m\"\n  response set X-B \"m\"\n}\n"
      "zone x {\n  use m\n  response add X-C \"zone\"\n"
      "  a -> d:1 {\n    response remove x-a\n    response add X-C \"1\"\n    response add X-C "
      "\"2\"\n"
      "    route /r { response set X-B \"route\" }\n  }\n}\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(answer_edits(source, "a.x", 1), "remove x-a ; set X-B m; add X-C 1; add X-C 2; ");
  EXPECT_EQ(answer_edits(source, "a.x", 0), "remove x-a ; set X-B route; add X-C 1; add X-C 2; ");
}

TEST(Middleware, a_block_s_own_edits_win_over_those_it_uses) {
  Source source(
      "middleware base { response set X-A \"base\" }\nmiddleware more {\n  response set X-A "
      "\"more\"\n  use base\n}\n"
      "host a.x -> d:1 { use more }\nhost b.x -> d:1 {\n  response set X-A \"own\"\n  use "
      "more\n}\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(answer_edits(source, "a.x"), "set X-A more; ");
  EXPECT_EQ(answer_edits(source, "b.x"), "set X-A own; ");
}

TEST(Middleware, equal_policies_are_one) {
  Source source(
      "host a.x -> d:1 { allow_ips 10.0.0.0/8 }\nhost b.x -> d:1 { allow_ips 10.0.0.0/8 }\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(source.plan("local").policies.size(), 1U);
  EXPECT_EQ(chain(source, "a.x"), chain(source, "b.x"));
}

TEST(Middleware, basic_auth_says_the_middleware_s_name) {
  Source source(
      "middleware admins { basic_auth secret(\"u\", key = list) }\nhost a.x -> d:1 { use admins "
      "}\nhost b.x -> d:1 { basic_auth secret(\"u\") realm \"the shop\" }\n");
  ASSERT_EQ(source.found(), "");
  const plan::Plan& plan = source.plan("local");
  EXPECT_EQ(std::get<plan::BasicAuth>(plan.policies.at(0).action).realm.peek(), "admins");
  EXPECT_EQ(std::get<plan::BasicAuth>(plan.policies.at(1).action).realm.peek(), "the shop");
  EXPECT_EQ(plan[std::get<plan::BasicAuth>(plan.policies[0].action).users.peek()].key, "list");
}

}  // namespace
}  // namespace sluice::test
