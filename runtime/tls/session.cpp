#include "runtime/tls/session.h"

#include <cerrno>
#include <cstring>

#include "runtime/tls/openssl.h"
#include "runtime/tls/socket_bio.h"

namespace sluice::tls {
namespace {

constexpr size_t kRecord = 16384;

}  // namespace

void Session::attach(int fd) {
  fd_ = fd;
  BIO* bio = SocketBio::make(*this);
  SSL_set_bio(ssl_, bio, bio);
}

Session::Session(ServerContext& context, int fd, CertificateChooser& chooser)
    : ssl_(SSL_new(context.context_)) {
  attach(fd);
  SSL_set_app_data(ssl_, &chooser);
  SSL_set_accept_state(ssl_);
}

Session::Session(ClientContext& context, int fd, const std::string& name)
    : ssl_(SSL_new(context.context_)) {
  context.prepare();
  attach(fd);
  X509_VERIFY_PARAM* verify = SSL_get0_param(ssl_);
  if (X509_VERIFY_PARAM_set1_ip_asc(verify, name.c_str()) != 1) {
    ERR_clear_error();
    SSL_set_hostflags(ssl_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl_, name.c_str());
    SSL_set_tlsext_host_name(ssl_, name.c_str());
  }
  SSL_set_connect_state(ssl_);
}

Session::~Session() { SSL_free(ssl_); }

void Session::socket_ready(bool hang_up) noexcept {
  drained_ = false;
  hang_up_ |= hang_up;
}

bool Session::may_have_more() const noexcept { return !drained_ || SSL_has_pending(ssl_) == 1; }

IoResult Session::result(int returned) noexcept {
  const int saved = errno;
  switch (SSL_get_error(ssl_, returned)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {Io::again};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::closed};
    case SSL_ERROR_SYSCALL:
      failed_ = true;
      failure_ = saved != 0 && returned < 0 ? std::strerror(saved) : "closed without farewell";
      ERR_clear_error();
      return {Io::failed, 0, saved};
    default: {
      failed_ = true;
      const char* reason = ERR_reason_error_string(ERR_peek_error());
      const long verified = SSL_get_verify_result(ssl_);
      failure_ = reason ? reason : "TLS failed";
      if (verified != X509_V_OK) {
        failure_.append(": ").append(X509_verify_cert_error_string(verified));
      }
      ERR_clear_error();
      return {Io::failed};
    }
  }
}

Io Session::handshake() noexcept {
  const int returned = SSL_do_handshake(ssl_);
  return returned == 1 ? Io::ok : result(returned).state;
}

IoResult Session::read(char* to, size_t size) noexcept {
  size_t total = 0;
  // A record a call: go on while there is room and something at hand.
  while (total < size) {
    const int n = SSL_read(ssl_, to + total, static_cast<int>(size - total));
    if (n <= 0) {
      if (total != 0) {
        // What was read comes first; the end or the fault is met by the next call.
        const IoResult later = result(n);
        if (later.state == Io::failed || later.state == Io::closed) drained_ = false;
        break;
      }
      return result(n);
    }
    total += static_cast<size_t>(n);
    if (!may_have_more()) break;
  }
  return {Io::ok, total};
}

IoResult Session::write(std::span<const iovec> parts) noexcept {
  thread_local char gathered[kRecord];
  size_t total = 0;
  size_t part = 0, offset = 0;
  while (true) {
    while (part < parts.size() && offset == parts[part].iov_len) ++part, offset = 0;
    if (part == parts.size()) return {Io::ok, total};
    const char* from = static_cast<const char*>(parts[part].iov_base) + offset;
    size_t size = std::min(parts[part].iov_len - offset, kRecord);
    if (size < kRecord && part + 1 < parts.size()) {
      std::memcpy(gathered, from, size);
      for (size_t next = part + 1; next < parts.size() && size < kRecord; ++next) {
        const size_t more = std::min(parts[next].iov_len, kRecord - size);
        std::memcpy(gathered + size, parts[next].iov_base, more);
        size += more;
      }
      from = gathered;
    }
    const int n = SSL_write(ssl_, from, static_cast<int>(size));
    if (n <= 0) {
      const IoResult how = result(n);
      return total != 0 ? IoResult{Io::ok, total} : how;
    }
    total += static_cast<size_t>(n);
    size_t went = static_cast<size_t>(n);
    while (went != 0) {
      const size_t here = std::min(parts[part].iov_len - offset, went);
      offset += here;
      went -= here;
      if (offset == parts[part].iov_len) ++part, offset = 0;
    }
  }
}

void Session::close_notify() noexcept {
  if (failed_ || !SSL_is_init_finished(ssl_)) return;
  failed_ = true;
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

}  // namespace sluice::tls
