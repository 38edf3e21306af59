// Which hosts a site serves: names of `host` blocks and lines of zones, `serve` applied, sorted,
// each once.
#pragma once

#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/sema/site_scope.h"

namespace sluice::sema {

struct HostDraft {
  plan::HostPattern pattern;
  Span at;             // where the name stands
  model::Node block;   // the `host` statement, or the line of a zone
  model::Node zone;    // statement kNone: none
  std::string label;   // of a zone's line, else the name
  bool alone = false;  // the only host of its block
};

// By name, then exact before wildcards. Errors: SL0405, SL0501.
std::vector<HostDraft> collect_hosts(SiteScope& site, diag::Sink& diags);
bool covers(const plan::HostPattern& pattern, const plan::HostPattern& host);

}  // namespace sluice::sema
