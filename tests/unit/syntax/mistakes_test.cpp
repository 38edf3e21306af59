// One-token mistakes: delete, double, misspell or swap each token of each source of the corpus, and count how
// often the parser alone answers with exactly one error on the right line. What the parser accepts (`silent`)
// is the schema's business: a word too many or too few, a separator that changes a list. The table is printed,
// not judged; that nothing crashes and that no error comes without a place is.
#include <gtest/gtest.h>

#include <map>

#include "compiler/syntax/lexer.h"
#include "tests/unit/syntax/syntax_fixture.h"

namespace sluice::syntax {
namespace {

using testing::Parsed;

struct Tally {
  int all = 0, silent = 0, exact = 0, elsewhere = 0, several = 0;
};

std::string misspelled(TokenKind kind, std::string_view spelling) {
  switch (kind) {
    case TokenKind::to: return "=>";
    case TokenKind::is: return "==";
    case TokenKind::comma: return ";";
    case TokenKind::lbrace: return "[";
    case TokenKind::rbrace: return "]";
    case TokenKind::lparen: return "{";
    case TokenKind::rparen: return "]";
    case TokenKind::newline: return " ";
    default: break;
  }
  std::string result(spelling);
  if (kind == TokenKind::text || kind == TokenKind::raw) {  // one quote missing
    result.pop_back();
  } else if (result.size() > 1) {
    std::swap(result[0], result[1]);
  } else {
    result += result;
  }
  return result;
}

class Mistakes : public ::testing::Test {
 protected:
  void judge(const std::string& row, const std::string& text, std::vector<uint32_t> places) {
    Parsed parsed(text);
    Tally& tally = tallies_[row];
    ++tally.all;
    auto errors = parsed.diags.sorted();
    for (const auto& d : errors) {
      ASSERT_TRUE(d.span.known() && d.span.end <= text.size()) << d.code << "\n" << text;
    }
    if (errors.empty()) {
      ++tally.silent;
    } else if (errors.size() > 1) {
      ++tally.several;
      examples_.push_back(row + ", several:\n" + parsed.errors() + context(parsed, places[0]));
    } else {
      uint32_t line = parsed.sources.position(0, errors[0].span.begin).line;
      bool right = false;
      for (uint32_t place : places) right = right || parsed.sources.position(0, place).line == line;
      ++(right ? tally.exact : tally.elsewhere);
      if (!right) examples_.push_back(row + ", elsewhere:\n" + parsed.errors() + context(parsed, places[0]));
    }
  }

  static std::string context(const Parsed& parsed, uint32_t place) {
    return "  line " + std::to_string(parsed.sources.position(0, place).line) + ": " +
           std::string(parsed.sources.line(0, place)) + "\n";
  }

  void run(const std::string& text) {
    std::vector<Token> tokens = scan(text).all;
    std::erase_if(tokens, [](const Token& t) {
      return t.kind == TokenKind::comment || t.kind == TokenKind::end;
    });
    for (size_t i = 0; i < tokens.size(); ++i) {
      const Token& t = tokens[i];
      std::string name(token_name(t.kind));
      std::string before = text.substr(0, t.begin), self(spelling(text, t)), after = text.substr(t.end);
      judge(name + " deleted", before + after, {t.begin});
      if (t.kind != TokenKind::newline) judge(name + " doubled", before + self + " " + self + after, {t.begin});
      judge(name + " misspelled", before + misspelled(t.kind, self) + after, {t.begin});
      if (i + 1 == tokens.size()) continue;
      const Token& next = tokens[i + 1];
      if (t.kind == next.kind || next.kind == TokenKind::newline || t.kind == TokenKind::newline) continue;
      std::string between = text.substr(t.end, next.begin - t.end);
      if (between.empty()) between = " ";
      judge(name + " swapped", before + std::string(spelling(text, next)) + between + self + text.substr(next.end),
            {t.begin, next.begin});
    }
  }

  std::map<std::string, Tally> tallies_;
  std::vector<std::string> examples_;
};

TEST_F(Mistakes, Table) {
  for (const auto& [name, text] : testing::corpus()) run(text);
  Tally sum;
  std::printf("%-20s %6s %7s %6s %10s %8s  %s\n", "mistake", "tried", "silent", "exact", "elsewhere", "several",
              "exact of those seen");
  auto print = [](const std::string& name, const Tally& t) {
    int seen = t.all - t.silent;
    std::printf("%-20s %6d %7d %6d %10d %8d  %.1f %%\n", name.c_str(), t.all, t.silent, t.exact, t.elsewhere,
                t.several, seen == 0 ? 100.0 : 100.0 * t.exact / seen);
  };
  for (const auto& [name, t] : tallies_) {
    print(name, t);
    sum.all += t.all, sum.silent += t.silent, sum.exact += t.exact;
    sum.elsewhere += t.elsewhere, sum.several += t.several;
  }
  print("all", sum);
  if (std::getenv("SLUICE_SHOW_MISTAKES") != nullptr) {
    for (const std::string& example : examples_) std::printf("%s", example.c_str());
  }
}

}  // namespace
}  // namespace sluice::syntax
