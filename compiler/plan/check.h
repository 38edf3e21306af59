// The one capability check: what a plan needs × what its target can × the gaps that its site
// accepts. Reads the table of the target and nothing else of it.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/plan/plan.h"

namespace sluice::plan {

// The target's table, or that of the variant which the plan's site chose by an option.
const Capabilities& capabilities_of(const Plan& plan, const TargetFacts& target);

// What the plan needs and its target has in part. No mistake, so no diagnostic: `check` and
// `compile` say it, and `sluice.json` keeps it.
struct PartialNeed {
  const Need* need;
  std::string_view differs;
};
std::vector<PartialNeed> partial_needs(const Plan& plan, const TargetFacts& target);

// Errors SL0701 for what the target lacks, warnings SL0702 for a `degrade` that nothing needs. Call
// once per plan; sema::plan_site does.
void check_capabilities(const Plan& plan, const TargetFacts& target, diag::Sink& diags);

}  // namespace sluice::plan
