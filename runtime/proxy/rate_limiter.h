// Token buckets for all rules and all loops in one table of fixed size (M5.1): capacity `burst`,
// refilled continuously, no waiting. A bucket is one number, the time at which it will be full
// again (GCRA), so taking a token is one compare-and-swap, and a full bucket needs no memory.
//
// Threads: any; no locks. When more keys are active than a neighbourhood of the table holds, the
// one nearest to being full is forgotten: a flood of addresses loosens limits, it never stops
// traffic. Buckets outlive a table's swap, since keys are hashes of names.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "runtime/base/sip_hash.h"

namespace sluice::proxy {

struct Limit {
  uint32_t count = 1;           // tokens …
  uint32_t period_seconds = 1;  // … refilled in this time
  uint32_t burst = 1;           // capacity
};

class RateLimiter {
 public:
  explicit RateLimiter(size_t slots = 1 << 18);  // a power of two; 16 bytes each, touched when used

  // Takes a token. 0: there was one. Else the microseconds until the next.
  int64_t take(const Hash128& key, const Limit& limit, int64_t now_us) noexcept;

 private:
  struct Slot {
    std::atomic<uint64_t> key{0};
    std::atomic<int64_t> full_at{0};  // microseconds; in the past: full
  };
  static constexpr size_t kProbe = 8;
  Slot& find(uint64_t key, size_t at, int64_t now_us) noexcept;

  std::unique_ptr<Slot[], void (*)(Slot*)> slots_;
  size_t mask_;
};

}  // namespace sluice::proxy
