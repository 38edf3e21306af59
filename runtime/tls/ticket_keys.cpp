#include "runtime/tls/ticket_keys.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/check.h"

namespace sluice::tls {

TicketKeys::TicketKeys() = default;
TicketKeys::~TicketKeys() { OPENSSL_cleanse(keys_.data(), sizeof keys_); }

void TicketKeys::rotate(int64_t now_ms) {
  if (count_ != 0 && now_ms - keys_[0].made_ms < kRotateMs) return;
  Key key;
  key.made_ms = now_ms;
  SLUICE_CHECK(RAND_bytes(key.name.data(), sizeof key.name) == 1 &&
                   RAND_bytes(key.cipher.data(), sizeof key.cipher) == 1 &&
                   RAND_bytes(key.mac.data(), sizeof key.mac) == 1,
               "OpenSSL gives random bytes");
  std::copy_backward(keys_.begin(), keys_.end() - 1, keys_.end());
  keys_[0] = key;
  count_ = std::min(count_ + 1, kKept);
}

TicketKeys::Key TicketKeys::current(int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  rotate(now_ms);
  return keys_[0];
}

std::optional<TicketKeys::Found> TicketKeys::find(const unsigned char name[16], int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  rotate(now_ms);
  for (size_t i = 0; i < count_; ++i) {
    if (now_ms - keys_[i].made_ms > static_cast<int64_t>(kKept) * kRotateMs) break;
    if (std::memcmp(keys_[i].name.data(), name, 16) == 0) return Found{keys_[i], i == 0};
  }
  return std::nullopt;
}

}  // namespace sluice::tls
