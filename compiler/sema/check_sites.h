// What only all sites together show: declarations that none of them uses.
#pragma once

#include "compiler/sema/building.h"

namespace sluice::sema {

// Of the project's own declarations; a module's may lie unused.
void check_usage(const model::Model& model, const Usage& usage, diag::Sink& diags);

}  // namespace sluice::sema
