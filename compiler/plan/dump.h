// The plan as JSON for `sluice dump plan` and the text cases: every field, in the order of plan.h,
// ids as the names of what they index. The same plan gives the same bytes. Reading it here does not
// count as read.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.h"

namespace sluice::plan {

std::string dump(const Plan& plan);

// The Fields that the plan holds and nobody read, once each, sorted: "Certificate.from". A test
// demands that each is in the target's `ignores`.
std::vector<std::string> unread_fields(const Plan& plan);

}  // namespace sluice::plan
