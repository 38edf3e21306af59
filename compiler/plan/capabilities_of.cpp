#include "compiler/plan/check.h"

namespace sluice::plan {

const Capabilities& capabilities_of(const Plan& plan, const TargetFacts& target) {
  for (const Variant& variant : target.variants) {
    for (const Field<Option>& option : plan.site.options) {
      if (option.peek().name == variant.option && option.peek().value == variant.value) {
        return variant.capabilities;
      }
    }
  }
  return target.capabilities;
}

}  // namespace sluice::plan
