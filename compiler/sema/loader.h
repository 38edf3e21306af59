// First step of resolution: which files there are, what each imports, and which of them are
// modules.
#pragma once

#include <string>

#include "compiler/diag/diagnostic.h"
#include "compiler/model/files.h"
#include "compiler/model/model.h"

namespace sluice::sema {

// Fills files, scopes, imports and file_of_source.
void load(SourceMap& sources, const model::Files& files, const std::string& entry,
          model::Model& model, diag::Sink& diags);

}  // namespace sluice::sema
