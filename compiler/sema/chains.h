// From the acts of the blocks around a route to its chain of policies: fixed order of phases (D32),
// guards of all levels, header edits merged with the innermost winning, each middleware once (D33).
#pragma once

#include "compiler/sema/acts.h"

namespace sluice::sema {

struct Chain {
  std::vector<plan::Field<plan::PolicyId>> policies;
  std::vector<std::pair<FeatureId, Span>> needs;
};

// `layers` from the outermost in: site, zone, host, route. `strip` is the route's own, if any. A
// `without` of one layer takes off what this layer and those around it bring.
Chain compose(Building& b, const std::vector<const Layer*>& layers,
              const std::optional<plan::Field<std::string>>& strip);
// A `without` that takes nothing off: SL0512.
void check_without(Building& b, const std::vector<const Layer*>& around, const Layer& layer);

}  // namespace sluice::sema
