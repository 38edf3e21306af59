// One client's connection: handshake, one request after the other, and its decent end. Requests are
// read here; what happens to one is its Exchange's.
//
// Owned by itself and listed by its Worker: `close` ends it, the loop frees it when the turn is
// over.
#pragma once

#include <string_view>

#include "runtime/base/buffer.h"
#include "runtime/base/timer_wheel.h"
#include "runtime/http/request_parser.h"
#include "runtime/net/loop.h"
#include "runtime/proxy/exchange.h"
#include "runtime/proxy/out_queue.h"
#include "runtime/proxy/transport.h"
#include "runtime/table/client.h"

namespace sluice::proxy {

class ClientConnection final : public net::IoHandler,
                               public Timer,
                               public net::Retired,
                               public net::Deferred {
 public:
  static void accepted(Worker& worker, net::Socket socket, const net::SocketAddress& peer,
                       table::Scheme listener);

  // For the exchange.
  Transport& transport() noexcept { return transport_; }
  OutQueue& out() noexcept { return out_; }
  Buffer& in() noexcept { return *in_; }
  const table::Address& peer() const noexcept { return peer_; }
  std::string_view peer_text() const noexcept { return {peer_text_, peer_size_}; }
  table::Scheme listener() const noexcept { return listener_; }
  int64_t request_began_us() const noexcept { return request_began_us_; }
  void set_timeout(int64_t ms) noexcept;
  void clear_timeout() noexcept;
  void drive() noexcept;
  void more_next_turn() noexcept;
  enum class After : uint8_t {
    keep,    // the next request may come
    linger,  // close, but read a little of what still comes, so that the answer is not lost to a
             // reset
    close,
    cut,  // reset: the answer was not whole
  };
  // The exchange is over; `used` bytes of the buffer were its own.
  void exchange_over(size_t used, After after) noexcept;

  // For the worker.
  void drain() noexcept;  // between two requests: ends now; else after its request
  void close() noexcept;
  void cut() noexcept;
  void reclaim() noexcept override { delete this; }

 private:
  friend class ClientList;
  enum class State : uint8_t { handshake, reading, exchange, lingering, closed };
  ClientConnection(Worker& worker, table::Scheme listener) noexcept;
  ~ClientConnection() override = default;
  void on_ready(uint32_t events) noexcept override;
  void on_timeout() noexcept override;
  void on_turn() noexcept override { drive(); }
  void shake_hands() noexcept;
  void read_request() noexcept;
  bool read_more() noexcept;
  void linger() noexcept;
  void end() noexcept;

  Worker& worker_;
  Transport transport_;
  OutQueue out_;
  Buffer* in_ = nullptr;
  Exchange* exchange_ = nullptr;
  http::RequestParser parser_;
  State state_ = State::reading;
  After after_ = After::keep;
  table::Scheme listener_;
  bool driving_ = false, again_ = false;
  bool begun_ = false;   // bytes of the next request are there
  bool served_ = false;  // it has had a request
  table::Address peer_;
  char peer_text_[table::kAddressText];
  uint8_t peer_size_ = 0;
  uint64_t lingered_ = 0;
  int64_t request_began_us_ = 0;
  ClientConnection* previous_ = nullptr;
  ClientConnection* next_ = nullptr;
};

// A worker's connections.
class ClientList {
 public:
  void add(ClientConnection& client) noexcept;
  void remove(ClientConnection& client) noexcept;
  size_t size() const noexcept { return size_; }
  template <class Call>
  void each(Call call) noexcept {
    for (ClientConnection* at = first_; at;) {
      ClientConnection* next = at->next_;
      call(*at);
      at = next;
    }
  }

 private:
  ClientConnection* first_ = nullptr;
  size_t size_ = 0;
};

}  // namespace sluice::proxy
