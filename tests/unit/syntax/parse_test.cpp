// Shapes in, trees out.
#include <gtest/gtest.h>

#include "tests/unit/syntax/syntax_fixture.h"

namespace sluice::syntax {
namespace {

using testing::Parsed;

TEST(Parse, CorpusHasNoErrors) {
  auto corpus = testing::corpus();
  ASSERT_GE(corpus.size(), 5U);
  for (const auto& [name, text] : corpus) EXPECT_EQ(Parsed(text).errors(), "") << name;
}

TEST(Parse, Shapes) {
  Parsed p(R"(host a.example.com, www.example.com -> api 90%, canary 10% {  # two hosts
  route /v1 -> respond 200 "ok, \"fine\" ${x}" { strip_prefix }
  when header X is "a",
       "b"

  empty {}
}
param domain = akko.local
middleware throttle(rate: rate, burst: int = 50,
                    by: text
                    = "x") { rate_limit ${rate} }
let x = f(), g(h(1, 2), k = `raw
text`)
)");
  EXPECT_EQ(p.errors(), "");
  EXPECT_EQ(p.dump(),
            R"(1:1 [host] [a.example.com], [www.example.com] -> [api] [90%], [canary] [10%] {
  2:3 [route] [/v1] -> [respond] [200] ["ok, \"fine\" ${x}"] {
    2:50 [strip_prefix]
  }
  3:3 [when] [header] [X] [is] ["a"], ["b"]
  6:3 [empty] {}
}
8:1 [param] [domain] = [akko.local]
9:1 [middleware] [throttle(rate: rate, burst: int = 50, by: text = "x")] {
  11:30 [rate_limit] [${rate}]
}
12:1 [let] [x] = [f()], [g(h(1, 2), k = `raw\ntext`)]
)");
}

TEST(Parse, Spans) {
  std::string text = "host a.x -> b {\n  use m(100/m, burst = 2)\n}\n";
  Parsed p(text);
  auto at = [&](Span span) { return text.substr(span.begin, span.end - span.begin); };
  const Statement& host = p.ast.statements[p.ast.first];
  EXPECT_EQ(at(host.span), text.substr(0, text.size() - 1));
  EXPECT_EQ(at(host.head.span), "host a.x");
  EXPECT_EQ(at(host.tail.span), "b");
  EXPECT_EQ(at(host.sign_span), "->");
  EXPECT_EQ(at(host.block), "{\n  use m(100/m, burst = 2)\n}");
  const Statement& use = p.ast.statements[host.first_child];
  EXPECT_EQ(at(use.span), "use m(100/m, burst = 2)");
  const Item& call = p.ast.items[p.ast.groups[use.head.groups.begin].items.begin + 1];
  EXPECT_EQ(at(call.span), "m");
  EXPECT_EQ(at(call.whole), "m(100/m, burst = 2)");
  ASSERT_EQ(call.arguments.size(), 2U);
  EXPECT_EQ(at(p.ast.arguments[call.arguments.begin + 1].span), "burst = 2");
}

TEST(Parse, SmallestSources) {
  EXPECT_EQ(Parsed("").dump(), "");
  EXPECT_EQ(Parsed("\n\n# nothing\n").dump(), "");
  EXPECT_EQ(Parsed("host example.com -> localhost:9000").dump(),
            "1:1 [host] [example.com] -> [localhost:9000]\n");
  EXPECT_EQ(Parsed("a {\r\n  b\r\n}\r\n").dump(), "1:1 [a] {\n  2:3 [b]\n}\n");
}

}  // namespace
}  // namespace sluice::syntax
