// ANTLR's own parser with its own trees, lexer and error strategy, judges ours: the same texts are
// sources, and the trees are the same.
#include <ANTLRInputStream.h>
#include <BailErrorStrategy.h>
#include <CommonTokenStream.h>
#include <Exceptions.h>
#include <gtest/gtest.h>

#include <random>

#include "SluiceLexer.h"
#include "SluiceParser.h"
#include "tests/unit/syntax/syntax_fixture.h"

namespace sluice::syntax {
namespace {

using judge::SluiceParser;
using testing::Parsed;

// A tree of ANTLR's, written as dump_syntax writes ours, without places.
class Writer {
 public:
  std::string run(SluiceParser::FileContext* file) {
    for (auto* line : file->line()) this->line(line, 0);
    return std::move(out_);
  }

 private:
  void line(SluiceParser::LineContext* line, size_t depth) {
    if (line->statement() != nullptr) statement(line->statement(), depth);
  }

  void statement(SluiceParser::StatementContext* statement, size_t depth) {
    std::string indent(2 * depth, ' ');
    out_ += indent;
    list(statement->list(0));
    if (statement->IS() != nullptr) out_ += " =";
    if (statement->TO() != nullptr) out_ += " ->";
    if (statement->list(1) != nullptr) list(statement->list(1));
    auto* block = statement->block();
    if (block == nullptr) {
      out_ += "\n";
      return;
    }
    size_t before = out_.size();
    out_ += " {\n";
    size_t inside = out_.size();
    if (block->statement() != nullptr) this->statement(block->statement(), depth + 1);
    for (auto* line : block->line()) this->line(line, depth + 1);
    if (out_.size() == inside) {
      out_.resize(before);
      out_ += " {}\n";
    } else {
      out_ += indent + "}\n";
    }
  }

  void list(SluiceParser::ListContext* list) {
    for (size_t g = 0; g < list->group().size(); ++g) {
      if (g != 0) out_ += ",";
      for (auto* item : list->group(g)->item()) {
        out_ += " [";
        this->item(item);
        out_ += "]";
      }
    }
  }

  void item(SluiceParser::ItemContext* item) {
    if (item->NAME_IS() != nullptr) out_ += item->NAME_IS()->getText() + " ";
    auto* leaf = item->WORD() != nullptr   ? item->WORD()
                 : item->TEXT() != nullptr ? item->TEXT()
                                           : item->RAW();
    for (char c : leaf->getText()) {
      if (c == '\n')
        out_ += "\\n";
      else if (c == '\r')
        out_ += "\\r";
      else
        out_ += c;
    }
    if (item->call() == nullptr) return;
    out_ += "(";
    auto arguments = item->call()->argument();
    for (size_t a = 0; a < arguments.size(); ++a) {
      if (a != 0) out_ += ", ";
      this->item(arguments[a]->item(0));
      if (arguments[a]->item(1) == nullptr) continue;
      out_ += " = ";
      this->item(arguments[a]->item(1));
    }
    out_ += ")";
  }

  std::string out_;
};

// The judge's tree, or `refused`.
std::string judged(const std::string& text) {
  antlr4::ANTLRInputStream input(text);
  judge::SluiceLexer lexer(&input);
  antlr4::CommonTokenStream tokens(&lexer);
  SluiceParser parser(&tokens);
  parser.removeErrorListeners();
  parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  try {
    return Writer().run(parser.file());
  } catch (const antlr4::ParseCancellationException&) {
    return "refused";
  }
}

std::string ours(const std::string& text) {
  Parsed parsed(text);
  if (parsed.diags.has_errors()) return "refused";
  std::string result, dump = parsed.dump();
  for (size_t at = 0; at < dump.size();) {
    size_t end = dump.find('\n', at) + 1;
    size_t place = dump.find_first_not_of(' ', at), rest = dump.find_first_of(" \n", place);
    result +=
        dump.substr(at, place - at) + (dump[place] == '}' ? "}\n" : dump.substr(rest, end - rest));
    at = end;
  }
  return result;
}

TEST(ParserJudge, Corpus) {
  for (const auto& [name, text] : testing::corpus()) EXPECT_EQ(judged(text), ours(text)) << name;
}

TEST(ParserJudge, DamagedAtRandom) {
  static const std::vector<std::string> kBits = {
      "{",   "}",   "(",     ")",     ",",        "=",     "->",       " ",  "\n",
      ",\n", "x: ", "a",     "f(a)",  "f(a = b)", "{ a }", " { b }\n", "{}", "(\n",
      "\n)", ", ",  "\"t\"", "`r\n`", "${x}",     "# c",   ";",        "$",  "-"};
  std::mt19937 random(42);
  auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  auto corpus = testing::corpus();
  int accepted = 0, rounds = 20000;
  for (int round = 0; round < rounds; ++round) {
    const std::string& whole = corpus[below(corpus.size())].second;
    size_t from = whole.rfind('\n', below(whole.size()));
    std::string text = whole.substr(from == std::string::npos ? 0 : from, below(400));
    for (size_t n = below(4); n-- > 0;)
      text.insert(below(text.size() + 1), kBits[below(kBits.size())]);
    if (text.empty() || text.back() != '\n')
      text += '\n';  // our reader adds a missing one, the grammar does not
    std::string expected = judged(text);
    ASSERT_EQ(expected, ours(text)) << "round " << round << "\n" << text;
    if (expected != "refused") ++accepted;
  }
  std::printf("%d texts, %d of them sources, 0 differences\n", rounds, accepted);
  EXPECT_GT(accepted, rounds / 20);
}

// ParserBase leaves out what adaptive prediction needs: the grammar has to stay LL(1).
TEST(ParserJudge, GrammarIsLL1) {
  std::string code =
      testing::read_file(std::string(SLUICE_BINARY_DIR) + "/generated/parser/SluiceParser.cpp");
  ASSERT_NE(code.find("RuleFile"), std::string::npos);
  EXPECT_EQ(code.find("adaptivePredict"), std::string::npos);
}

}  // namespace
}  // namespace sluice::syntax
