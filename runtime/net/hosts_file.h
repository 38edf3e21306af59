// A hosts file as of hosts(5), asked before DNS: `address name name…` a line, `#` comments. For
// runs without the right to change /etc/hosts: development, tests, a Compose-like setup. Immutable,
// shared by all loops.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/base/result.h"

namespace sluice::net {

class HostsFile {
 public:
  // Fails on a line that is neither blank, comment nor `address name…`, naming its number.
  static Result<HostsFile> parse(std::string_view text);

  // The addresses of a name in the order of the file, as text; null: not there. Names without case.
  const std::vector<std::string>* find(std::string_view name) const;

 private:
  std::unordered_map<std::string, std::vector<std::string>> addresses_;
};

}  // namespace sluice::net
