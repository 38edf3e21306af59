// For the formatter (D5): quotes are for text, file names and regexes; where the schema says that a place takes
// neither, `fmt` takes them off.
#pragma once

#include <cstdint>
#include <span>

#include "compiler/syntax/ast.h"

namespace sluice::model {

// Must this quoted item stay quoted? `path` leads from a top-level statement to the one that holds it. In doubt
// yes: an unknown word, a value whose type shows only where it is used.
bool wants_text(const syntax::Ast& ast, std::span<const uint32_t> path, const syntax::Item& item);

}  // namespace sluice::model
