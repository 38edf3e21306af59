// Remembers that a password was right, so that its dear hash is computed once and not for every
// request. What is kept is a keyed hash of name, password and stored hash together: a changed
// password or user list is another key, and the memory says nothing about the password. One a loop,
// of fixed size.
#pragma once

#include <array>
#include <string_view>

#include "runtime/base/sip_hash.h"

namespace sluice::proxy {

class PasswordCache {
 public:
  static Hash128 key(const SipKey& secret, std::string_view name, std::string_view password,
                     std::string_view hash);
  bool has(const Hash128& key) const noexcept { return known_[slot(key)] == key; }
  void add(const Hash128& key) noexcept { known_[slot(key)] = key; }

 private:
  static constexpr size_t kSlots = 1024;
  static size_t slot(const Hash128& key) noexcept { return key.low % kSlots; }
  std::array<Hash128, kSlots> known_{};
};

}  // namespace sluice::proxy
