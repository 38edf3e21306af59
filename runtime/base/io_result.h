// How reading or writing a stream went, in the clear or over TLS.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice {

enum class Io : uint8_t {
  ok,      // `bytes` went through
  again,   // nothing went through: wait for the socket
  closed,  // the peer has sent its last byte (reading only)
  failed,  // reset, or another error: `error` is its errno, 0 when TLS failed
};
struct IoResult {
  Io state;
  size_t bytes = 0;
  int error = 0;
};

}  // namespace sluice
