#include "compiler/capability/capability.h"

#include <iterator>

namespace sluice {

std::span<const FeatureInfo> features() {
  static constexpr FeatureInfo kFeatures[] = {
#define SLUICE_FEATURE(id, doc) {#id, doc},
#include "compiler/capability/features.def"
#undef SLUICE_FEATURE
  };
  return kFeatures;
}

const Capability& Capabilities::operator[](FeatureId id) const {
  static constexpr Capability Capabilities::*kMembers[] = {
#define SLUICE_FEATURE(id, doc) &Capabilities::id,
#include "compiler/capability/features.def"
#undef SLUICE_FEATURE
  };
  return this->*kMembers[static_cast<size_t>(id)];
}

}  // namespace sluice
