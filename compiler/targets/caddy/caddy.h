// The target `caddy`: a Caddyfile for the stock build of Caddy 2.11, and beside it the guards that
// make Caddy answer as every other target does. README.md tells what was measured.
#pragma once

#include "compiler/targets/target.h"

namespace sluice::targets::caddy {

extern const Target kTarget;

void audit(const plan::Plan& plan, diag::Sink& diags);
emit::Artifacts emit(const plan::Plan& plan);

}  // namespace sluice::targets::caddy
