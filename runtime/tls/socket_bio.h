// A BIO over the socket of a Session. It remembers that a short read has emptied the socket, so
// that the read which OpenSSL then tries costs no system call.
#pragma once

#include "runtime/tls/openssl.h"
#include "runtime/tls/session.h"

namespace sluice::tls {

class SocketBio {
 public:
  static BIO* make(Session& session);

 private:
  static int on_read(BIO* bio, char* to, int size) noexcept;
  static int on_write(BIO* bio, const char* from, int size) noexcept;
  static long on_control(BIO* bio, int command, long number, void* pointer) noexcept;
};

}  // namespace sluice::tls
