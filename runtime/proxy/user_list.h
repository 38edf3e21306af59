// Who may pass a `basic_auth`: lines `name:hash` of a file, as htpasswd writes them, with the
// hashes that libxcrypt knows (bcrypt, yescrypt, sha512-crypt …). Immutable after `parse`; `check`
// may run on any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

namespace sluice::proxy {

class UserList {
 public:
  // Empty lines and lines that begin with `#` are passed over. An Error names the line.
  static Result<UserList> parse(std::string_view text, const std::string& path);

  // The stored hash; for a name that is not there the hash of another, so that asking takes as
  // long.
  struct Entry {
    std::string_view hash;
    bool known;
  };
  Entry find(std::string_view name) const noexcept;
  // Slow by intention: off the loops.
  static bool check(const std::string& password, const std::string& hash);

 private:
  struct User {
    std::string name, hash;
  };
  std::vector<User> users_;  // by name
};

// `Authorization: Basic <base64>`: the scheme in any case of letters. False: not that, or
// malformed.
bool parse_basic(std::string_view authorization, std::string& name, std::string& password);

}  // namespace sluice::proxy
