// Holds what a request met against what a test expects. The same expectations are asked of the real
// engines by tests/engines, from the JSON that `sluice test --json` prints.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/walk.h"
#include "compiler/sema/plan_tests.h"

namespace sluice::driver {

// How an expectation failed, for people: "expected status 403, got upstream api".
struct Failure {
  std::string text;
  Span at;
};

table::Request to_request(const sema::PlannedRequest& request);
std::vector<Failure> judge(const sema::PlannedRequest& request, const std::vector<Hop>& hops);

// "upstream api (path /users)", "403: the peer is not allowed", "301 to https://…", for messages
// and `route`.
std::string describe(const Hop& hop);
// The names of the upstreams that a decision may choose, as a source would write them.
std::vector<std::string> upstream_names(const Hop& hop);

}  // namespace sluice::driver
