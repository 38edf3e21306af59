#include "runtime/table/answer.h"

#include <charconv>
#include <cstring>

#include "runtime/table/normalize.h"

namespace sluice::table {
namespace {

constexpr std::string_view kChallenges = "/.well-known/acme-challenge";

// Gathers text in a caller's buffer; `size()` is 0 once something did not fit.
class Text {
 public:
  explicit Text(std::span<char> buffer) : buffer_(buffer) {}
  Text& put(std::string_view text) {
    if (text.size() > buffer_.size() - size_) full_ = true;
    if (full_) return *this;
    if (!text.empty()) std::memcpy(buffer_.data() + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }
  size_t size() const { return full_ ? 0 : size_; }

 private:
  std::span<char> buffer_;
  size_t size_ = 0;
  bool full_ = false;
};

std::string_view rest_of(const Table& table, const RouteRecord& route, std::string_view path) {
  if (route.path_kind != PathKind::prefix) return {};
  const std::string_view prefix = table.text(route.path);
  return prefix.size() == 1 ? path : path.substr(prefix.size());
}

bool has_path(std::string_view location) {
  const size_t scheme = location.find("://");
  const size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  return location.find('/', begin) != std::string_view::npos;
}

}  // namespace

bool peers_allow(const Table& table, const ChainRecord& chain, const Address& peer) {
  if ((chain.flags & kHasAllowPeers) == 0) return true;
  for (uint32_t id : table.steps(chain).first(chain.guards)) {
    const PolicyRecord& policy = table.policies()[id];
    if (policy.kind == PolicyKind::allow_peers && !contains(table, policy.value, peer))
      return false;
  }
  return true;
}

bool clients_allow(const Table& table, const ChainRecord& chain, const Client& client) {
  if ((chain.flags & kHasClientLists) == 0) return true;
  if (!client.address) return false;
  for (uint32_t id : table.steps(chain).first(chain.guards)) {
    const PolicyRecord& policy = table.policies()[id];
    if (policy.kind == PolicyKind::allow_ips && !contains(table, policy.value, *client.address))
      return false;
    if (policy.kind == PolicyKind::deny_ips && contains(table, policy.value, *client.address))
      return false;
  }
  return true;
}

Plain plain_http(const Table& table, const HostRecord& host, const RouteRecord* route, bool secure,
                 std::string_view normal_path) {
  if (secure || host.plain_http == PlainHttp::serve) return Plain::serve;
  if (normal_path.starts_with(kChallenges) && normal_path.size() > kChallenges.size() &&
      normal_path[kChallenges.size()] == '/') {
    // A route of the source's own for challenges goes to a solver of the user's.
    const bool own = route != nullptr && route->path_kind != PathKind::regex &&
                     has_prefix(table.text(route->path), kChallenges);
    return own ? Plain::serve : Plain::acme;
  }
  return host.plain_http == PlainHttp::redirect ? Plain::redirect : Plain::refuse;
}

bool scheme_is_https(const Table& table, Scheme listener, bool trusted_peer,
                     std::string_view forwarded_proto) {
  if (listener == Scheme::https) return true;
  return trusted_peer && table.meta().tls_ended != 0 && forwarded_proto == "https";
}

uint16_t redirect_status(RedirectKind kind, uint16_t code, std::string_view method) {
  switch (kind) {
    case RedirectKind::permanent:
      return method == "GET" ? 301 : 308;
    case RedirectKind::temporary:
      return method == "GET" ? 302 : 307;
    case RedirectKind::exact:
      break;
  }
  return code;
}

size_t write_location(const Table& table, const RouteRecord& route, const LocationInput& in,
                      std::span<char> buffer) {
  const RedirectRecord& redirect = table.redirects()[route.answer];
  const std::string_view location = table.text(redirect.location);
  Text text(buffer);
  if (location.find("://") == std::string_view::npos)
    text.put(in.https ? "https://" : "http://").put(in.host);
  text.put(location);
  if ((redirect.flags & kKeepPath) != 0) {
    text.put(in.path);
  } else if ((redirect.flags & kKeepRest) != 0) {
    const std::string_view rest = rest_of(table, route, in.matched_path);
    text.put(rest.empty() && !has_path(location) ? "/" : rest);
  }
  if ((redirect.flags & kKeepQuery) != 0) text.put(in.query);
  return text.size();
}

size_t write_https_location(const Table& table, const LocationInput& in, std::span<char> buffer) {
  Text text(buffer);
  text.put("https://").put(without_port(in.host));
  const uint32_t port = table.meta().https_port;
  if (port != 0 && port != 443) {
    char digits[8];
    const auto end = std::to_chars(digits, digits + sizeof(digits), port).ptr;
    text.put(":").put({digits, static_cast<size_t>(end - digits)});
  }
  return text.put(in.path).put(in.query).size();
}

}  // namespace sluice::table
