// The bounds of one HTTP/1.1 message. Defaults are safe at the open edge.
// Invariant: max_head <= kMaxHeadBytes (offsets are 16 bits) and max_headers <= kMaxHeaders.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::http {

constexpr size_t kMaxHeadBytes = 65535;
constexpr size_t kMaxHeaders = 128;

struct Limits {
  uint32_t max_head = 60 * 1024;           // start line and header lines together; beyond: 431 (P4)
  uint32_t max_request_line = UINT32_MAX;  // beyond: 414; not limited apart, by default
  uint16_t max_headers = 100;              // lines; beyond: 431
};

struct BodyLimits {
  uint64_t max_body = UINT64_MAX;      // payload bytes; beyond: 413
  uint32_t max_chunk_extension = 256;  // bytes of extension in one chunk line, its CR included
  uint32_t max_chunk_extensions = 16 * 1024;  // and in all of a message
  uint32_t max_trailers = 16 * 1024;          // bytes of the trailer section
};

}  // namespace sluice::http
