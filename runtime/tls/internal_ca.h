// The CA of one's own, for development and for names that are not public: a key and a certificate
// in a folder (made at first use), and leaves that live in memory. Threads: const after `open`;
// `issue` may be called from any thread.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "runtime/tls/key_pair.h"

namespace sluice::tls {

class InternalCa {
 public:
  static constexpr int64_t kLeafDays = 30;

  // Reads DIR/ca.crt and DIR/ca.key, or makes them (the key 0600). Two processes that start at once
  // agree.
  static Result<InternalCa> open(const std::string& folder);

  // A leaf for these names ("a.x", "*.x", "127.0.0.1"), valid from an hour ago for kLeafDays.
  Result<std::shared_ptr<const KeyPair>> issue(std::span<const std::string> names) const;
  const std::string& certificate_path() const noexcept { return certificate_path_; }

 private:
  std::string certificate_path_;
  std::shared_ptr<const KeyPair> ca_;
};

}  // namespace sluice::tls
