// Text to tree. Never fails: what is wrong is in the sink (SL01xx), and the tree holds the rest.
// Limits: 16 MiB a file, blocks 64 deep, both one clear error.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace sluice::syntax {

Ast parse(const SourceMap& sources, SourceId source, diag::Sink& diags);

}  // namespace sluice::syntax
