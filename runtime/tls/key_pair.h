// A certificate chain with its key, parsed and known to belong together. Immutable, shared by
// loops. Fails: `load` names the file, and what is wrong with it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/base/result.h"

struct evp_pkey_st;
struct x509_st;
struct stack_st_X509;

namespace sluice::tls {

class KeyPair {
 public:
  // PEM: the chain with the leaf first; `key_path` may be the same file.
  static Result<std::shared_ptr<const KeyPair>> load(const std::string& chain_path,
                                                     const std::string& key_path);
  static Result<std::shared_ptr<const KeyPair>> from_pem(std::string_view chain,
                                                         std::string_view key);

  KeyPair() = default;
  KeyPair(const KeyPair&) = delete;
  KeyPair& operator=(const KeyPair&) = delete;
  ~KeyPair();

  // A leaf's names cover `host` (lower case, no trailing dot).
  bool covers(const std::string& host) const;
  int64_t not_after() const noexcept { return not_after_; }  // seconds since 1970

 private:
  friend class InternalCa;
  friend class ServerContext;
  Status finish();
  x509_st* leaf_ = nullptr;
  evp_pkey_st* key_ = nullptr;
  stack_st_X509* chain_ = nullptr;  // without the leaf; may be null
  int64_t not_after_ = 0;
};

}  // namespace sluice::tls
