// Escapes and `${…}` in words and texts.
#include "compiler/syntax/text.h"

#include <gtest/gtest.h>

#include "tests/unit/syntax/syntax_fixture.h"

namespace sluice::syntax {
namespace {

using testing::Parsed;

const Item& second(const Parsed& p) {
  return p.ast.items[p.ast.groups[p.ast.statements[p.ast.first].head.groups.begin].items.begin + 1];
}

// `literal|${name.field}|…` of the second word of a statement, then what is wrong with it.
std::string pieces(const std::string& spelled) {
  Parsed p("a " + spelled + "\n");
  std::string result;
  for (const Piece& piece : read_pieces(second(p), p.diags)) {
    if (!result.empty()) result += "|";
    if (!piece.is_reference) {
      result += piece.literal;
      continue;
    }
    result += "$<" + std::string(piece.name);
    if (!piece.field.empty()) result += "." + std::string(piece.field);
    result += ">";
    EXPECT_EQ(p.sources.text(piece.span).substr(0, 2), "${");
  }
  return result + (p.diags.has_errors() ? " !! " + p.errors() : "");
}

TEST(Text, Words) {
  EXPECT_EQ(pieces("api:8000"), "api:8000");
  EXPECT_EQ(pieces("${x}"), "$<x>");
  EXPECT_EQ(pieces("app-${app.id}.x.${y}"), "app-|$<app.id>|.x.|$<y>");
  EXPECT_EQ(pieces("${a.b.c}"),
            " !! 1:3 SL0109 `${…}` holds a name or `name.field`, not `a.b.c`\n");
}

TEST(Text, Escapes) {
  EXPECT_EQ(pieces(R"("a\"b\\c\nd\te\$f")"), "a\"b\\c\nd\te$f");
  EXPECT_EQ(pieces(R"("\${x} $ $y 100%")"), "${x} $ $y 100%");
  EXPECT_EQ(pieces(R"("\u{41}\u{e9}\u{20ac}\u{1f44d}")"), "A\u00e9\u20ac\U0001f44d");
  EXPECT_EQ(pieces(R"("hello ${domain}!")"), "hello |$<domain>|!");
  EXPECT_EQ(pieces(R"("")"), "");
}

TEST(Text, Mistakes) {
  EXPECT_EQ(pieces(R"("a\qb")"),
            "ab !! 1:5 SL0126 `\\q` is no escape; there are \\\" \\\\ \\n \\t \\$ and \\u{…}\n");
  EXPECT_EQ(pieces(R"("\u{110000}")"), " !! 1:4 SL0127 `\\u{110000}` is no character\n");
  EXPECT_EQ(pieces(R"("\u{d800}")"), " !! 1:4 SL0127 `\\u{d800}` is no character\n");
  EXPECT_EQ(pieces(R"("\u{}")"), " !! 1:4 SL0127 `\\u{}` is no character\n");
  EXPECT_EQ(pieces(R"("\u{41")"), " !! 1:4 SL0127 `\\u{41` is no character\n");
  EXPECT_EQ(pieces(R"("a${b")"), "a !! 1:5 SL0108 `${` is not closed\n");
  EXPECT_EQ(pieces(R"("a${b c}d")"),
            "ad !! 1:5 SL0109 `${…}` holds a name or `name.field`, not `b c`\n");
}

TEST(Text, Raw) {
  EXPECT_EQ(pieces("`^/u/\\d+$ ${x}`"), "^/u/\\d+$ ${x}");
  EXPECT_EQ(pieces("`a\r\nb`"), "a\nb");
}

TEST(Text, Plain) {
  Parsed p("a b-${x} \"c d\" \"e\\n\" `f\\n` ${y}\n");
  auto item = [&](uint32_t i) { return p.ast.items[p.ast.groups[0].items.begin + i]; };
  EXPECT_EQ(plain(item(0)), "a");
  EXPECT_EQ(plain(item(1)), std::nullopt);
  EXPECT_EQ(plain(item(2)), "c d");
  EXPECT_EQ(plain(item(3)), std::nullopt);
  EXPECT_EQ(plain(item(4)), "f\\n");
  EXPECT_FALSE(is_single_reference(item(1)));
  EXPECT_TRUE(is_single_reference(item(5)));
}

TEST(Text, QuoteIsReadBack) {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  all += "${x} $ \u00e9";
  EXPECT_EQ(pieces(quote(all)), all);
}

}  // namespace
}  // namespace sluice::syntax
