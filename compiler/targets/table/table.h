// The target `table`: one site.slt, which sluiced serves. README.md says what is in it.
#pragma once

#include "compiler/targets/target.h"

namespace sluice::targets::table {

extern const Target kTarget;

void audit(const plan::Plan& plan, diag::Sink& diags);
emit::Artifacts emit(const plan::Plan& plan);

}  // namespace sluice::targets::table
