#include "runtime/table/forward.h"

#include <array>
#include <cstring>

namespace sluice::table {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

constexpr std::string_view kForwarded = "x-forwarded-";

bool is_forwarded(std::string_view name) {
  return name.size() > kForwarded.size() &&
         equal_ignoring_case(name.substr(0, kForwarded.size()), kForwarded);
}

bool any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  for (std::string_view other : names) {
    if (equal_ignoring_case(name, other)) return true;
  }
  return false;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

Passing passing(std::string_view name, bool trusted_peer) {
  if (std::memchr(name.data(), '_', name.size()) != nullptr) return Passing::drop;
  switch (lower(name[0])) {
    case 'x': {
      if (is_forwarded(name)) {
        const std::string_view what = name.substr(kForwarded.size());
        if (!trusted_peer || equal_ignoring_case(what, "prefix")) return Passing::drop;
        return any_of(what, {"for", "proto", "host"}) ? Passing::replace : Passing::pass;
      }
      return !trusted_peer && equal_ignoring_case(name, "x-real-ip") ? Passing::drop
                                                                     : Passing::pass;
    }
    case 'f':
      return !trusted_peer && equal_ignoring_case(name, "forwarded") ? Passing::drop
                                                                     : Passing::pass;
    case 'c':
      return equal_ignoring_case(name, "connection") ? Passing::drop : Passing::pass;
    case 'k':
      return equal_ignoring_case(name, "keep-alive") ? Passing::drop : Passing::pass;
    case 'p':
      return any_of(name, {"proxy-connection", "proxy-authorization", "proxy-authenticate"})
                 ? Passing::drop
                 : Passing::pass;
    case 't':
      return any_of(name, {"te", "trailer", "transfer-encoding"}) ? Passing::drop : Passing::pass;
    case 'u':
      return equal_ignoring_case(name, "upgrade") ? Passing::drop : Passing::pass;
    default:
      return Passing::pass;
  }
}

bool may_be_nominated(std::string_view name) {
  return !is_forwarded(name) && !any_of(name, {"host", "authorization", "cookie"});
}

size_t write_forwarded_for(bool trusted_peer, std::span<const std::string_view> received,
                           const Address& peer, std::span<char> buffer) {
  size_t size = 0;
  bool full = false;
  auto put = [&](std::string_view text) {
    if (full || text.size() > buffer.size() - size) {
      full = true;
      return;
    }
    if (!text.empty()) std::memcpy(buffer.data() + size, text.data(), text.size());
    size += text.size();
  };
  if (trusted_peer) {
    for (std::string_view line : received) {
      if (line.empty()) continue;
      put(line);
      put(", ");
    }
  }
  char address[kAddressText];
  put(format_address(peer, address));
  return full ? 0 : size;
}

}  // namespace sluice::table
