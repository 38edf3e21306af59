// What a row of the schema cannot say: which words of a block exclude or need each other, and
// names.
#pragma once

#include <string>

#include "compiler/diag/diagnostic.h"
#include "compiler/model/model.h"

namespace sluice::sema {

// Why it is no name of that kind; "" when it is one.
std::string name_fault(model::Kind kind, std::string_view name);
void check_declaration(const model::Model& model, const model::Declaration& declared,
                       diag::Sink& diags);
void check_test(const model::Model& model, model::Node test, diag::Sink& diags);

}  // namespace sluice::sema
