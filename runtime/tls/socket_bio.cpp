#include "runtime/tls/socket_bio.h"

#include <sys/socket.h>

#include <cerrno>

namespace sluice::tls {

BIO* SocketBio::make(Session& session) {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sluice socket");
    BIO_meth_set_read(made, on_read);
    BIO_meth_set_write(made, on_write);
    BIO_meth_set_ctrl(made, on_control);
    return made;
  }();
  BIO* bio = BIO_new(method);
  BIO_set_data(bio, &session);
  BIO_set_init(bio, 1);
  return bio;
}

int SocketBio::on_read(BIO* bio, char* to, int size) noexcept {
  auto& session = *static_cast<Session*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (session.drained_) {
    BIO_set_retry_read(bio);
    return -1;
  }
  ssize_t n;
  do {
    n = recv(session.fd_, to, static_cast<size_t>(size), 0);
  } while (n < 0 && errno == EINTR);
  if (n > 0) {
    session.drained_ = n < size && !session.hang_up_;
    return static_cast<int>(n);
  }
  if (n < 0 && errno == EAGAIN) {
    session.drained_ = true;
    BIO_set_retry_read(bio);
    return -1;
  }
  return static_cast<int>(n);
}

int SocketBio::on_write(BIO* bio, const char* from, int size) noexcept {
  auto& session = *static_cast<Session*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  ssize_t n;
  do {
    n = send(session.fd_, from, static_cast<size_t>(size), MSG_NOSIGNAL);
  } while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

long SocketBio::on_control(BIO*, int command, long, void*) noexcept {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

}  // namespace sluice::tls
