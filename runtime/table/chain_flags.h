// What one policy adds to the flags of a chain: said once, for the writer and the verifier.
// Internal.
#pragma once

#include <span>

#include "runtime/table/format.h"

namespace sluice::table {

inline uint32_t chain_flags(const PolicyRecord& policy, std::span<const RateLimitRecord> limits) {
  switch (policy.kind) {
    case PolicyKind::allow_peers:
      return kHasAllowPeers;
    case PolicyKind::allow_ips:
    case PolicyKind::deny_ips:
      return kHasClientLists;
    case PolicyKind::rate_limit:
      return kHasRateLimit | (limits[policy.value].by == LimitBy::client_ip ? kHasClientLimit : 0);
    case PolicyKind::basic_auth:
      return kHasBasicAuth;
    case PolicyKind::header_edits:
      return 0;
    case PolicyKind::strip_prefix:
      return kHasStripPrefix;
  }
  return 0;
}

}  // namespace sluice::table
