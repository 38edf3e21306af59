// What stands after `->` (D24, D25): a pool of upstreams, an answer of the edge's own, a redirect.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "compiler/sema/building.h"

namespace sluice::sema {

struct Destination {
  plan::Answer answer;
  std::vector<std::pair<FeatureId, Span>> needs;
};

// The tail of a statement; nothing after an error.
std::optional<Destination> read_destination(Building& b, model::Node node);
// One upstream: `NAME`, `service …`, an address; `needs` gets what it takes to reach it.
std::optional<plan::UpstreamId> read_upstream(Building& b, Words& words, uint32_t file,
                                              std::vector<std::pair<FeatureId, Span>>& needs);

}  // namespace sluice::sema
