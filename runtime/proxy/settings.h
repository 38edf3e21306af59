// Every limit and timeout of the proxy, with its safe default. The command line sets them
// (server/options.h); fixed for the life of the process, read by all loops.
#pragma once

#include <cstdint>

#include "runtime/http/limits.h"

namespace sluice::proxy {

struct Settings {
  // The client's side, milliseconds.
  int64_t handshake_ms = 10'000;  // TLS, from the first byte on
  int64_t head_ms = 10'000;  // absolute, from the request's first byte: slow letters do not help
  int64_t keep_alive_ms = 60'000;  // between requests
  int64_t body_idle_ms = 60'000;   // no byte of the body came
  int64_t send_idle_ms = 60'000;   // the client took no byte
  int64_t linger_ms = 2'000;       // what still comes after an early answer is read for so long
  uint64_t linger_bytes = 64UL * 1024;  // and so much of it

  // The upstream's side.
  int64_t connect_ms = 3'000;          // an address, the name and TLS included: 504
  int64_t response_head_ms = 60'000;   // 504
  int64_t response_idle_ms = 300'000;  // no byte of the answer's body came
  int64_t upstream_idle_ms = 4'000;    // kept for the next request; servers close at 5 s
  uint32_t max_idle = 256;             // kept connections, an endpoint and loop
  uint32_t max_upstream = 1024;        // connections, an endpoint and loop: 503

  uint32_t max_clients = 16'384;      // a loop; more wait in the kernel's queue
  uint32_t max_password_checks = 64;  // at once, a loop: 503
  http::Limits head;                  // 431
};

}  // namespace sluice::proxy
