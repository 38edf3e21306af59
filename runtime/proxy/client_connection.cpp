#include "runtime/proxy/client_connection.h"

#include <netinet/in.h>

#include <cstring>

#include "runtime/proxy/worker.h"

namespace sluice::proxy {
namespace {

table::Address to_address(const net::SocketAddress& from) {
  if (from.family() == AF_INET) {
    return table::Address::from_v4(
        ntohl(reinterpret_cast<const sockaddr_in*>(from.get())->sin_addr.s_addr));
  }
  return table::Address::from_v6(
      reinterpret_cast<const sockaddr_in6*>(from.get())->sin6_addr.s6_addr);
}

}  // namespace

ClientConnection::ClientConnection(Worker& worker, table::Scheme listener) noexcept
    : worker_(worker), out_(worker.buffers), parser_(worker.settings.head), listener_(listener) {}

void ClientConnection::accepted(Worker& worker, net::Socket socket, const net::SocketAddress& peer,
                                table::Scheme listener) {
  auto* client = new ClientConnection(worker, listener);
  worker.clients.add(*client);
  client->peer_ = to_address(peer);
  client->peer_size_ =
      static_cast<uint8_t>(table::format_address(client->peer_, client->peer_text_).size());
  client->transport_.open(std::move(socket));
  client->transport_.assume_writable();
  const int fd = client->transport_.socket().fd();
  if (listener == table::Scheme::https) {
    client->transport_.secure(std::make_unique<tls::Session>(worker.shared.server_tls, fd, worker));
    client->state_ = State::handshake;
    client->set_timeout(worker.settings.handshake_ms);
  } else {
    client->set_timeout(worker.settings.keep_alive_ms);
  }
  if (!worker.loop.watch(fd, client)) client->close();
}

void ClientConnection::set_timeout(int64_t ms) noexcept {
  worker_.loop.timers().set(*this, worker_.loop.now_ms() + ms);
}

void ClientConnection::clear_timeout() noexcept { worker_.loop.timers().clear(*this); }

void ClientConnection::more_next_turn() noexcept { worker_.loop.next_turn(*this); }

void ClientConnection::on_ready(uint32_t events) noexcept {
  if (state_ == State::closed) return;
  transport_.ready(events);
  drive();
}

void ClientConnection::drive() noexcept {
  again_ = true;
  if (driving_) return;
  driving_ = true;
  while (again_ && state_ != State::closed) {
    again_ = false;
    switch (state_) {
      case State::handshake:
        shake_hands();
        break;
      case State::reading:
        read_request();
        break;
      case State::exchange:
        exchange_->drive();
        break;
      case State::lingering:
        linger();
        break;
      case State::closed:
        break;
    }
  }
  driving_ = false;
}

void ClientConnection::shake_hands() noexcept {
  switch (transport_.handshake()) {
    case Io::again:
      return;
    case Io::ok:
      break;
    default:
      return close();
  }
  state_ = State::reading;
  set_timeout(worker_.settings.keep_alive_ms);
  again_ = true;
}

void ClientConnection::read_request() noexcept {
  while (true) {
    if (in_ && !in_->empty()) {
      if (!begun_) {
        begun_ = true;
        exchange_ = worker_.take_exchange();
        parser_.reset();
        request_began_us_ = worker_.loop.now_us();
      }
      const http::Parsed parsed = parser_.parse(in_->view(), exchange_->request);
      if (parsed != http::Parsed::incomplete) {
        begun_ = false;
        served_ = true;
        state_ = State::exchange;
        if (parsed == http::Parsed::complete) {
          exchange_->begin(*this);
        } else {
          exchange_->refuse_head(*this, http::status_of(parser_.refusal()),
                                 http::name_of(parser_.refusal()));
        }
        return;
      }
      // Absolute, from the first byte on: one letter now and then does not buy time.
      worker_.loop.timers().set(*this, request_began_us_ / 1000 + worker_.settings.head_ms);
    }
    if (!read_more()) return;
  }
}

bool ClientConnection::read_more() noexcept {
  if (!transport_.readable()) {
    if (in_ && in_->empty()) worker_.buffers.give(std::exchange(in_, nullptr));
    return false;
  }
  if (!in_) in_ = worker_.buffers.take();
  const IoResult result = transport_.read(in_->room(), in_->room_size());
  switch (result.state) {
    case Io::ok:
      in_->added(result.bytes);
      return true;
    case Io::again:
      if (in_->empty()) worker_.buffers.give(std::exchange(in_, nullptr));
      return false;
    default:
      close();
      return false;
  }
}

void ClientConnection::exchange_over(size_t used, After after) noexcept {
  exchange_ = nullptr;
  in_->consume(used);
  if (in_->empty()) {
    worker_.buffers.give(std::exchange(in_, nullptr));
  } else {
    in_->compact();
  }
  if (after == After::keep && worker_.draining) after = After::close;
  switch (after) {
    case After::keep:
      state_ = State::reading;
      set_timeout(worker_.settings.keep_alive_ms);
      break;
    case After::linger:
      state_ = State::lingering;
      transport_.finish_writing();
      set_timeout(worker_.settings.linger_ms);
      break;
    case After::close:
      return close();
    case After::cut:
      return cut();
  }
  again_ = true;
}

void ClientConnection::linger() noexcept {
  if (!in_) in_ = worker_.buffers.take();
  while (true) {
    in_->clear();
    const IoResult result = transport_.read(in_->room(), in_->room_size());
    if (result.state == Io::again) return;
    lingered_ += result.bytes;
    if (result.state != Io::ok || lingered_ > worker_.settings.linger_bytes) return close();
  }
}

void ClientConnection::on_timeout() noexcept {
  switch (state_) {
    case State::reading:
      if (!begun_) return close();
      begun_ = false;
      state_ = State::exchange;
      exchange_->refuse_head(*this, 408, "head_timeout");
      return drive();
    case State::exchange:
      exchange_->client_timed_out();
      return drive();
    default:
      return close();
  }
}

void ClientConnection::drain() noexcept {
  if (state_ != State::reading || begun_) return;
  if (served_) return close();
  // Just accepted: its first request may be on the way.
  constexpr int64_t kFirstRequestMs = 1000;
  set_timeout(kFirstRequestMs);
}

void ClientConnection::end() noexcept {
  state_ = State::closed;
  if (begun_) worker_.give_exchange(std::exchange(exchange_, nullptr));
  begun_ = false;
  clear_timeout();
  out_.clear();
  if (in_) worker_.buffers.give(std::exchange(in_, nullptr));
  worker_.loop.retire(this);
  worker_.client_closed(*this);
}

void ClientConnection::close() noexcept {
  if (state_ == State::closed) return;
  if (state_ == State::exchange && exchange_) return exchange_->abort();
  transport_.close();
  end();
}

void ClientConnection::cut() noexcept {
  if (state_ == State::closed) return;
  if (state_ == State::exchange && exchange_) return exchange_->abort();
  transport_.abort();
  end();
}

void ClientList::add(ClientConnection& client) noexcept {
  client.next_ = first_;
  if (first_) first_->previous_ = &client;
  first_ = &client;
  ++size_;
}

void ClientList::remove(ClientConnection& client) noexcept {
  (client.previous_ ? client.previous_->next_ : first_) = client.next_;
  if (client.next_) client.next_->previous_ = client.previous_;
  client.previous_ = client.next_ = nullptr;
  --size_;
}

}  // namespace sluice::proxy
