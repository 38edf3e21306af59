#include "runtime/proxy/user_list.h"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "runtime/http/header_id.h"

namespace sluice::proxy {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

constexpr std::array<int8_t, 256> kBase64 = [] {
  std::array<int8_t, 256> table{};
  table.fill(-1);
  const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < 64; ++i)
    table[static_cast<unsigned char>(letters[i])] = static_cast<int8_t>(i);
  return table;
}();

bool decode_base64(std::string_view text, std::string& out) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  uint32_t bits = 0;
  int held = 0;
  out.clear();
  for (const char c : text) {
    const int8_t value = kBase64[static_cast<unsigned char>(c)];
    if (value < 0) return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
    if ((held += 6) >= 8) out.push_back(static_cast<char>(bits >> (held -= 8) & 0xff));
  }
  return held < 6;
}

}  // namespace

Result<UserList> UserList::parse(std::string_view text, const std::string& path) {
  UserList list;
  int number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const std::string where = path + ", line " + std::to_string(number) + ": ";
    const size_t colon = line.find(':');
    if (colon == line.npos || colon == 0) {
      return Error{ErrorCode::malformed, where + "not `name:hash`"};
    }
    User user{std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))};
    const int salt = crypt_checksalt(user.hash.c_str());
    // Without `$` it would be DES of 1976, for which any word of the right length passes, a clear
    // password too.
    if (user.hash[0] != '$' || (salt != CRYPT_SALT_OK && salt != CRYPT_SALT_TOO_CHEAP &&
                                salt != CRYPT_SALT_METHOD_LEGACY)) {
      return Error{ErrorCode::unsupported,
                   where + "a hash of a kind that is not known; use bcrypt (htpasswd -B)"};
    }
    list.users_.push_back(std::move(user));
  }
  if (list.users_.empty()) return Error{ErrorCode::malformed, path + ": no user in it"};
  std::stable_sort(list.users_.begin(), list.users_.end(),
                   [](const User& a, const User& b) { return a.name < b.name; });
  return list;
}

UserList::Entry UserList::find(std::string_view name) const noexcept {
  const auto it =
      std::lower_bound(users_.begin(), users_.end(), name,
                       [](const User& user, std::string_view n) { return user.name < n; });
  if (it != users_.end() && it->name == name) return {it->hash, true};
  return {users_.front().hash, false};
}

bool UserList::check(const std::string& password, const std::string& hash) {
  const auto data = std::make_unique<crypt_data>();
  const char* made = crypt_r(password.c_str(), hash.c_str(), data.get());
  if (!made || made[0] == '*' || std::strlen(made) != hash.size()) return false;
  unsigned char different = 0;
  for (size_t i = 0; i < hash.size(); ++i) {
    different |= static_cast<unsigned char>(made[i] ^ hash[i]);
  }
  return different == 0;
}

bool parse_basic(std::string_view authorization, std::string& name, std::string& password) {
  if (authorization.size() < 6 ||
      !http::equal_ignoring_case(authorization.substr(0, 6), "Basic ")) {
    return false;
  }
  authorization.remove_prefix(6);
  while (!authorization.empty() && authorization.front() == ' ') authorization.remove_prefix(1);
  std::string pair;
  if (!decode_base64(authorization, pair)) return false;
  const size_t colon = pair.find(':');
  if (colon == pair.npos || pair.find('\0') != pair.npos) return false;
  name = pair.substr(0, colon);
  password = pair.substr(colon + 1);
  return true;
}

}  // namespace sluice::proxy
