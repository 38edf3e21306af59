// One connection to an upstream: dials, serves one exchange at a time, waits in its endpoint's list
// between them. Tells its exchange what happens; while idle, anything but silence closes it.
//
// Owned by itself: `close` ends it, and the loop frees it when the turn is over.
#pragma once

#include "runtime/base/buffer.h"
#include "runtime/base/timer_wheel.h"
#include "runtime/net/loop.h"
#include "runtime/proxy/out_queue.h"
#include "runtime/proxy/transport.h"

namespace sluice::proxy {

class Exchange;
class Worker;
struct Endpoint;

class UpstreamConnection final : public net::IoHandler, public Timer, public net::Retired {
 public:
  // Null: the kernel refused at once.
  static UpstreamConnection* dial(Worker& worker, Endpoint& endpoint,
                                  const net::SocketAddress& address, Exchange& exchange);
  // The last one that became idle; null: none.
  static UpstreamConnection* reuse(Endpoint& endpoint, Exchange& exchange) noexcept;

  bool is_reused() const noexcept { return reused_; }
  bool is_ready() const noexcept { return state_ == State::busy; }
  Endpoint& endpoint() noexcept { return *endpoint_; }
  Transport& transport() noexcept { return transport_; }
  OutQueue& out() noexcept { return out_; }
  Buffer* in() noexcept { return in_; }
  Buffer& take_in();
  void give_in() noexcept;

  void set_timeout(int64_t ms) noexcept;
  void clear_timeout() noexcept;
  void keep() noexcept;   // the exchange is over, the connection serves again
  void close() noexcept;  // the exchange, if there is one, is not told
  void detach() noexcept { exchange_ = nullptr; }
  void reclaim() noexcept override { delete this; }

 private:
  enum class State : uint8_t { connecting, handshaking, busy, idle, closed };
  UpstreamConnection(Worker& worker, Endpoint& endpoint, Exchange& exchange) noexcept;
  ~UpstreamConnection() override = default;
  void on_ready(uint32_t events) noexcept override;
  void on_timeout() noexcept override;
  void go_on() noexcept;  // connecting, handshaking
  void leave_idle() noexcept;

  Worker& worker_;
  Endpoint* endpoint_;
  Exchange* exchange_;
  Transport transport_;
  OutQueue out_;
  Buffer* in_ = nullptr;
  State state_ = State::connecting;
  bool reused_ = false;
};

}  // namespace sluice::proxy
