#include "runtime/proxy/password_cache.h"

#include <string>

namespace sluice::proxy {

Hash128 PasswordCache::key(const SipKey& secret, std::string_view name, std::string_view password,
                           std::string_view hash) {
  std::string all;
  all.reserve(name.size() + password.size() + hash.size() + 2);
  all.append(name).push_back('\0');  // none of the three holds a zero byte
  all.append(password).push_back('\0');
  all.append(hash);
  Hash128 made = sip_hash(secret, all);
  made.high |= 1;  // never the value of an empty slot
  return made;
}

}  // namespace sluice::proxy
