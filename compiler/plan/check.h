// The one capability check: what a plan needs × what its target can × the gaps that its site accepts.
// Reads the table of the target and nothing else of it.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/plan/plan.h"

namespace sluice::plan {

// The target's table, or that of the variant which the plan's site chose by an option.
const Capabilities& capabilities_of(const Plan& plan, const TargetFacts& target);

// Errors SL0701 for what the target lacks, warnings for what it does partly and for a `degrade` that nothing
// needs. Call once per plan; sema::plan_site does.
void check_capabilities(const Plan& plan, const TargetFacts& target, diag::Sink& diags);

}  // namespace sluice::plan
