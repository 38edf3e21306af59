// Diagnostics as people and machines read them. Pure: text out.
#pragma once

#include <string>
#include <vector>

#include "compiler/diag/diagnostic.h"

namespace sluice::diag {

enum class Colour : uint8_t { off, on };

// The source line, a caret range under the narrowest wrong thing, notes with their own places, a
// help line where there is one fix; a blank line between two diagnostics. Empty for none.
std::string render_text(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources,
                        Colour colour);

// One object: {"diagnostics": [...], "errors": N, "warnings": N}. Lines and columns are 1-based,
// columns count characters; `end` stands behind the last character. A place unknown is null.
std::string render_json(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources);

}  // namespace sluice::diag
