#include "runtime/net/resolver.h"

#include <netdb.h>

namespace sluice::net {
namespace {

// On a thread of the pool. IPv4 and IPv6 as the system's configuration orders them.
Resolver::Addresses look_up(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  Resolver::Addresses out;
  const std::string service = std::to_string(port);
  if (getaddrinfo(host.c_str(), service.c_str(), &hints, &list) != 0) {
    // A machine with a loopback interface alone "has" no address family; ask without that filter.
    hints.ai_flags = 0;
    if (getaddrinfo(host.c_str(), service.c_str(), &hints, &list) != 0) return out;
  }
  for (const addrinfo* at = list; at; at = at->ai_next)
    out.emplace_back(at->ai_addr, at->ai_addrlen);
  freeaddrinfo(list);
  return out;
}

std::string key_of(const std::string& host, uint16_t port) {
  return host + ':' + std::to_string(port);
}

}  // namespace

Resolver::~Resolver() { *alive_ = nullptr; }

const Resolver::Addresses* Resolver::known(const std::string& host, uint16_t port) {
  const std::string key = key_of(host, port);
  const auto it = names_.find(key);
  if (it == names_.end() || it->second.addresses.empty()) return nullptr;
  if (loop_.now_ms() >= it->second.fresh_until_ms && !it->second.asking) {
    ask(key, host, port, it->second);
  }
  return &it->second.addresses;
}

void Resolver::resolve(const std::string& host, uint16_t port, Done done) {
  if (const Addresses* found = known(host, port)) return done(found);
  const std::string key = key_of(host, port);
  Name& name = names_[key];
  if (!name.asking && loop_.now_ms() < name.fresh_until_ms)
    return done(nullptr);  // failed just now
  name.waiting.push_back(std::move(done));
  if (!name.asking) ask(key, host, port, name);
}

void Resolver::ask(const std::string& key, const std::string& host, uint16_t port, Name& name) {
  name.asking = true;
  const std::vector<std::string>* written = hosts_.find(host);
  auto found = std::make_shared<Addresses>();
  const std::vector<std::string> names = written ? *written : std::vector{host};
  loop_.submit(
      [found, names, port] {
        for (const std::string& one : names) {
          for (const SocketAddress& address : look_up(one, port)) found->push_back(address);
        }
      },
      [found, key, alive = alive_] {
        if (*alive) (*alive)->answered(key, std::move(*found));
      });
}

void Resolver::answered(const std::string& key, Addresses addresses) {
  Name& name = names_[key];
  name.asking = false;
  name.fresh_until_ms = loop_.now_ms() + (addresses.empty() ? kRetryMs : kKeepMs);
  if (!addresses.empty()) name.addresses = std::move(addresses);
  std::vector<Done> waiting;
  waiting.swap(name.waiting);
  for (const Done& done : waiting) done(name.addresses.empty() ? nullptr : &name.addresses);
}

}  // namespace sluice::net
