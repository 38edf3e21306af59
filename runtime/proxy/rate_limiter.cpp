#include "runtime/proxy/rate_limiter.h"

#include <algorithm>
#include <cstdlib>

#include "runtime/base/check.h"

namespace sluice::proxy {

// calloc: the kernel gives zeroed pages when they are touched, and an all-zero Slot is an empty
// one.
RateLimiter::RateLimiter(size_t slots)
    : slots_(static_cast<Slot*>(std::calloc(slots + kProbe, sizeof(Slot))),
             [](Slot* all) { std::free(all); }),
      mask_(slots - 1) {
  SLUICE_CHECK(slots_ && (slots & mask_) == 0, "a power of two of slots");
}

RateLimiter::Slot& RateLimiter::find(uint64_t key, size_t at, int64_t now_us) noexcept {
  Slot* const first = &slots_[at & mask_];
  while (true) {
    Slot* reuse = nullptr;
    int64_t soonest = INT64_MAX;
    for (Slot* slot = first; slot != first + kProbe; ++slot) {
      if (slot->key.load(std::memory_order_relaxed) == key) return *slot;
      const int64_t full_at = slot->full_at.load(std::memory_order_relaxed);
      if (full_at < soonest) soonest = full_at, reuse = slot;
    }
    // Not there: the emptiest of the neighbourhood becomes its place; usually that bucket is full.
    uint64_t old = reuse->key.load(std::memory_order_relaxed);
    if (reuse->key.compare_exchange_strong(old, key, std::memory_order_relaxed)) {
      reuse->full_at.store(std::min(now_us, soonest), std::memory_order_relaxed);
      return *reuse;
    }
  }
}

int64_t RateLimiter::take(const Hash128& key, const Limit& limit, int64_t now_us) noexcept {
  const int64_t token_us =
      std::max<int64_t>(int64_t{limit.period_seconds} * 1'000'000 / std::max(limit.count, 1u), 1);
  const int64_t capacity_us = token_us * std::max(limit.burst, 1u);
  Slot& slot = find(key.low | 1, key.high, now_us);
  int64_t full_at = slot.full_at.load(std::memory_order_relaxed);
  while (true) {
    const int64_t next = std::max(full_at, now_us) + token_us;
    if (next - now_us > capacity_us) return next - now_us - capacity_us;
    if (slot.full_at.compare_exchange_weak(full_at, next, std::memory_order_relaxed)) return 0;
  }
}

}  // namespace sluice::proxy
