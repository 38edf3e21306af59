// Second step of resolution: every statement against the schema: known words, number of arguments,
// signs, blocks, what stands once, what must stand. Values are not looked at.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/model/model.h"
#include "compiler/model/schema.h"

namespace sluice::sema {

// Gives for each statement of the file whether it passed, itself and its block; what did not is
// left out of the model.
void check_file(const model::Model& model, uint32_t file, diag::Sink& diags);

// The one statement of a block with that word; kNone when there is none.
uint32_t find_child(const syntax::Ast& ast, uint32_t statement, std::string_view word);
std::string_view word_of(const syntax::Ast& ast, uint32_t statement);

}  // namespace sluice::sema
