// `test` blocks: where they run, what a request carries, what an expectation names.
#include <gtest/gtest.h>

#include "fixture.h"

namespace sluice::test {
namespace {

TEST(Tests, without_a_site_it_runs_where_its_host_is_served) {
  Source source(
      "param domain = x.com\nhost a.${domain} -> d:1\nsite one { }\nsite two { set domain = y.com "
      "}\nsite three { serve *.z.com }\nhost b.z.com -> d:2\n"
      "test \"on ${domain}\" {\n  request GET https://a.${domain}/x?y=1\n  expect upstream "
      "d:1\n}\n");
  ASSERT_EQ(source.found(), "");
  ASSERT_EQ(source.tests.size(), 2U);
  EXPECT_EQ(source.tests[0].name, "on x.com");
  EXPECT_EQ(source.tests[1].name, "on y.com");
  EXPECT_EQ(source.tests[1].requests[0].host, "a.y.com");
  EXPECT_EQ(source.tests[1].requests[0].target, "/x?y=1");
}

TEST(Tests, through_a_foreign_edge_its_headers_come_along) {
  Source source(
      "host a.com -> d:1\nsite s {\n  behind edge {\n    trust 192.0.2.0/24\n    tls ended\n  "
      "}\n}\n"
      "test \"t\" {\n  request GET https://a.com/\n  expect status 200\n  request GET "
      "http://a.com/ from 203.0.113.9 { header X-A \"b\" }\n  expect refused\n}\n");
  ASSERT_EQ(source.found(), "");
  ASSERT_EQ(source.tests.size(), 1U);
  const sema::PlannedRequest& first = source.tests[0].requests.at(0);
  EXPECT_EQ(first.peer, "192.0.2.1");
  EXPECT_EQ(first.scheme, plan::Scheme::http);
  ASSERT_EQ(first.headers.size(), 3U);
  EXPECT_EQ(first.headers[1].name + first.headers[1].value, "X-Forwarded-Protohttps");
  const sema::PlannedRequest& second = source.tests[0].requests.at(1);
  EXPECT_EQ(second.peer, "203.0.113.9");
  ASSERT_EQ(second.headers.size(), 1U);
}

TEST(Tests, from_asks_the_inner_site_itself) {
  Source source(
      "host a.com -> d:1\nsite outer { front inner via http://10.0.0.9:80 }\nsite inner { listen "
      "http 80 }\n"
      "test \"whole\" {\n  site inner\n  request GET https://a.com/\n  expect upstream d:1\n}\n"
      "test \"inner\" {\n  site inner\n  request GET http://a.com/ from 10.0.0.1\n  expect "
      "upstream d:1\n}\n");
  ASSERT_EQ(source.found(), "");
  ASSERT_EQ(source.tests.size(), 2U);
  EXPECT_EQ(source.tests[0].hops, (std::vector<std::string>{"outer", "inner"}));
  EXPECT_EQ(source.tests[1].hops, (std::vector<std::string>{"inner"}));
}

TEST(Tests, an_upstream_is_named_as_behind_the_arrow) {
  Source source(
      "upstream api { service n/api:80 }\nhost a.com {\n  route /a -> api\n  route /b -> service "
      "web:80\n  route /c -> 10.0.0.1:80\n}\n"
      "test \"t\" {\n  request GET https://a.com/a\n  expect upstream api\n  expect upstream "
      "service n/api:80\n"
      "  request GET https://a.com/b\n  expect upstream service web:80\n  request GET "
      "https://a.com/c\n  expect upstream 10.0.0.1:80\n}\n");
  ASSERT_EQ(source.found(), "");
  const auto& requests = source.tests.at(0).requests;
  EXPECT_EQ(requests[0].expects[0].values, (std::vector<std::string>{"api"}));
  EXPECT_EQ(requests[0].expects[1].values, (std::vector<std::string>{"api"}));
  EXPECT_EQ(requests[1].expects[0].values.size(), 1U);
  EXPECT_EQ(requests[2].expects[0].values.size(), 1U);
}

TEST(Tests, expectations) {
  Source source(
      "middleware m { allow_ips 10.0.0.0/8 }\nhost a.com -> d:1 { use m }\ntest \"t\" {\n  request "
      "GET https://a.com/\n"
      "  expect redirect 301 https://b.com/\n  expect header X-A \"v\"\n  expect header X-B "
      "present\n  expect upstream_header X-C absent\n"
      "  expect path /p\n  expect middleware m\n  expect no middleware m\n  expect certificate "
      "tls-a-com\n  expect refused\n}\n");
  ASSERT_EQ(source.found(), "");
  const auto& expects = source.tests.at(0).requests.at(0).expects;
  ASSERT_EQ(expects.size(), 9U);
  EXPECT_EQ(expects[0].code, 301);
  EXPECT_EQ(expects[2].header, sema::HeaderTest::present);
  EXPECT_EQ(expects[3].kind, sema::ExpectKind::upstream_header);
  EXPECT_EQ(expects[6].kind, sema::ExpectKind::no_middleware);
}

TEST(Tests, what_cannot_be_expected) {
  struct Row {
    const char* expect;
    const char* code;
  };
  for (const Row& row :
       {Row{"upstream d:2", "SL0517"}, Row{"upstream api", "SL0517"}, Row{"status 42", "SL0401"},
        Row{"header", "SL0203"}, Row{"middleware n", "SL0301"}, Row{"certificate c", "SL0517"},
        Row{"nothing", "SL0203"}}) {
    Source source(
        std::string("host a.com -> d:1\ntest \"t\" {\n  request GET https://a.com/\n  expect ") +
        row.expect + "\n}\n");
    ASSERT_EQ(source.diags.sorted().size(), 1U) << row.expect << '\n' << source.found();
    EXPECT_EQ(source.diags.all().front().code, row.code) << row.expect;
  }
}

}  // namespace
}  // namespace sluice::test
