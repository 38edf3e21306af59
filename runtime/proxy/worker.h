// What one loop has: its connections, buffers, endpoints, log, and the generation that it serves
// now.
//
// Threads: `publish`, `listen`, `unlisten` and `drain` are posted to the loop; everything runs
// there. What all loops share is in Shared, and is immutable or says how it is safe.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "runtime/base/buffer.h"
#include "runtime/http/date.h"
#include "runtime/net/loop.h"
#include "runtime/net/resolver.h"
#include "runtime/proxy/access_log.h"
#include "runtime/proxy/client_connection.h"
#include "runtime/proxy/endpoint.h"
#include "runtime/proxy/local_generation.h"
#include "runtime/proxy/password_cache.h"
#include "runtime/proxy/rate_limiter.h"
#include "runtime/proxy/settings.h"
#include "runtime/tls/session.h"

namespace sluice::proxy {

struct Shared {
  Settings settings;
  net::HostsFile hosts;
  tls::TicketKeys tickets;
  tls::ServerContext server_tls{tickets};
  tls::ClientContext client_tls;
  RateLimiter limits;
  SipKey key = SipKey::random();
  LogWriter* log = nullptr;  // null: no access log
};

class Worker final : public tls::CertificateChooser {
 public:
  static constexpr uint32_t kBufferSize = 64 * 1024;

  explicit Worker(Shared& shared);
  ~Worker() override;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void run() noexcept { loop.run(); }

  // On the loop.
  void publish(std::shared_ptr<const Generation> generation);
  void listen(uint64_t id, net::Socket socket, table::Scheme scheme);
  void unlisten(uint64_t id);
  // No new connections; idle ones end, requests are finished; `done` when none is left.
  void drain(std::function<void()> done);
  void stop() noexcept;  // now: what is open is cut

  // For connections.
  Exchange* take_exchange();
  void give_exchange(Exchange* exchange) noexcept { free_exchanges_.push_back(exchange); }
  void client_closed(ClientConnection& client) noexcept;
  std::span<char> scratch() noexcept { return {scratch_.get(), kScratchSize}; }
  std::string_view date() noexcept { return dates_.at(wall_us() / 1'000'000); }
  int64_t wall_us() const noexcept { return loop.now_us() + wall_offset_us_; }
  std::shared_ptr<const tls::KeyPair> choose(std::string_view server_name) noexcept override;

  // In this order: what stands above outlives what stands below.
  Shared& shared;
  const Settings& settings;
  net::Loop loop;
  BufferPool buffers{kBufferSize, 1024};
  net::Resolver resolver{loop, shared.hosts};
  Endpoints endpoints;
  AccessLog log;
  PasswordCache passwords;
  ClientList clients;
  LocalGeneration* current = nullptr;
  uint32_t password_checks = 0;
  // For tasks that come back from the thread pool: null once the worker has gone.
  std::shared_ptr<Worker*> alive = std::make_shared<Worker*>(this);
  bool draining = false;

 private:
  static constexpr size_t kScratchSize = 256UL * 1024;
  struct Listener;
  struct Second;
  void accept(Listener& listener) noexcept;
  void pause_listeners(bool pause) noexcept;

  std::unique_ptr<char[]> scratch_;
  http::DateCache dates_;
  int64_t wall_offset_us_ = 0;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Exchange*> free_exchanges_;
  std::unique_ptr<Second> second_;
  bool paused_ = false;
  std::function<void()> drained_;
};

}  // namespace sluice::proxy
