#include "runtime/base/sip_hash.h"

#include <sys/random.h>

#include <bit>
#include <cstring>

#include "runtime/base/check.h"

namespace sluice {
namespace {

struct State {
  uint64_t v0, v1, v2, v3;
  void round() noexcept {
    v0 += v1, v1 = std::rotl(v1, 13), v1 ^= v0, v0 = std::rotl(v0, 32);
    v2 += v3, v3 = std::rotl(v3, 16), v3 ^= v2;
    v0 += v3, v3 = std::rotl(v3, 21), v3 ^= v0;
    v2 += v1, v1 = std::rotl(v1, 17), v1 ^= v2, v2 = std::rotl(v2, 32);
  }
  void rounds(int n) noexcept {
    while (n-- > 0) round();
  }
};

}  // namespace

SipKey SipKey::random() noexcept {
  SipKey key;
  SLUICE_CHECK(getrandom(&key, sizeof key, 0) == sizeof key, "the kernel gives random bytes");
  return key;
}

Hash128 sip_hash(const SipKey& key, std::string_view bytes) noexcept {
  State s{key.k0 ^ 0x736f6d6570736575, key.k1 ^ 0x646f72616e646f6d ^ 0xee,
          key.k0 ^ 0x6c7967656e657261, key.k1 ^ 0x7465646279746573};
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    s.v3 ^= word;
    s.rounds(2);
    s.v0 ^= word;
  }
  uint64_t last = uint64_t{bytes.size()} << 56;
  for (size_t i = 0; i < left; ++i) last |= uint64_t{static_cast<uint8_t>(at[i])} << (8 * i);
  s.v3 ^= last;
  s.rounds(2);
  s.v0 ^= last;
  s.v2 ^= 0xee;
  s.rounds(4);
  Hash128 out;
  out.low = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
  s.v1 ^= 0xdd;
  s.rounds(4);
  out.high = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
  return out;
}

}  // namespace sluice
