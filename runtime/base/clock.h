// Time as the runtime counts it. Loops read the clock once a turn and hand the value on, so that
// nothing on a request's way asks the kernel; tests hand in values of their own.
#pragma once

#include <cstdint>
#include <ctime>

namespace sluice {

// Milliseconds and nanoseconds since some fixed point; never go back.
inline int64_t monotonic_ns() noexcept {
  timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return int64_t{ts.tv_sec} * 1'000'000'000 + ts.tv_nsec;
}
inline int64_t monotonic_ms() noexcept { return monotonic_ns() / 1'000'000; }

// Microseconds since 1970, for logs only.
inline int64_t wall_us() noexcept {
  timespec ts;
  clock_gettime(CLOCK_REALTIME, &ts);
  return int64_t{ts.tv_sec} * 1'000'000 + ts.tv_nsec / 1000;
}

}  // namespace sluice
