#include "runtime/base/sip_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

// The authors' test vectors: key 00 01 … 0f, input 00 01 … (n-1), output as bytes.
SipKey reference_key() { return {0x0706050403020100, 0x0f0e0d0c0b0a0908}; }

std::string hex(const Hash128& hash) {
  std::string out;
  for (const uint64_t word : {hash.low, hash.high}) {
    for (int i = 0; i < 8; ++i) {
      char byte[3];
      std::snprintf(byte, sizeof byte, "%02x", static_cast<unsigned>(word >> (8 * i) & 0xff));
      out += byte;
    }
  }
  return out;
}

TEST(SipHash, GivesTheAuthorsVectors) {
  std::string input;
  EXPECT_EQ(hex(sip_hash(reference_key(), input)), "a3817f04ba25a8e66df67214c7550293");
  input.push_back(0);
  EXPECT_EQ(hex(sip_hash(reference_key(), input)), "da87c1d86b99af44347659119b22fc45");
  for (char c = 1; c < 63; ++c) input.push_back(c);
  EXPECT_EQ(hex(sip_hash(reference_key(), input)), "5150d1772f50834a503e069a973fbd7c");
}

TEST(SipHash, KeysDiffer) {
  EXPECT_FALSE(sip_hash(SipKey::random(), "x") == sip_hash(SipKey::random(), "x"));
}

}  // namespace
}  // namespace sluice
