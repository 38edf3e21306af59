// Smooth weighted choice (as nginx and HAProxy do it): over a long run each gets its share exactly,
// and the heavy ones are spread instead of coming in a row. State is one number a choice, per loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice::proxy {

// `weight(i)` of each; a weight of 0 is never chosen. `current` keeps the state between calls, zero
// at first. Gives current.size() when all weights are 0.
template <class Weight>
size_t choose_weighted(std::span<int64_t> current, Weight weight) noexcept {
  size_t best = current.size();
  int64_t total = 0;
  for (size_t i = 0; i < current.size(); ++i) {
    const int64_t w = weight(i);
    if (w == 0) continue;
    total += w;
    current[i] += w;
    if (best == current.size() || current[i] > current[best]) best = i;
  }
  if (best != current.size()) current[best] -= total;
  return best;
}

}  // namespace sluice::proxy
