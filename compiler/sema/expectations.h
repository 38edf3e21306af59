// One `expect` line of a test, for the hops that its request takes (D46).
#pragma once

#include <optional>

#include "compiler/sema/plan_tests.h"
#include "compiler/sema/site_scope.h"

namespace sluice::sema {

// Nothing after an error. `hops`: the first is asked, the last answers.
std::optional<Expectation> read_expectation(SiteScope& scope, model::Node node,
                                            const std::vector<const plan::Plan*>& hops,
                                            diag::Sink& diags);

}  // namespace sluice::sema
