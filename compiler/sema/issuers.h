// An `issuer` block as the plan has it.
#pragma once

#include "compiler/sema/building.h"

namespace sluice::sema {

struct PlannedIssuer {
  plan::Issuer issuer;
  FeatureId feature;
  Span at;  // what asks for the feature; unknown for an undeclared issuer
};
std::optional<PlannedIssuer> read_issuer(Building& b, model::DeclarationId id);

}  // namespace sluice::sema
