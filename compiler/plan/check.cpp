#include "compiler/plan/check.h"

#include <vector>

#include "compiler/diag/catalog.gen.h"

namespace sluice::plan {
namespace {

bool covers(const Plan& plan, const Gap& gap, const Need& need) {
  if (gap.feature != need.feature) return false;
  return !gap.host || (need.host && *gap.host == to_string(plan[*need.host].pattern.peek()));
}

bool is_gap(Support support) {
  return support == Support::unsupported || support == Support::partial;
}

void report(const Need& need, const Capability& capability, const Plan& plan,
            const TargetFacts& target, diag::Sink& diags) {
  std::string_view feature = info(need.feature).name;
  diag::Diagnostic& d = diags.emit(
      diag::FeatureUnsupported{.feature = feature, .target = target.name, .why = capability.note},
      need.at);
  d.note("site " + plan.site.name + " runs it here", plan.site.target.at);
  d.help("accept the gap in the site: degrade " + std::string(feature) + " \"why\"");
}

}  // namespace

std::vector<PartialNeed> partial_needs(const Plan& plan, const TargetFacts& target) {
  const Capabilities& capabilities = capabilities_of(plan, target);
  std::vector<PartialNeed> result;
  for (const Need& need : plan.needs) {
    const Capability& capability = capabilities[need.feature];
    if (capability.support == Support::partial) result.push_back({&need, capability.note});
  }
  return result;
}

void check_capabilities(const Plan& plan, const TargetFacts& target, diag::Sink& diags) {
  const Capabilities& capabilities = capabilities_of(plan, target);
  std::vector<bool> used(plan.gaps.size());
  for (const Need& need : plan.needs) {
    const Capability& capability = capabilities[need.feature];
    if (!is_gap(capability.support)) continue;
    bool accepted = false;
    for (size_t i = 0; i < plan.gaps.size(); ++i) {
      if (!covers(plan, plan.gaps[i], need)) continue;
      used[i] = accepted = true;
    }
    if (!accepted && capability.support == Support::unsupported)
      report(need, capability, plan, target, diags);
  }
  for (size_t i = 0; i < plan.gaps.size(); ++i) {
    if (used[i]) continue;
    diags.emit(
        diag::DegradeNeedless{.feature = info(plan.gaps[i].feature).name, .site = plan.site.name},
        plan.gaps[i].at);
  }
}

}  // namespace sluice::plan
