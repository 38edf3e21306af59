// `respond` and `redirect` (D25): what the edge answers itself. `words` stand after that word.
#pragma once

#include "compiler/sema/destinations.h"

namespace sluice::sema {

std::optional<Destination> read_respond(Building& b, Words& words, Span at);
std::optional<Destination> read_redirect(Building& b, Words& words, Span at);

}  // namespace sluice::sema
