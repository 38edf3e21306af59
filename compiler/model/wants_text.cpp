#include "compiler/model/wants_text.h"

#include "compiler/model/schema.h"

namespace sluice::model {
namespace {

using syntax::Ast;
using syntax::Item;
using syntax::Statement;

std::string_view word_of(const Ast& ast, const Statement& statement) {
  return ast.first_item(statement.head).spelling;
}

// The row of the last statement of the path; nullptr for a host's line in a zone and for what is
// unknown.
const Row* row_of(const Ast& ast, std::span<const uint32_t> path, bool& host_line) {
  Block in = Block::top;
  const Row* row = nullptr;
  for (uint32_t id : path) {
    const Statement& statement = ast.statements[id];
    host_line = in == Block::zone && statement.sign == syntax::Sign::to;
    row = host_line ? nullptr : find_row(in, word_of(ast, statement));
    if (row == nullptr && !host_line) return nullptr;
    in = host_line ? Block::host : row->child;
  }
  return row;
}

// The item's place in one of the statement's lists: the item before it, where it stands in that
// group at all.
bool find(const Ast& ast, const syntax::List& list, const Item& item, const Item*& before) {
  for (uint32_t g = list.groups.begin; g != list.groups.end; ++g) {
    syntax::Range items = ast.groups[g].items;
    for (uint32_t i = items.begin; i != items.end; ++i) {
      if (&ast.items[i] != &item) continue;
      before = i == items.begin ? nullptr : &ast.items[i - 1];
      return true;
    }
  }
  return false;
}

bool says(std::string_view shape, std::string_view what) {
  return shape.find(what) != std::string_view::npos;
}

}  // namespace

bool wants_text(const Ast& ast, std::span<const uint32_t> path, const Item& item) {
  const Statement& statement = ast.statements[path.back()];
  bool host_line = false;
  const Row* row = row_of(ast, path, host_line);
  if (row == nullptr && !host_line) return true;
  if (row != nullptr && row->state != State::built) return true;

  const Item* before = nullptr;
  if (find(ast, statement.tail, item, before)) {
    // A destination's words are bare, but for the text of `respond`; a value may be a text.
    if (statement.sign != syntax::Sign::to) return true;
    return ast.first_item(statement.tail).spelling == "respond";
  }
  if (!find(ast, statement.head, item, before)) return true;  // an argument of a call
  if (host_line) return false;
  if (&ast.first_item(statement.head) == &item) return true;  // a quoted word is no directive
  if (before != nullptr && before->spelling == "regex") return true;
  return says(row->shape, "\"") || says(row->shape, "TEXT") || says(row->shape, "KEY");
}

}  // namespace sluice::model
