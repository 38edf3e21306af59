#include "runtime/proxy/worker.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "runtime/base/clock.h"
#include "runtime/table/match.h"
#include "runtime/table/normalize.h"

namespace sluice::proxy {

struct Worker::Listener final : net::IoHandler {
  void on_ready(uint32_t) noexcept override { worker->accept(*this); }
  Worker* worker;
  uint64_t id;
  net::Socket socket;
  table::Scheme scheme;
};

// Once a second: the log goes out, the wall clock is looked at, and paused listeners try again.
struct Worker::Second final : Timer {
  explicit Second(Worker* w) noexcept : worker(w) { on_timeout(); }
  void on_timeout() noexcept override {
    worker->log.flush();
    worker->wall_offset_us_ = sluice::wall_us() - monotonic_ns() / 1000;
    if (worker->paused_) worker->pause_listeners(false);
    worker->loop.timers().set(*this, worker->loop.now_ms() + 1000);
  }
  Worker* worker;
};

Worker::Worker(Shared& all)
    : shared(all),
      settings(all.settings),
      log(all.log),
      scratch_(std::make_unique<char[]>(kScratchSize)),
      second_(std::make_unique<Second>(this)) {}

Worker::~Worker() {
  *alive = nullptr;
  stop();
  endpoints.close_idle();
  if (current) current->leave();
  log.flush();
}

void Worker::publish(std::shared_ptr<const Generation> generation) {
  auto* fresh = new LocalGeneration(std::move(generation), endpoints);
  fresh->enter();
  LocalGeneration* old = std::exchange(current, fresh);
  if (old) old->leave();
}

void Worker::listen(uint64_t id, net::Socket socket, table::Scheme scheme) {
  auto listener = std::make_unique<Listener>();
  listener->worker = this;
  listener->id = id;
  listener->socket = std::move(socket);
  listener->scheme = scheme;
  loop.watch_listener(listener->socket.fd(), listener.get());
  listeners_.push_back(std::move(listener));
}

void Worker::unlisten(uint64_t id) {
  for (auto it = listeners_.begin(); it != listeners_.end(); ++it) {
    if ((*it)->id != id) continue;
    // What waits in the kernel's queue would be reset by closing.
    accept(**it);
    loop.unwatch((*it)->socket.fd());
    listeners_.erase(it);
    return;
  }
}

void Worker::accept(Listener& listener) noexcept {
  if (paused_) return;
  for (int i = 0; i < 64; ++i) {
    if (clients.size() >= settings.max_clients) return pause_listeners(true);
    net::SocketAddress peer;
    int error = 0;
    net::Socket socket = net::accept(listener.socket.fd(), peer, error);
    if (socket) {
      ClientConnection::accepted(*this, std::move(socket), peer, listener.scheme);
      continue;
    }
    if (error != EAGAIN) {
      // Out of descriptors or memory: the queue waits until something was closed.
      std::fprintf(stderr, "sluiced: cannot accept: %s\n", std::strerror(error));
      pause_listeners(true);
    }
    return;
  }
}

void Worker::pause_listeners(bool pause) noexcept {
  if (paused_ == pause) return;
  paused_ = pause;
  for (const auto& listener : listeners_) {
    if (pause) {
      loop.unwatch(listener->socket.fd());
    } else {
      loop.watch_listener(listener->socket.fd(), listener.get());
    }
  }
}

void Worker::drain(std::function<void()> done) {
  while (!listeners_.empty()) unlisten(listeners_.back()->id);
  draining = true;
  drained_ = std::move(done);
  endpoints.close_idle();
  clients.each([](ClientConnection& client) { client.drain(); });
  if (clients.size() == 0 && drained_) std::exchange(drained_, nullptr)();
}

void Worker::stop() noexcept {
  listeners_.clear();
  drained_ = nullptr;
  draining = true;
  clients.each([](ClientConnection& client) { client.cut(); });
  loop.stop();
}

void Worker::client_closed(ClientConnection& client) noexcept {
  clients.remove(client);
  if (paused_ && clients.size() + 1 == settings.max_clients) pause_listeners(false);
  if (clients.size() == 0 && draining && drained_) std::exchange(drained_, nullptr)();
}

Exchange* Worker::take_exchange() {
  if (free_exchanges_.empty()) {
    exchanges_.push_back(std::make_unique<Exchange>(*this));
    return exchanges_.back().get();
  }
  Exchange* exchange = free_exchanges_.back();
  free_exchanges_.pop_back();
  return exchange;
}

std::shared_ptr<const tls::KeyPair> Worker::choose(std::string_view server_name) noexcept {
  char buffer[256];
  if (server_name.empty() || server_name.size() > table::kMaxHostLength) return nullptr;
  const table::NormalHost name = table::normalize_host(server_name, buffer);
  if (name.fault != table::HostFault::none) return nullptr;
  return (*current)->certificates().get(table::choose_certificate(current->table(), name.host));
}

}  // namespace sluice::proxy
