// Non-blocking sockets: opening, accepting, reading, gathered writing. A Socket owns its
// descriptor. Fails: opening gives an Error that names the address; reading and writing give an Io.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "runtime/base/io_result.h"
#include "runtime/base/result.h"
#include "runtime/net/socket_address.h"

namespace sluice::net {

class Socket {
 public:
  Socket() noexcept = default;
  explicit Socket(int fd) noexcept : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Socket() { close(); }

  // Dials; the socket becomes writable when connected, then `connect_error` tells how it went.
  static Result<Socket> connect(const SocketAddress& address);
  int connect_error() const noexcept;

  int fd() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  void close() noexcept;
  void reset_on_close() noexcept;  // closing sends RST: the peer learns that something was cut off
  void finish_writing() noexcept;  // FIN

  IoResult read(char* to, size_t size) noexcept;
  IoResult write(std::span<const iovec> parts) noexcept;

 private:
  int fd_ = -1;
};

// Listening sockets of one address, one a loop, sharing the port by SO_REUSEPORT among themselves
// but with no other process: the port must be free, and a name that only one process can hold
// guards it.
class ListenerGroup {
 public:
  static Result<ListenerGroup> open(const SocketAddress& address, unsigned count);
  const SocketAddress& address() const noexcept {
    return address_;
  }  // with the port that was given
  Socket take(unsigned index) { return std::move(sockets_[index]); }

 private:
  SocketAddress address_;
  std::vector<Socket> sockets_;
  Socket guard_;
};

// One waiting connection, ready for use (non-blocking, TCP_NODELAY); none: an invalid Socket, and
// `error` says whether there was a fault (EAGAIN: none waits).
Socket accept(int listener, SocketAddress& peer, int& error) noexcept;

}  // namespace sluice::net
