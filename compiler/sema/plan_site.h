// Model to plan: one site, with every value, default, parameter, `use` and `like` resolved.
// The capability check (plan/check.h) is part of planning: a feature that the site's target lacks
// and the site does not `degrade` is an error here. Targets are known by their facts alone.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/capability/capability.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/model/model.h"
#include "compiler/plan/plan.h"

namespace sluice::sema {

struct SiteSummary {
  std::string name;
  std::string target;              // as written, after `like`; "table" when nothing is
  std::vector<std::string> inner;  // the sites it fronts
  Span at;                         // unknown for the `local` of a source without sites
};
// In source order; one named `local` when the source declares none (D41).
std::vector<SiteSummary> site_summaries(const model::Model& model);
std::vector<std::string> site_names(const model::Model& model);

using Targets = std::span<const TargetFacts* const>;

// `site` is one of site_names. With errors in the sink the plan holds what could be planned.
plan::Plan plan_site(const model::Model& model, std::string_view site, Targets targets,
                     diag::Sink& diags);

// Plans every site, in the order of site_names, and checks what only all of them together show:
// middleware, issuers, upstreams never used, a certificate that no hop serves, two sites that front
// each other.
std::vector<plan::Plan> plan_sites(const model::Model& model, Targets targets, diag::Sink& diags);

// plan_sites without its plans: what `sluice check` does.
void check_sites(const model::Model& model, Targets targets, diag::Sink& diags);

}  // namespace sluice::sema
