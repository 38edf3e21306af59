// One mistake, one error, at its place, and where there is one fix, a fix that mends it.
#include <gtest/gtest.h>

#include "compiler/syntax/brackets.h"
#include "compiler/syntax/check_text.h"
#include "tests/unit/syntax/syntax_fixture.h"

namespace sluice::syntax {
namespace {

using testing::Parsed;

struct Case {
  std::string text;
  std::string place_and_code;  // of the one error
  bool has_fix = false;
};

void expect_one_error(const Case& c) {
  Parsed parsed(c.text);
  std::string errors = parsed.errors();
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1) << c.text << "\n" << errors;
  EXPECT_EQ(errors.substr(0, c.place_and_code.size()), c.place_and_code) << c.text << "\n"
                                                                         << errors;
  std::string fixed = parsed.fixed();
  EXPECT_EQ(fixed != c.text, c.has_fix) << c.text << "\n" << fixed;
  if (c.has_fix) {
    EXPECT_EQ(Parsed(fixed).errors(), "") << fixed;
  }
}

TEST(Errors, Characters) {
  for (const Case& c : std::vector<Case>{
           {"\xef\xbb\xbfhost a.x -> b\n", "1:1 SL0104", true},
           {"a b\n"
            "caf\xe9 x\n",
            "2:4 SL0102"},
           {"a \xc0\x80\n", "1:3 SL0102"},
           {"a \xed\xa0\x80\n", "1:3 SL0102"},
           {"a \xf4\x90\x80\x80\n", "1:3 SL0102"},
           {"a \xe2\x82", "1:3 SL0102"},
           {std::string("a \0 b\n", 6), "1:3 SL0103"},
           {"a \"x\x07\"\n", "1:5 SL0103"},
           {"a # \xe2\x80\xae comment\n", "1:5 SL0103"},
           {"a\rb\n", "1:2 SL0103"},
           {"a \x7f\n", "1:3 SL0103"},
           {"host\xc2\xa0"
            "a.x\n",
            "1:5 SL0105", true},
           {"a b;\n", "1:4 SL0106", true},
           {"a b; c d\n", "1:4 SL0106"},
           {"a 'b c'\n", "1:3 SL0106"},
           {"a => b\n", "1:3 SL0106", true},
           {"a - b\n", "1:3 SL0106"},
           {"a > b\n", "1:3 SL0106"},
           {"a $b\n", "1:3 SL0106"},
           {"a | b\n", "1:3 SL0106"},
       }) {
    expect_one_error(c);
  }
}

TEST(Errors, Texts) {
  for (const Case& c : std::vector<Case>{
           {"import \"std/security\nhost a.x -> b\n", "1:8 SL0107"},
           {"test \"a {\n  request GET /\n}\n", "1:6 SL0107"},
           {"route / -> x { respond 200 \"ok }\n", "1:28 SL0107"},
           {"a \"b\\\"\n", "1:3 SL0107"},
           {"a `b\nc d\n", "1:3 SL0107"},
           {"host app-${app.id.x -> b {\n  tls x\n}\n", "1:10 SL0108"},
           {"a { tls ${x }\n", "1:9 SL0108"},
           {"a b ${\n", "1:5 SL0108"},
           {"a ${x y}\n", "1:3 SL0109"},
           {"a x-${1}-y\n", "1:5 SL0109"},
           {"a ${}\n", "1:3 SL0109"},
       }) {
    expect_one_error(c);
  }
}

TEST(Errors, BracesAreToldByIndentation) {
  std::string tail = "\nsite b {\n  target c\n}\n";
  for (const Case& c : std::vector<Case>{
           {"host a {\n  tls b\n\nhost c {\n  tls d\n}\n", "3:1 SL0110", true},
           {"host a {\n  route / {\n    when x\n\n  tls b\n}\n", "4:1 SL0110", true},
           {"host a {\n  route / {\n    when x\n\n}\n", "4:1 SL0110", true},
           {"host a {\n  route / {\n    when x\n  }\n", "5:1 SL0110", true},
           {"issuer a { acm\n\nhost b -> c\n", "1:15 SL0110", true},
           {"host a {\n  target b { platform c\n  name d\n}\n", "2:24 SL0110", true},
           {"host a {\n  target b { platform c  # why\n  name d\n}\n", "2:24 SL0110", true},
           {"host a\n  tls b\n}\n" + tail, "1:6 SL0112", true},
           {"host a {\n  route / # why\n    when x\n    when y\n  }\n  tls b\n}\n" + tail,
            "2:9 SL0112", true},
           {"host a {\n  tls b\n}\n}\n" + tail, "4:1 SL0111", true},
           {"host a {\n  route / {\n    when x\n  } }\n  tls b\n}\n" + tail, "4:5 SL0111", true},
           {"issuer amazon acm }\n" + tail, "1:19 SL0111", true},
           {"site a {\n  target b platform c }\n}\n" + tail, "2:23 SL0111", true},
           {"site a { {\n  target b\n}\n" + tail, "1:10 SL0124", true},
           {"site a {", "1:8 SL0110"},
       }) {
    expect_one_error(c);
  }
}

TEST(Errors, Parentheses) {
  for (const Case& c : std::vector<Case>{
           {"host a {\n  use throttle(100/m, burst = 2\n  tls x\n}\n", "2:15 SL0113", true},
           {"middleware m(a: rate {\n  b\n}\n", "1:13 SL0113", true},
           {"let x = f(1\nlet y = g(2)\n", "1:10 SL0113", true},
           {"let x = f(1))\n", "1:13 SL0114", true},
           {"let x = f((1)\n", "1:11 SL0114", true},
           {"let x = f 1)\n", "1:12 SL0114", true},
           {"let x = \"f\"(1)\n", "1:12 SL0114"},
       }) {
    expect_one_error(c);
  }
}

TEST(Errors, ShapesOfStatements) {
  for (const Case& c : std::vector<Case>{
           {"hosts a, b,\n", "1:11 SL0116", true},
           {"site a {\n  hosts a,\n}\n", "2:10 SL0116", true},
           {"let a = 1,\n\nlet b = 2\n", "1:10 SL0116", true},
           {"use f(a, b,)\n", "1:11 SL0116", true},
           {"host a, -> b {\n  tls c\n}\n", "1:7 SL0116", true},
           {"hosts a,, b\n", "1:9 SL0117", true},
           {"use f(, b)\n", "1:7 SL0117", true},
           {"host a -> {\n  tls c\n}\n", "1:8 SL0118"},
           {"param a =\n", "1:9 SL0118"},
           {"middleware m(a:, b: int) {\n  c\n}\n", "1:14 SL0118"},
           {"host a -> -> b {\n  tls c\n}\n", "1:11 SL0119", true},
           {"host a -> b -> c {\n  tls c\n}\n", "1:13 SL0119"},
           {"set a = b = c\n", "1:11 SL0119"},
           {"site a { target b\n  name c\n}\n", "1:10 SL0120", true},
           {"site a {\n  target b\n  name c }\n", "3:10 SL0121", true},
           {"site a {\n  target b {\n    x\n} }\n", "4:3 SL0121", true},
           {"site a\n{\n  target b\n}\n", "2:1 SL0122", true},
           {"site a { target b } host c -> d\n", "1:21 SL0123", true},
           {"site a { target b } {\n  x\n}\n", "1:21 SL0123"},
           {"site a { target b { c } d }\n", "1:25 SL0123"},
           {"site a { b } -> c\n", "1:14 SL0123"},
           {"host a\n  -> b\n", "2:3 SL0124"},
           {"host a {\n  , b\n  tls c\n}\n", "2:3 SL0124"},
           {"= x {\n  a\n}\n", "1:1 SL0124"},
           {"use f(a b)\n", "1:9 SL0125"},
           {"use f(a -> b)\nhost x -> y\n", "1:9 SL0125"},
           {"use f(a = b = c)\n", "1:13 SL0125"},
       }) {
    expect_one_error(c);
  }
}

TEST(Errors, TreeHoldsTheRest) {
  Parsed p("host a {\n  tls =\n  route / -> -> b {\n    when x\n  }\n  name c\n}\nhost d -> e\n");
  EXPECT_EQ(p.dump(),
            "1:1 [host] [a] {\n  2:3 [tls] =\n  3:3 [route] [/] -> {\n    4:5 [when] [x]\n  }\n"
            "  6:3 [name] [c]\n}\n8:1 [host] [d] -> [e]\n");
}

TEST(Errors, Limits) {
  std::string deep, close;
  for (int i = 0; i < 300; ++i) deep += "a {\n", close += "}\n";
  expect_one_error({deep + close, "65:3 SL0115"});
  std::string calls(300, '('), ends(300, ')');
  std::string nested;
  for (int i = 0; i < 300; ++i) nested += "f(";
  expect_one_error({"x " + nested + ends + "\n", "1:132 SL0115"});

  std::string big;
  while (big.size() <= 20U << 20) big += "host a.example.com -> localhost:9000\n";
  Parsed too_large(big);
  EXPECT_EQ(too_large.errors(), "1:1 SL0101 this file has 21 MiB; the limit is 16\n");
  EXPECT_TRUE(too_large.ast.statements.empty());

  big.resize(big.rfind('\n', kMaxFileSize - 1) + 1);
  EXPECT_EQ(Parsed(big).errors(), "");

  std::string many;
  for (int i = 0; i < 100; ++i) many += "a ;\n";
  Parsed p(many);
  EXPECT_EQ(p.diags.errors(), 20U);
  EXPECT_EQ(p.diags.all().back().notes.size(), 1U);
}

// Time would be quadratic in these if any phase looked back, or ahead, once an error.
TEST(Errors, HostileSourcesTakeLinearTime) {
  for (std::string bit :
       {"{",          "}",      "(",      ")",     "a(",      "a{",         "\"",     "\\\"",
        "`",          "${",     "${ }",   "${a",   "$",       ";",          ",",      "=",
        "->",         "-",      "a,\n",   "{\n",   "}\n",     "a(\n{\n}\n", "a {\n",  "  }\n",
        "\x01",       "\x01\n", "\u00a0", "#",     "a\n {\n", "a { b\n",    "x:",     "a = = ",
        "a -> -> \n", "\r",     "f(,)",   "f(a,)", "{ a }",   "\"\\u{\"",   "\"${\"", "`\n",
        "a-${-",      "=>",     "} {",    "a,\n}"}) {
    std::string text;
    while (text.size() < 1U << 20) text += bit;
    Parsed parsed(text);
    parsed.dump();
    EXPECT_LE(parsed.diags.errors(), 20U);
  }
}

TEST(Errors, BalancedBracesMayBeIndentedAnyhow) {
  EXPECT_EQ(Parsed("site a {\ntarget b {\n      platform c\n}\n    }\n").errors(), "");
}

// The text between ```KIND and ``` in a page.
std::string example(std::string_view page, std::string_view kind) {
  size_t begin = page.find("```" + std::string(kind) + "\n");
  if (begin == std::string_view::npos) return {};
  begin = page.find('\n', begin) + 1;
  return std::string(page.substr(begin, page.find("\n```", begin) + 1 - begin));
}

TEST(Errors, PagesShowWhatTheySay) {
  int pages = 0;
  for (const diag::Page& page : diag::catalog()) {
    if (page.code.substr(0, 4) != "SL01") continue;
    ++pages;
    EXPECT_EQ(Parsed(example(page.body, "good")).errors(), "") << page.code;
    std::string bad = example(page.body, "bad");
    if (bad.empty()) continue;  // a page can hold neither 16 MiB nor what is not UTF-8
    Parsed parsed(bad);
    bool in_text = page.code == "SL0126" || page.code == "SL0127";  // text_test.cpp
    if (in_text) continue;
    EXPECT_EQ(parsed.diags.errors(), 1U) << page.code << "\n" << parsed.errors();
    EXPECT_NE(parsed.errors().find(page.code), std::string::npos) << page.code;
  }
  EXPECT_GE(pages, 25);
}

}  // namespace
}  // namespace sluice::syntax
