// SipHash-2-4 with 128 bits of key and of output (Aumasson, Bernstein 2012): a keyed hash for
// tables whose keys an outsider chooses, and for remembering that a password was right without
// keeping it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice {

struct SipKey {
  uint64_t k0 = 0, k1 = 0;
  static SipKey random() noexcept;  // from the kernel
};
struct Hash128 {
  uint64_t low = 0, high = 0;
  bool operator==(const Hash128&) const = default;
};
Hash128 sip_hash(const SipKey& key, std::string_view bytes) noexcept;

}  // namespace sluice
