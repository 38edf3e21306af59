// The only list of targets. Explicit, so that it tells the whole truth; no self-registration.
#include <array>

#include "compiler/targets/caddy/caddy.h"
#include "compiler/targets/table/table.h"
#include "compiler/targets/target.h"
#include "compiler/targets/traefik/traefik.h"

namespace sluice::targets {

std::span<const Target* const> all_targets() {
  // One line a target, in the order of the README's matrix.
  static constexpr std::array kAll = {
      &caddy::kTarget,
      &traefik::kTarget,
      &table::kTarget,
  };
  return kAll;
}

const Target* find_target(std::string_view name) {
  for (const Target* target : all_targets()) {
    if (target->facts.name == name) return target;
  }
  return nullptr;
}

}  // namespace sluice::targets
