// The lexer that ANTLR generates from grammar/Sluice.g4 judges ours: equal tokens on the corpus and
// on tens of thousands of texts damaged at random (D13).
#include <ANTLRInputStream.h>
#include <CommonToken.h>
#include <gtest/gtest.h>

#include <random>

#include "SluiceLexer.h"
#include "compiler/syntax/lexer.h"
#include "tests/unit/syntax/syntax_fixture.h"

namespace sluice::syntax {
namespace {

// What the grammar says of `text`; offsets of characters become offsets of bytes.
std::vector<Token> judged(const std::string& text) {
  std::vector<uint32_t> offsets;
  for (uint32_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) offsets.push_back(i);
  }
  offsets.push_back(static_cast<uint32_t>(text.size()));
  antlr4::ANTLRInputStream input(text);
  judge::SluiceLexer lexer(&input);
  lexer.removeErrorListeners();
  std::vector<Token> tokens;
  for (const auto& token : lexer.getAllTokens()) {
    tokens.push_back({static_cast<TokenKind>(token->getType()), offsets[token->getStartIndex()],
                      offsets[token->getStopIndex() + 1]});
  }
  return tokens;
}

// Ours, without what the reader adds: the end, and a missing last line end.
std::vector<Token> ours(const std::string& text) {
  std::vector<Token> tokens = scan(text).all;
  tokens.pop_back();
  if (!tokens.empty() && tokens.back().begin == tokens.back().end) tokens.pop_back();
  return tokens;
}

std::string shown(const std::string& text, const std::vector<Token>& tokens) {
  std::string result;
  for (const Token& token : tokens) {
    result +=
        std::string(token_name(token.kind)) + " <" + std::string(spelling(text, token)) + ">\n";
  }
  return result;
}

TEST(LexerJudge, Corpus) {
  for (const auto& [name, text] : testing::corpus()) {
    EXPECT_EQ(shown(text, judged(text)), shown(text, ours(text))) << name;
  }
}

TEST(LexerJudge, EdgesOfTheRules) {
  for (std::string text :
       {"a-",      "a->b",      "a-->b",    "--",         "-",           "->",        "-->",
        "a--b",    "-a",        "a-=",      "/a-=b",      "/-#x",        "a#b",       "a/#b",
        "a?b=c#d", "x=\"a\"",   "x:",       "x-:",        "x:y",         "x::",       "9x:",
        "_:",      "${a}:",     "${a.b.c}", "${a.}",      "${}",         "${-a}",     "${a",
        "a${",     "a$b",       "$",        "\"a\\\"b\"", "\"a\\",       "\"a\\\n\"", "\"\\\\\"",
        "`a\nb`",  "`a",        "\r",       "\r\n",       "a\rb",        "# c\rd",    "#\r\n",
        "\u00e9:", "caf\u00e9", "a\u00a0b", "\x7f",       "a\x7f",       "\x01",      "a|b",
        "<>",      "'a'",       "a;b",      "\\",         "{}(),=",      "=>",        "/=",
        "?=#",     "-/-",       "a-/b",     "a-?",        "\U0001f44d=1"}) {
    EXPECT_EQ(shown(text, judged(text)), shown(text, ours(text))) << text;
  }
}

TEST(LexerJudge, DamagedAtRandom) {
  static const std::vector<std::string> kBits = {
      "{",    "}",    "(",  ")",        ",",  "=",    "->",     "-",      ">",      "\"",
      "`",    "'",    "#",  "$",        "${", "${a}", "${a.b}", ":",      "/",      "?",
      "\\",   "\\\"", ";",  "|",        " ",  "\t",   "\n",     "\r\n",   "\r",     "a",
      "B",    "9",    "_",  ".",        "@",  "*",    "%",      "\u00e9", "\u00a0", "\U0001f44d",
      "\x01", "\x7f", "x:", "/a?b=c#d", "--", "a-"};
  std::mt19937 random(20260101);
  auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  auto corpus = testing::corpus();
  auto boundary = [&](const std::string& text, size_t at) {
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    return at;
  };
  size_t tokens = 0;
  for (int round = 0; round < 40000; ++round) {
    const std::string& whole = corpus[below(corpus.size())].second;
    size_t from = boundary(whole, below(whole.size()));
    size_t to = boundary(whole, std::min(whole.size(), from + below(160)));
    std::string text = whole.substr(from, to - from);
    for (size_t n = 1 + below(6); n-- > 0;) {
      size_t at = boundary(text, below(text.size() + 1));
      size_t cut = below(3) == 0 ? boundary(text, std::min(text.size(), at + below(4))) - at : 0;
      text.replace(at, cut, below(4) == 0 ? "" : kBits[below(kBits.size())]);
    }
    auto expected = judged(text);
    tokens += expected.size();
    ASSERT_EQ(expected, ours(text)) << "round " << round << "\n"
                                    << text << "\n"
                                    << shown(text, expected) << "-- ours --\n"
                                    << shown(text, ours(text));
  }
  RecordProperty("tokens", static_cast<int>(tokens));
  std::printf("40000 damaged texts, %zu tokens, 0 differences\n", tokens);
}

}  // namespace
}  // namespace sluice::syntax
