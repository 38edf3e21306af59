// CIDRs as sorted, disjoint ranges that do not touch, and back to the fewest CIDRs. For the builder
// and the dump; lookups are in client.h.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "runtime/table/format.h"

namespace sluice::table {

struct CidrRanges {
  std::vector<Range4> v4;
  std::vector<Range6> v6;
};
CidrRanges merge_cidrs(const std::vector<std::string>& cidrs);

std::vector<std::string> to_cidrs(std::span<const Range4> v4, std::span<const Range6> v6);

}  // namespace sluice::table
