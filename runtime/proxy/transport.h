// A connection's bytes, in the clear or over TLS, with what the loop last said of its socket. Knows
// when asking the kernel again would be in vain, so that nothing is read to be told "again".
#pragma once

#include <memory>
#include <span>

#include "runtime/net/loop.h"
#include "runtime/net/socket.h"
#include "runtime/tls/session.h"

namespace sluice::proxy {

class Transport {
 public:
  void open(net::Socket socket) noexcept {
    socket_ = std::move(socket);
    readable_ = writable_ = hang_up_ = false;
  }
  void secure(std::unique_ptr<tls::Session> session) noexcept { tls_ = std::move(session); }
  bool is_open() const noexcept { return static_cast<bool>(socket_); }
  net::Socket& socket() noexcept { return socket_; }
  tls::Session* tls() noexcept { return tls_.get(); }

  // An edge of the loop.
  void ready(uint32_t events) noexcept {
    constexpr uint32_t kEnd = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    if (events & (EPOLLIN | kEnd)) readable_ = true;
    if (events & (EPOLLOUT | kEnd)) writable_ = true;
    if (events & kEnd) hang_up_ = true;
    if (tls_ && readable_) tls_->socket_ready(hang_up_);
  }
  bool readable() const noexcept { return readable_; }
  bool writable() const noexcept { return writable_; }
  bool hang_up() const noexcept { return hang_up_; }
  void assume_writable() noexcept { writable_ = true; }  // freshly accepted

  IoResult read(char* to, size_t size) noexcept;
  IoResult write(std::span<const iovec> parts) noexcept;
  Io handshake() noexcept;
  void finish_writing() noexcept;  // says farewell; reading goes on
  void close() noexcept;
  // Closing tells the peer that something was cut off.
  void abort() noexcept;

 private:
  net::Socket socket_;
  std::unique_ptr<tls::Session> tls_;
  bool readable_ = false, writable_ = false, hang_up_ = false;
};

}  // namespace sluice::proxy
