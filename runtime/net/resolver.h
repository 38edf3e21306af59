// Names to addresses, off the loop (getaddrinfo on the thread pool), remembered for a while. An old
// answer keeps being used while a new one is asked for, and as long as asking fails. A hosts file,
// where one is given, is asked first and answers for ever. One a loop. Bounded: a table's own names
// only, never a client's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/net/hosts_file.h"
#include "runtime/net/loop.h"
#include "runtime/net/socket_address.h"

namespace sluice::net {

class Resolver {
 public:
  using Addresses = std::vector<SocketAddress>;
  // `addresses` is null when the name has none; it may be called before `resolve` returns.
  using Done = std::function<void(const Addresses* addresses)>;

  // `hosts` outlives the resolver.
  Resolver(Loop& loop, const HostsFile& hosts) noexcept : loop_(loop), hosts_(hosts) {}
  ~Resolver();

  // What is known and not stale; else null, and `resolve` is to be asked.
  const Addresses* known(const std::string& host, uint16_t port);
  void resolve(const std::string& host, uint16_t port, Done done);

 private:
  struct Name {
    Addresses addresses;
    int64_t fresh_until_ms = 0;
    bool asking = false;
    std::vector<Done> waiting;
  };
  struct Question;
  static constexpr int64_t kKeepMs = 30'000;  // getaddrinfo tells no TTL
  static constexpr int64_t kRetryMs = 2'000;  // after a failure
  void ask(const std::string& key, const std::string& host, uint16_t port, Name& name);
  void answered(const std::string& key, Addresses addresses);

  Loop& loop_;
  const HostsFile& hosts_;
  std::unordered_map<std::string, Name> names_;
  std::shared_ptr<Resolver*> alive_ = std::make_shared<Resolver*>(this);
};

}  // namespace sluice::net
