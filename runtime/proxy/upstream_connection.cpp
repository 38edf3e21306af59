#include "runtime/proxy/upstream_connection.h"

#include <algorithm>

#include "runtime/proxy/endpoint.h"
#include "runtime/proxy/exchange.h"
#include "runtime/proxy/worker.h"

namespace sluice::proxy {

UpstreamConnection::UpstreamConnection(Worker& worker, Endpoint& endpoint,
                                       Exchange& exchange) noexcept
    : worker_(worker), endpoint_(&endpoint), exchange_(&exchange), out_(worker.buffers) {
  ++endpoint.connections;
}

UpstreamConnection* UpstreamConnection::dial(Worker& worker, Endpoint& endpoint,
                                             const net::SocketAddress& address,
                                             Exchange& exchange) {
  Result<net::Socket> socket = net::Socket::connect(address);
  if (!socket) return nullptr;
  auto* connection = new UpstreamConnection(worker, endpoint, exchange);
  connection->transport_.open(std::move(*socket));
  if (!worker.loop.watch(connection->transport_.socket().fd(), connection)) {
    connection->close();
    return nullptr;
  }
  connection->set_timeout(worker.settings.connect_ms);
  return connection;
}

UpstreamConnection* UpstreamConnection::reuse(Endpoint& endpoint, Exchange& exchange) noexcept {
  if (endpoint.idle.empty()) return nullptr;
  UpstreamConnection* connection = endpoint.idle.back();
  endpoint.idle.pop_back();
  connection->exchange_ = &exchange;
  connection->state_ = State::busy;
  connection->reused_ = true;
  return connection;
}

Buffer& UpstreamConnection::take_in() {
  if (!in_) in_ = worker_.buffers.take();
  return *in_;
}

void UpstreamConnection::give_in() noexcept {
  if (in_) worker_.buffers.give(std::exchange(in_, nullptr));
}

void UpstreamConnection::set_timeout(int64_t ms) noexcept {
  worker_.loop.timers().set(*this, worker_.loop.now_ms() + ms);
}

void UpstreamConnection::clear_timeout() noexcept { worker_.loop.timers().clear(*this); }

void UpstreamConnection::keep() noexcept {
  exchange_ = nullptr;
  give_in();
  if (worker_.draining || endpoint_->users == 0 ||
      endpoint_->idle.size() >= worker_.settings.max_idle) {
    return close();
  }
  state_ = State::idle;
  endpoint_->idle.push_back(this);
  set_timeout(worker_.settings.upstream_idle_ms);
}

void UpstreamConnection::leave_idle() noexcept {
  if (state_ != State::idle) return;
  auto& idle = endpoint_->idle;
  // Most often the last one.
  const auto it = std::find(idle.rbegin(), idle.rend(), this);
  if (it != idle.rend()) idle.erase(std::next(it).base());
}

void UpstreamConnection::close() noexcept {
  if (state_ == State::closed) return;
  leave_idle();
  state_ = State::closed;
  exchange_ = nullptr;
  clear_timeout();
  give_in();
  out_.clear();
  transport_.close();
  endpoint_->owner->closed(endpoint_);
  worker_.loop.retire(this);
}

void UpstreamConnection::on_ready(uint32_t events) noexcept {
  transport_.ready(events);
  switch (state_) {
    case State::closed:
      return;
    case State::connecting:
    case State::handshaking:
      return go_on();
    case State::busy:
      return exchange_->upstream_event();
    case State::idle:
      break;
  }
  if (!transport_.readable()) return;
  // Nobody asked: bytes or an end close it; a wake-up for bytes that were read before is passed
  // over.
  char byte;
  if (transport_.read(&byte, 1).state != Io::again) close();
}

void UpstreamConnection::go_on() noexcept {
  if (state_ == State::connecting) {
    if (!transport_.writable()) return;
    if (const int error = transport_.socket().connect_error(); error != 0) {
      Exchange* exchange = exchange_;
      close();
      return exchange->upstream_unreachable();
    }
    if (endpoint_->tls) {
      transport_.secure(std::make_unique<tls::Session>(worker_.shared.client_tls,
                                                       transport_.socket().fd(), endpoint_->host));
      state_ = State::handshaking;
    } else {
      state_ = State::busy;
    }
  }
  if (state_ == State::handshaking) {
    const Io how = transport_.handshake();
    if (how == Io::again) return;
    if (how != Io::ok) {
      Exchange* exchange = exchange_;
      close();
      return exchange->upstream_unreachable();
    }
    state_ = State::busy;
  }
  exchange_->upstream_ready();
}

void UpstreamConnection::on_timeout() noexcept {
  if (state_ == State::idle || !exchange_) return close();
  exchange_->upstream_timed_out();
}

}  // namespace sluice::proxy
