// The certificates that a table's hosts show. Files are read when the table is loaded, so that a
// missing one is an error there; leaves of the internal CA are made at their first handshake.
//
// CertificateVault: for the life of the process; remembers what was parsed or issued, so that a
// swap costs only what is new. Certificates: one table's, immutable, shared by loops. Threads: all
// of both may be called from any thread; the vault locks (once a handshake, never a request).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/table/table.h"
#include "runtime/tls/internal_ca.h"
#include "runtime/tls/key_pair.h"

namespace sluice::proxy {

struct CertificateOptions {
  std::string folder;       // --certificates: FOLDER/<name>.crt and .key, or FOLDER/<name>.pem
  std::string internal_ca;  // --internal-ca: where the CA's key and certificate are
  bool internal_ca_for_all = false;
};

class CertificateVault {
 public:
  static Result<std::unique_ptr<CertificateVault>> open(CertificateOptions options);

  const CertificateOptions& options() const noexcept { return options_; }
  const tls::InternalCa* ca() const noexcept { return ca_ ? &*ca_ : nullptr; }
  Result<std::shared_ptr<const tls::KeyPair>> load(const std::string& chain,
                                                   const std::string& key);
  std::shared_ptr<const tls::KeyPair> issue(const std::vector<std::string>& names) noexcept;

 private:
  struct Loaded {
    std::string version;  // of both files: inode, size, time
    std::shared_ptr<const tls::KeyPair> pair;
  };
  CertificateOptions options_;
  std::optional<tls::InternalCa> ca_;
  std::mutex mutex_;
  std::unordered_map<std::string, Loaded> loaded_;
  std::unordered_map<std::string, std::shared_ptr<const tls::KeyPair>> issued_;
};

class Certificates {
 public:
  // An Error names the host whose certificate is missing and where it was looked for.
  static Result<Certificates> load(const table::Table& table, CertificateVault& vault);

  // Null when it cannot be had.
  std::shared_ptr<const tls::KeyPair> get(uint32_t certificate) const noexcept;

 private:
  struct One {
    std::shared_ptr<const tls::KeyPair> pair;  // from files
    std::vector<std::string> names;            // else of the internal CA
  };
  CertificateVault* vault_ = nullptr;
  std::vector<One> all_;
};

}  // namespace sluice::proxy
