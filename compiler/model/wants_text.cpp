#include "compiler/model/wants_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "compiler/model/schema.h"

namespace sluice::model {
namespace {

// Marks of a shape in which a text, a file name or a regex may stand somewhere.
bool may_hold_text(const Row& row) {
  static constexpr std::array<std::string_view, 7> kMarks = {
      "TEXT", "\"", "VALUE", "DESTINATION", "FILE", "CERTIFICATE KEY", "regex"};
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) {
    return row.shape.find(mark) != std::string_view::npos;
  });
}

}  // namespace

bool wants_text(const syntax::Ast& ast, std::span<const uint32_t> path, const syntax::Item&) {
  Block block = Block::top;
  const Row* row = nullptr;
  for (uint32_t id : path) {
    row = find_row(block, ast.first_item(ast.statements[id].head).spelling);
    if (row == nullptr || row->state != State::built) return true;
    block = row->child;
  }
  return row == nullptr || may_hold_text(*row);
}

}  // namespace sluice::model
