// Trees to model: reads the source (a file, or a folder with all `*.sluice` below it: D16), follows
// imports, parses, checks every statement against the schema, and enters declarations by name.
// Never fails: what is wrong is in the sink, and the model holds the rest. Planning a model whose
// resolution had errors is allowed but can repeat itself; callers ask diags.has_errors() first.
#pragma once

#include <string>

#include "compiler/diag/diagnostic.h"
#include "compiler/model/files.h"
#include "compiler/model/model.h"

namespace sluice::sema {

model::Model resolve(SourceMap& sources, const model::Files& files, const std::string& entry,
                     diag::Sink& diags);

}  // namespace sluice::sema
