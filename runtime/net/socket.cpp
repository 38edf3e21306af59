#include "runtime/net/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sluice::net {
namespace {

void set_option(int fd, int level, int name, int value) noexcept {
  setsockopt(fd, level, name, &value, sizeof value);
}

Error listen_error(const SocketAddress& address, int error) {
  std::string why = std::strerror(error);
  if (error == EADDRINUSE) why = "the port is in use";
  if (error == EACCES) {
    why =
        "no permission (a port below 1024 needs CAP_NET_BIND_SERVICE, or another port by "
        "--listen-http and --listen-https)";
  }
  if (error == EADDRNOTAVAIL) why = "this machine has no such address";
  return {ErrorCode::io, "cannot listen on " + address.text() + ": " + why};
}

// `shared`: with SO_REUSEPORT. SO_REUSEADDR only passes over connections that are being closed.
Result<Socket> bind_socket(const SocketAddress& address, bool shared) {
  Socket socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return listen_error(address, errno);
  set_option(socket.fd(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.family() == AF_INET6) set_option(socket.fd(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (shared) set_option(socket.fd(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (bind(socket.fd(), address.get(), address.size()) != 0) return listen_error(address, errno);
  return socket;
}

// A name in the kernel's own space of unix sockets (of this network namespace): one holder,
// released with the process however it ends.
Result<Socket> hold_port(const SocketAddress& address) {
  Socket guard(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string text = "sluiced/" + address.text();
  std::memcpy(name.sun_path + 1, text.data(), std::min(text.size(), sizeof name.sun_path - 1));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
  if (bind(guard.fd(), reinterpret_cast<sockaddr*>(&name), size) != 0) {
    return listen_error(address, errno);
  }
  return guard;
}

}  // namespace

void Socket::close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Socket::reset_on_close() noexcept {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Socket::finish_writing() noexcept { shutdown(fd_, SHUT_WR); }

Result<Socket> Socket::connect(const SocketAddress& address) {
  Socket socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket)
    return Error{ErrorCode::io, std::string("cannot open a socket: ") + std::strerror(errno)};
  if (address.family() != AF_UNIX) set_option(socket.fd(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (::connect(socket.fd(), address.get(), address.size()) != 0 && errno != EINPROGRESS) {
    return Error{ErrorCode::io,
                 "cannot connect to " + address.text() + ": " + std::strerror(errno)};
  }
  return socket;
}

int Socket::connect_error() const noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

IoResult Socket::read(char* to, size_t size) noexcept {
  while (true) {
    const ssize_t n = recv(fd_, to, size, 0);
    if (n > 0) return {Io::ok, static_cast<size_t>(n)};
    if (n == 0) return {Io::closed};
    if (errno == EAGAIN) return {Io::again};
    if (errno != EINTR) return {Io::failed, 0, errno};
  }
}

IoResult Socket::write(std::span<const iovec> parts) noexcept {
  while (true) {
    ssize_t n;
    if (parts.size() == 1) {
      n = send(fd_, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL);
    } else {
      msghdr message{};
      message.msg_iov = const_cast<iovec*>(parts.data());
      message.msg_iovlen = parts.size();
      n = sendmsg(fd_, &message, MSG_NOSIGNAL);
    }
    if (n >= 0) return {Io::ok, static_cast<size_t>(n)};
    if (errno == EAGAIN) return {Io::again};
    if (errno != EINTR) return {Io::failed, 0, errno};
  }
}

Result<ListenerGroup> ListenerGroup::open(const SocketAddress& address, unsigned count) {
  ListenerGroup group;
  // A second process with SO_REUSEPORT would silently take half of the connections: so the port
  // must be free for a socket that does not share.
  Result<Socket> probe = bind_socket(address, false);
  if (!probe) return probe.error();
  group.address_ = address;
  if (address.port() == 0) {
    getsockname(probe->fd(), group.address_.get(), group.address_.size_out());
  }
  probe->close();
  Result<Socket> guard = hold_port(group.address_);
  if (!guard) return guard.error();
  group.guard_ = std::move(*guard);
  for (unsigned i = 0; i < count; ++i) {
    Result<Socket> socket = bind_socket(group.address_, true);
    if (!socket) return socket.error();
    if (listen(socket->fd(), 4096) != 0) return listen_error(group.address_, errno);
    group.sockets_.push_back(std::move(*socket));
  }
  return group;
}

Socket accept(int listener, SocketAddress& peer, int& error) noexcept {
  while (true) {
    Socket socket(accept4(listener, peer.get(), peer.size_out(), SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      set_option(socket.fd(), IPPROTO_TCP, TCP_NODELAY, 1);
      return socket;
    }
    error = errno;
    if (error != EINTR && error != ECONNABORTED) return socket;
  }
}

}  // namespace sluice::net
