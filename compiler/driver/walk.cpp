#include "compiler/driver/walk.h"

#include "compiler/targets/table/to_spec.h"
#include "runtime/base/check.h"
#include "runtime/table/build.h"

namespace sluice::driver {
namespace {

// The outer hop as the inner one sees it: the first address that the inner site trusts it by.
table::Address address_of_outer(const plan::Plan& inner, const plan::Plan& outer) {
  for (const plan::Edge& edge : inner.edges) {
    if (!edge.is_site || edge.name != outer.site.name) continue;
    for (const plan::Cidr& cidr : edge.trust.peek()) {
      if (auto parsed = table::parse_cidr(cidr)) return parsed->address;
    }
  }
  return table::Request{}.peer;
}

}  // namespace

const SiteTable& Walker::table_of(const plan::Plan& plan) {
  SiteTable& entry = tables_[plan.site.name];
  if (entry.table == nullptr) {
    entry.plan = &plan;
    entry.bytes = table::build(targets::table::to_spec(plan));
    Result<table::Table> loaded = table::Table::load(entry.bytes);
    SLUICE_CHECK(loaded.has_value(), "a table that was just built does not load");
    entry.table = std::make_unique<table::Table>(std::move(*loaded));
  }
  return entry;
}

std::vector<Hop> Walker::walk(const plan::Plan& first, const table::Request& request) {
  std::vector<Hop> hops;
  const plan::Plan* plan = &first;
  table::Request current = request;
  // A front that leads back is refused when the sites are planned; the bound is for our own bugs.
  while (plan != nullptr && hops.size() <= project_->plans.size()) {
    const SiteTable& site = table_of(*plan);
    hops.push_back({&site, table::evaluate(*site.table, current)});
    const table::Decision& decision = hops.back().decision;
    if (decision.outcome != table::Outcome::proxy || decision.front == table::kNone) break;
    const plan::Plan* inner = project_->plan(plan->fronts[decision.front].inner);
    if (inner == nullptr) break;
    table::Request next;
    next.listener = table::Scheme::http;
    next.peer = address_of_outer(*inner, *plan);
    next.method = current.method;
    next.target = decision.upstream_target;
    next.headers = decision.upstream_headers;
    current = std::move(next);
    plan = inner;
  }
  return hops;
}

}  // namespace sluice::driver
