#include "runtime/proxy/endpoint.h"

#include "runtime/proxy/upstream_connection.h"

namespace sluice::proxy {

Endpoints::~Endpoints() = default;

Endpoint* Endpoints::use(const table::Table& table, const table::UpstreamRecord& upstream,
                         const table::MemberRecord& member) {
  const std::string host(table.text(member.host));
  const bool tls = upstream.protocol == table::Protocol::https;
  std::string name = tls ? "https://" : "http://";
  const bool is_path = member.port == 0;
  if (is_path) {
    name.append("unix:").append(host);
  } else if (host.find(':') != host.npos) {
    name.append("[").append(host).append("]:").append(std::to_string(member.port));
  } else {
    name.append(host).append(":").append(std::to_string(member.port));
  }
  std::unique_ptr<Endpoint>& slot = all_[name];
  if (!slot) {
    slot = std::make_unique<Endpoint>();
    slot->name = name;
    slot->host = host;
    slot->port = member.port;
    slot->tls = tls;
    slot->address = is_path ? net::SocketAddress::from_path(host)
                            : net::SocketAddress::from_ip(host, member.port);
    slot->owner = this;
  }
  ++slot->users;
  return slot.get();
}

void Endpoints::release(Endpoint* endpoint) noexcept {
  if (endpoint->users == 1) {
    // The last connection that closes would take the endpoint with it.
    while (!endpoint->idle.empty()) endpoint->idle.back()->close();
  }
  --endpoint->users;
  drop_unused(endpoint);
}

void Endpoints::closed(Endpoint* endpoint) noexcept {
  --endpoint->connections;
  drop_unused(endpoint);
}

void Endpoints::drop_unused(Endpoint* endpoint) noexcept {
  if (endpoint->users == 0 && endpoint->connections == 0) all_.erase(std::string(endpoint->name));
}

void Endpoints::close_idle() noexcept {
  for (auto& [name, endpoint] : all_) {
    while (!endpoint->idle.empty()) endpoint->idle.back()->close();
  }
}

}  // namespace sluice::proxy
