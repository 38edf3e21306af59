// An address to dial or to listen on: IPv4, IPv6 or a unix socket's path. A value.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::net {

class SocketAddress {
 public:
  SocketAddress() noexcept = default;
  SocketAddress(const sockaddr* address, socklen_t size) noexcept;

  // "192.0.2.1" or "2001:db8::1", without brackets; nullopt for a name.
  static std::optional<SocketAddress> from_ip(std::string_view ip, uint16_t port) noexcept;
  static std::optional<SocketAddress> from_path(
      std::string_view path) noexcept;  // too long: nullopt
  // "127.0.0.1:80", "[::1]:80", ":80" and "80" (both: every address of the machine).
  static std::optional<SocketAddress> parse(std::string_view text) noexcept;
  static SocketAddress any(uint16_t port) noexcept;  // IPv6 and IPv4 alike

  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage_); }
  sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t size() const noexcept { return size_; }
  socklen_t* size_out() noexcept {
    size_ = sizeof storage_;
    return &size_;
  }
  int family() const noexcept { return storage_.ss_family; }
  uint16_t port() const noexcept;
  std::string text() const;  // "127.0.0.1:80", "[::1]:80", "unix:/run/x"
  bool operator==(const SocketAddress& other) const noexcept;

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

}  // namespace sluice::net
