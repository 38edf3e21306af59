// The one layout (D11).
#include "compiler/syntax/format.h"

#include <gtest/gtest.h>

#include <random>

#include "compiler/syntax/lexer.h"
#include "tests/unit/syntax/syntax_fixture.h"

namespace sluice::syntax {
namespace {

using testing::Parsed;

std::optional<std::string> formatted(const std::string& text, const WantsText& wants_text = {}) {
  SourceMap sources;
  diag::Sink diags;
  SourceId id = sources.add("t.sluice", text);
  return format(sources, id, diags, wants_text);
}

// Tokens without line ends, comments trimmed: what layout must not change.
std::string tokens(const std::string& text) {
  std::string result;
  for (const Token& token : scan(text).all) {
    if (token.kind == TokenKind::newline) continue;
    std::string spelled(spelling(text, token));
    std::erase(spelled, '\r');
    spelled.erase(spelled.find_last_not_of(" \t") + 1);
    result += std::string(token_name(token.kind)) + " " + spelled + "\n";
  }
  return result;
}

// The tree without its places.
std::string shape(const std::string& text) {
  std::string result, dump = Parsed(text).dump();
  for (size_t at = 0; at < dump.size();) {
    size_t end = dump.find('\n', at) + 1;
    size_t place = dump.find_first_not_of(' ', at), rest = dump.find_first_of(" \n", place);
    result += dump.substr(at, place - at) + dump.substr(rest, end - rest);
    at = end;
  }
  return result;
}

TEST(Format, Layout) {
  EXPECT_EQ(formatted(R"(


edition   2026
import "std/security"   # why
host a.x,b.x->api   90% ,canary 10%{
      # a comment
   tls ${authority}


   route /v1 -> x{strip_prefix}
   use f ( 100/m,burst=200 ) , g( )

}
empty {
}
site a {	target b }   # keeps its column
)"),
            R"(edition 2026
import "std/security"   # why
host a.x, b.x -> api 90%, canary 10% {
  # a comment
  tls ${authority}

  route /v1 -> x { strip_prefix }
  use f(100/m, burst = 200), g()
}
empty {}
site a { target b }   # keeps its column
)");
}

TEST(Format, Columns) {
  EXPECT_EQ(formatted(R"(zone x {
  tls a
  @ -> service cockpit:80 { use sso }
  jupyterhub -> service j:8000
  bi -> service superset:8088 { use sso }
  other -> y {
    tls z
  }

  a -> b
  # apart
  abc -> d
}
host h {
  route / -> a
  route exact /healthz -> respond 200 "ok" { use x }
  health -> not aligned
  param x = y
}
host aa -> b
host a -> b
)"),
            R"(zone x {
  tls a
  @          -> service cockpit:80    { use sso }
  jupyterhub -> service j:8000
  bi         -> service superset:8088 { use sso }
  other -> y {
    tls z
  }

  a -> b
  # apart
  abc -> d
}
host h {
  route /              -> a
  route exact /healthz -> respond 200 "ok" { use x }
  health -> not aligned
  param x = y
}
host aa -> b
host a -> b
)");
}

TEST(Format, ListsAndCallsKeepTheirLines) {
  EXPECT_EQ(formatted("let a = 1,\n\n      2, # two\n # three\n3\nuse f(\na = 1,\nb\n=\n2\n)\n"),
            "let a = 1,\n  2,     # two\n  # three\n  3\nuse f(\n  a = 1,\n  b = 2\n)\n");
}

TEST(Format, CommentsUnderAComment) {
  EXPECT_EQ(formatted("a b   # one\n      # two\n  # three\n{}\n"), std::nullopt);
  EXPECT_EQ(formatted("a   b   # one\n        # two\n   # three\n"),
            "a b     # one\n        # two\n# three\n");
}

TEST(Format, LineEnds) {
  EXPECT_EQ(formatted("a {\r\n  b `x\r\ny`\r\n}"), "a {\n  b `x\ny`\n}\n");
  EXPECT_EQ(formatted(""), "");
  EXPECT_EQ(formatted("\n\n"), "");
}

TEST(Format, QuotesGoWhereTheSchemaSaysSo) {
  EXPECT_EQ(formatted("a \"b\"\n"), "a \"b\"\n");
  auto never = [](const Ast&, std::span<const uint32_t>, const Item&) { return false; };
  EXPECT_EQ(
      formatted("a \"b.x\" \"c d\" \"${x}\" \"e-\" \"f:\" g(\"h\", i = \"j/k?l=m\")\n", never),
      "a b.x \"c d\" \"${x}\" \"e-\" \"f:\" g(h, i = j/k?l=m)\n");
  auto in_test = [](const Ast& ast, std::span<const uint32_t> path, const Item&) {
    return ast.first_item(ast.statements[path.back()].head).spelling == "test";
  };
  EXPECT_EQ(formatted("test \"b\" {\n  x \"c\"\n}\n", in_test), "test \"b\" {\n  x c\n}\n");
}

TEST(Format, RefusesWhatDoesNotParse) { EXPECT_EQ(formatted("a {\n"), std::nullopt); }

void expect_stable(const std::string& text) {
  auto once = formatted(text);
  if (!once) return;
  EXPECT_EQ(tokens(text), tokens(*once)) << text;
  EXPECT_EQ(shape(text), shape(*once)) << text;
  EXPECT_EQ(formatted(*once), once) << text;
}

TEST(Format, CorpusIsStable) {
  for (const auto& [name, text] : testing::corpus()) {
    ASSERT_TRUE(formatted(text)) << name;
    expect_stable(text);
  }
}

TEST(Format, DamagedTextsAreStable) {
  static const std::vector<std::string> kBits = {
      " ",   "  ",   "\n",     "\n\n",  "\r\n",   "\t",          " # c\n", "# c",  ",\n",
      ", ",  "{}",   "{ a }",  " {\n",  "\n}\n",  "(",           ")",      "f(\n", "x: ",
      " = ", " -> ", "`a\nb`", "\"q\"", "\u00e9", "route / -> ", "zone "};
  std::mt19937 random(7);
  auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  auto corpus = testing::corpus();
  int parsed = 0;
  for (int round = 0; round < 20000; ++round) {
    const std::string& whole = corpus[below(corpus.size())].second;
    size_t from = whole.find('\n', below(whole.size()));
    if (from == std::string::npos) continue;
    std::string text = whole.substr(from, below(600));
    for (size_t n = 1 + below(3); n-- > 0;)
      text.insert(below(text.size() + 1), kBits[below(kBits.size())]);
    if (Parsed(text).diags.has_errors()) continue;
    ++parsed;
    expect_stable(text);
    if (HasFailure()) return;
  }
  EXPECT_GT(parsed, 2000);
}

}  // namespace
}  // namespace sluice::syntax
