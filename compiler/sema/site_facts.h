// The statements of a site that stand for themselves: target and its options, listeners, edges,
// gaps.
#pragma once

#include <span>

#include "compiler/sema/building.h"

namespace sluice::sema {

// The target that the site names; nullptr after an error. `table` when unwritten.
const TargetFacts* read_target(SiteScope& scope, std::span<const TargetFacts* const> targets,
                               plan::Site& site, diag::Sink& diags);
void read_site(Building& b);
// A `behind` block each; says whether one of them ends TLS.
bool read_edges(Building& b);
// The addresses in a `from` or `trust` below a statement.
std::optional<plan::Field<plan::CidrList>> read_ranges(Building& b, model::Node block,
                                                       std::string_view word);

}  // namespace sluice::sema
