// One place that a loop dials, with the connections to it that wait for their next request. Equal
// members of several upstreams, and of tables one after another, are one Endpoint: its connections
// outlive a swap.
//
// Owned by its loop's Endpoints; counted by the generations that name it and kept as long as a
// connection is open. Not shared between loops.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/net/socket_address.h"
#include "runtime/table/table.h"

namespace sluice::proxy {

class UpstreamConnection;
class Endpoints;

struct Endpoint {
  std::string name;  // "http://api.internal:8000": what makes two the same
  std::string host;  // to resolve, and to verify a certificate against
  uint16_t port = 0;
  bool tls = false;
  std::optional<net::SocketAddress> address;  // none: a name
  size_t preferred = 0;                       // which of a name's addresses answered last
  uint32_t connections = 0;                   // open ones, idle or not
  uint32_t users = 0;                         // generations that name it
  std::vector<UpstreamConnection*> idle;      // the last used is the next
  Endpoints* owner = nullptr;

  std::string_view display() const noexcept {
    return std::string_view(name).substr(name.find("//") + 2);
  }
};

class Endpoints {
 public:
  ~Endpoints();
  Endpoint* use(const table::Table& table, const table::UpstreamRecord& upstream,
                const table::MemberRecord& member);
  void release(Endpoint* endpoint) noexcept;  // by a generation
  void closed(Endpoint* endpoint) noexcept;   // a connection has gone
  void close_idle() noexcept;                 // all, for shutting down

 private:
  void drop_unused(Endpoint* endpoint) noexcept;
  std::unordered_map<std::string, std::unique_ptr<Endpoint>> all_;
};

}  // namespace sluice::proxy
