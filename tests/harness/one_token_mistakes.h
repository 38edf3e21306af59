// Every one-token mistake of a source: each token deleted, doubled, misspelled, swapped with the
// next one. And a table of what was said to them.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/syntax/lexer.h"

namespace sluice::testing {

struct Mistake {
  std::string name;              // `-> doubled`
  std::string text;              // the source with it
  std::vector<uint32_t> places;  // where an error about it belongs, in `text`
};

inline std::string misspelled(syntax::TokenKind kind, std::string_view spelling) {
  using syntax::TokenKind;
  switch (kind) {
    case TokenKind::to:
      return "=>";
    case TokenKind::is:
      return "==";
    case TokenKind::comma:
      return ";";
    case TokenKind::lbrace:
    case TokenKind::lparen:
      return "[";
    case TokenKind::rbrace:
    case TokenKind::rparen:
      return "]";
    case TokenKind::newline:
      return " ";
    default:
      break;
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

template <class Visit>
void for_each_mistake(const std::string& text, Visit visit) {
  using syntax::Token, syntax::TokenKind;
  std::vector<Token> tokens = syntax::scan(text).all;
  std::erase_if(tokens, [](const Token& t) {
    return t.kind == TokenKind::comment || t.kind == TokenKind::end;
  });
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& t = tokens[i];
    std::string name(syntax::token_name(t.kind));
    std::string before = text.substr(0, t.begin), self(syntax::spelling(text, t)),
                after = text.substr(t.end);
    visit(Mistake{name + " deleted", before + after, {t.begin}});
    if (t.kind != TokenKind::newline)
      visit(Mistake{name + " doubled", before + self + " " + self + after, {t.begin}});
    visit(Mistake{name + " misspelled", before + misspelled(t.kind, self) + after, {t.begin}});
    if (i + 1 == tokens.size()) continue;
    const Token& next = tokens[i + 1];
    if (t.kind == next.kind || next.kind == TokenKind::newline || t.kind == TokenKind::newline)
      continue;
    std::string between = text.substr(t.end, next.begin - t.end);
    visit(Mistake{name + " swapped",
                  before + std::string(syntax::spelling(text, next)) +
                      (between.empty() ? " " : between) + self + text.substr(next.end),
                  {t.begin, next.begin}});
  }
}

// `silent`: the source stays one. `tests`: it does, but its own tests ask for something else now.
// `exact`: exactly one error, on the line of the mistake.
class MistakeTable {
 public:
  void judge(const Mistake& mistake, const SourceMap& sources, SourceId source,
             const diag::Sink& diags) {
    Tally& tally = tallies_[mistake.name];
    ++tally.all;
    std::vector<diag::Diagnostic> errors = diags.sorted();
    std::erase_if(errors, [](const auto& d) { return d.severity != diag::Severity::error; });
    auto line = [&](uint32_t at) { return sources.line_number(source, at); };
    auto right = [&](const diag::Diagnostic& d) {
      return d.span.source == source &&
             std::any_of(mistake.places.begin(), mistake.places.end(),
                         [&](uint32_t at) { return line(at) == line(d.span.begin); });
    };
    if (errors.empty()) {
      ++tally.silent;
      return;
    }
    bool own_tests = std::all_of(errors.begin(), errors.end(), [](const auto& d) {
      return d.code == "SL0513" || d.code == "SL0517";
    });
    if (own_tests && !right(errors[0])) {
      ++tally.tests;
      return;
    }
    ++(errors.size() > 1 ? tally.several : right(errors[0]) ? tally.exact : tally.elsewhere);
    if (errors.size() == 1 && right(errors[0])) return;
    std::string example = mistake.name + (errors.size() > 1 ? ", several" : ", elsewhere");
    example += "\n  line " + std::to_string(line(mistake.places[0])) + ": " +
               std::string(sources.line(source, mistake.places[0])) + "\n";
    for (const auto& d : errors) {
      example += "    " +
                 (d.span.known() ? std::to_string(sources.line_number(d.span.source, d.span.begin))
                                 : "-") +
                 " " + std::string(d.code) + " " + d.text + "\n";
    }
    examples_.push_back(std::move(example));
  }

  // With SLUICE_SHOW_MISTAKES in the environment, also what was not exact.
  void print() const {
    Tally sum;
    std::printf("%-20s %6s %7s %6s %6s %10s %8s  %s\n", "mistake", "tried", "silent", "tests",
                "exact", "elsewhere", "several", "exact of those seen");
    for (const auto& [name, t] : tallies_) {
      print(name, t);
      sum.all += t.all, sum.silent += t.silent, sum.tests += t.tests, sum.exact += t.exact;
      sum.elsewhere += t.elsewhere, sum.several += t.several;
    }
    print("all", sum);
    if (std::getenv("SLUICE_SHOW_MISTAKES") == nullptr) return;
    for (const std::string& example : examples_) std::printf("%s", example.c_str());
  }

 private:
  struct Tally {
    int all = 0, silent = 0, tests = 0, exact = 0, elsewhere = 0, several = 0;
  };
  static void print(const std::string& name, const Tally& t) {
    int seen = t.all - t.silent - t.tests;
    std::printf("%-20s %6d %7d %6d %6d %10d %8d  %.1f %%\n", name.c_str(), t.all, t.silent, t.tests,
                t.exact, t.elsewhere, t.several, seen == 0 ? 100.0 : 100.0 * t.exact / seen);
  }

  std::map<std::string, Tally> tallies_;
  std::vector<std::string> examples_;
};

}  // namespace sluice::testing
