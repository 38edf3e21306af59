#include "runtime/proxy/transport.h"

namespace sluice::proxy {

IoResult Transport::read(char* to, size_t size) noexcept {
  if (!readable_) return {Io::again};
  IoResult result = tls_ ? tls_->read(to, size) : socket_.read(to, size);
  if (result.state == Io::again) {
    readable_ = false;
  } else if (result.state == Io::ok) {
    // A short read has emptied the socket; after a hang-up the end is still to be read.
    readable_ = tls_ ? tls_->may_have_more() : result.bytes == size || hang_up_;
  }
  return result;
}

IoResult Transport::write(std::span<const iovec> parts) noexcept {
  if (!writable_) return {Io::again};
  size_t wanted = 0;
  for (const iovec& part : parts) wanted += part.iov_len;
  const IoResult result = tls_ ? tls_->write(parts) : socket_.write(parts);
  if (result.state == Io::again || (result.state == Io::ok && result.bytes < wanted)) {
    writable_ = false;
  }
  return result;
}

Io Transport::handshake() noexcept {
  const Io state = tls_->handshake();
  // The handshake may have read the first bytes behind it.
  if (state == Io::ok) readable_ = tls_->may_have_more();
  return state;
}

void Transport::finish_writing() noexcept {
  if (tls_) tls_->close_notify();
  socket_.finish_writing();
}

void Transport::close() noexcept {
  if (!socket_) return;
  if (tls_) tls_->close_notify();
  tls_.reset();
  socket_.close();
}

void Transport::abort() noexcept {
  if (!socket_) return;
  tls_.reset();
  socket_.reset_on_close();
  socket_.close();
}

}  // namespace sluice::proxy
