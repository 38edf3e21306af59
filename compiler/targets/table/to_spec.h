// A plan as a table says it. Also the way in which `sluice test` and `sluice route` ask what ANY
// site means, whatever its target: a site with Kubernetes then dials its Services by name.
// Upstreams, policies, certificates, fronts and hosts keep their ids: index i of the spec, and of
// the table built from it, is index i of the plan.
#pragma once

#include "compiler/plan/plan.h"
#include "runtime/table/spec.h"

namespace sluice::targets::table {

sluice::table::TableSpec to_spec(const plan::Plan& plan);

}  // namespace sluice::targets::table
