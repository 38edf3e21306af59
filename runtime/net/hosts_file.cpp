#include "runtime/net/hosts_file.h"

#include <arpa/inet.h>

#include <cctype>

namespace sluice::net {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

bool is_address(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// The next run without blanks; empty at the end. Takes it off `line`.
std::string_view take_word(std::string_view& line) {
  size_t start = line.find_first_not_of(" \t\r");
  if (start == std::string_view::npos) return line = {};
  size_t end = line.find_first_of(" \t\r", start);
  std::string_view word = line.substr(start, end == std::string_view::npos ? end : end - start);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end);
  return word;
}

}  // namespace

Result<HostsFile> HostsFile::parse(std::string_view text) {
  HostsFile file;
  for (size_t number = 1; !text.empty(); ++number) {
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = line.substr(0, line.find('#'));
    std::string address(take_word(line));
    if (address.empty()) continue;
    size_t names = 0;
    for (std::string_view name = take_word(line); !name.empty(); name = take_word(line), ++names) {
      file.addresses_[lower(name)].push_back(address);
    }
    if (names == 0 || !is_address(address)) {
      return Error{ErrorCode::malformed,
                   "line " + std::to_string(number) + " is no `address name`"};
    }
  }
  return file;
}

const std::vector<std::string>* HostsFile::find(std::string_view name) const {
  if (addresses_.empty()) return nullptr;
  auto at = addresses_.find(lower(name));
  return at == addresses_.end() ? nullptr : &at->second;
}

}  // namespace sluice::net
