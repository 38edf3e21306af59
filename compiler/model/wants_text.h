// D5 for the formatter: which quoted items must stay quoted. Their place wants a text, a file name
// or a regex, or it is not known what it wants.
#pragma once

#include <cstdint>
#include <span>

#include "compiler/syntax/ast.h"

namespace sluice::model {

// `path` leads from a top-level statement to the one that holds the item (syntax::WantsText).
bool wants_text(const syntax::Ast& ast, std::span<const uint32_t> path, const syntax::Item& item);

}  // namespace sluice::model
