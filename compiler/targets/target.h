// The contract of a target: one folder below this one, one line in all_targets.cpp.
#pragma once

#include <span>
#include <string_view>

#include "compiler/capability/capability.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/emit/artifacts.h"
#include "compiler/plan/plan.h"

namespace sluice::targets {

// A plan field that this target does not read, and why that loses nothing. Names are those of the
// plan's dump: "Certificate.stored_as".
struct Ignored {
  std::string_view field;
  std::string_view why;
};

struct Target {
  TargetFacts facts;
  std::span<const Ignored> ignores;
  // Limits of value and number that no capability row can say: name lengths, ports.
  void (*audit)(const plan::Plan&, diag::Sink&);
  // Pure. Never meets an unsupported feature that was not degraded: the check came before.
  emit::Artifacts (*emit)(const plan::Plan&);
};

// In the order of the README's matrix.
std::span<const Target* const> all_targets();
const Target* find_target(std::string_view name);  // nullptr: none

}  // namespace sluice::targets
