#include "compiler/syntax/dump.h"

#include "compiler/syntax/lexer.h"

namespace sluice::syntax {
namespace {

std::string place(const SourceMap& sources, SourceId source, uint32_t at) {
  Position position = sources.position(source, at);
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

// Raw texts may hold line ends, and the dump has a line a thing.
std::string one_line(std::string_view spelling) {
  std::string result;
  for (char c : spelling) {
    if (c == '\n')
      result += "\\n";
    else if (c == '\r')
      result += "\\r";
    else
      result += c;
  }
  return result;
}

class Printer {
 public:
  Printer(const SourceMap& sources, const Ast& ast) : sources_(sources), ast_(ast) {}

  std::string run() {
    block(ast_.first, 0);
    return std::move(out_);
  }

 private:
  void block(uint32_t first, size_t depth) {
    for (uint32_t id : children(ast_, first)) statement(ast_.statements[id], depth);
  }

  void statement(const Statement& statement, size_t depth) {
    std::string indent(2 * depth, ' ');
    out_ += indent + place(sources_, ast_.source, statement.span.begin);
    list(statement.head);
    if (statement.sign != Sign::none) out_ += statement.sign == Sign::is ? " =" : " ->";
    list(statement.tail);
    if (!statement.has_block) {
      out_ += "\n";
      return;
    }
    out_ += statement.first_child == kNone ? " {}\n" : " {\n";
    if (statement.first_child == kNone) return;
    block(statement.first_child, depth + 1);
    out_ += indent + "}\n";
  }

  void list(const List& list) {
    for (uint32_t g = list.groups.begin; g != list.groups.end; ++g) {
      if (g != list.groups.begin) out_ += ",";
      const Range& items = ast_.groups[g].items;
      for (uint32_t i = items.begin; i != items.end; ++i) {
        out_ += " [";
        item(ast_.items[i]);
        out_ += "]";
      }
    }
  }

  void item(const Item& item) {
    if (!item.label.empty()) out_ += std::string(item.label) + ": ";
    out_ += one_line(item.spelling);
    if (!item.has_call) return;
    out_ += "(";
    for (uint32_t a = item.arguments.begin; a != item.arguments.end; ++a) {
      if (a != item.arguments.begin) out_ += ", ";
      const Argument& argument = ast_.arguments[a];
      this->item(ast_.items[argument.left]);
      if (argument.right == kNone) continue;
      out_ += " = ";
      this->item(ast_.items[argument.right]);
    }
    out_ += ")";
  }

  const SourceMap& sources_;
  const Ast& ast_;
  std::string out_;
};

}  // namespace

std::string dump_tokens(const SourceMap& sources, SourceId source) {
  std::string_view text = sources.text(source);
  std::string out;
  for (const Token& token : scan(text).all) {
    out += place(sources, source, token.begin) + " " + std::string(token_name(token.kind));
    bool says_more = begins_item(token.kind) || token.kind == TokenKind::comment ||
                     token.kind == TokenKind::stray;
    if (says_more) out += " " + one_line(spelling(text, token));
    out += "\n";
  }
  return out;
}

std::string dump_syntax(const SourceMap& sources, const Ast& ast) {
  return Printer(sources, ast).run();
}

}  // namespace sluice::syntax
