// TLS over one non-blocking socket: what a connection reads and writes through. OpenSSL reads
// straight from the socket into its record buffer and writes each record straight to it; nothing is
// held in between.
//
// Contexts are made once and shared by all loops; a Session belongs to one loop. The socket belongs
// to the caller and must outlive the Session.
#pragma once

#include <sys/uio.h>

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "runtime/base/io_result.h"
#include "runtime/tls/key_pair.h"
#include "runtime/tls/ticket_keys.h"

struct ssl_st;
struct ssl_ctx_st;

namespace sluice::tls {

// Which certificate a client is shown. Asked once a handshake, on the loop that owns the
// connection.
class CertificateChooser {
 public:
  // `server_name` as sent (any case), empty when the client named none. Null: the handshake is
  // refused with unrecognized_name (H4).
  virtual std::shared_ptr<const KeyPair> choose(std::string_view server_name) noexcept = 0;

 protected:
  virtual ~CertificateChooser() = default;
};

// TLS 1.2 and 1.3, AEAD suites, ALPN http/1.1, tickets.
class ServerContext {
 public:
  explicit ServerContext(TicketKeys& tickets);
  ~ServerContext();
  ServerContext(const ServerContext&) = delete;
  ServerContext& operator=(const ServerContext&) = delete;

 private:
  friend class Session;
  static int on_server_name(ssl_st* ssl, int* alert, void* argument) noexcept;
  ssl_ctx_st* context_;
};

// Towards upstreams: verified against the system's authorities and the name that is dialled.
class ClientContext {
 public:
  ClientContext();
  ~ClientContext();
  ClientContext(const ClientContext&) = delete;
  ClientContext& operator=(const ClientContext&) = delete;
  // Reads the system's authorities, once; they are some hundred certificates, and few sites need
  // them. To be called off the loops; a Session does it where nobody has. Threads: any.
  void prepare();

 private:
  friend class Session;
  ssl_ctx_st* context_;
  std::once_flag prepared_;
};

class Session {
 public:
  Session(ServerContext& context, int fd, CertificateChooser& chooser);
  Session(ClientContext& context, int fd, const std::string& name);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // ok: done. again: when the socket is ready. failed: `failure` says why.
  Io handshake() noexcept;
  IoResult read(char* to, size_t size) noexcept;
  // Gathers the parts into records; `bytes` of them went out. After `again` the same bytes must
  // come first.
  IoResult write(std::span<const iovec> parts) noexcept;
  // Says farewell, once, without waiting.
  void close_notify() noexcept;

  // The socket became readable; `hang_up`: the peer has sent its last byte.
  void socket_ready(bool hang_up) noexcept;
  // Whether `read` may give something without the socket becoming ready again.
  bool may_have_more() const noexcept;
  std::string_view failure() const noexcept { return failure_; }

 private:
  friend class SocketBio;
  void attach(int fd);
  IoResult result(int returned) noexcept;

  ssl_st* ssl_ = nullptr;
  int fd_ = -1;
  bool drained_ = false;  // the socket has nothing until it is ready again
  bool hang_up_ = false;
  bool failed_ = false;  // no farewell after that
  std::string failure_;
};

}  // namespace sluice::tls
