// One table as it is served, with everything prepared that its requests need: header edits, user
// lists, certificates. Immutable after `load`, shared by all loops; a swap replaces the pointer to
// it. Threads: `load` runs off the loops (it reads files and verifies); the rest is const. Fails:
// in `load`, naming the file, host or secret that is at fault; the running generation is untouched.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/http/edits.h"
#include "runtime/proxy/certificates.h"
#include "runtime/proxy/user_list.h"
#include "runtime/table/table.h"

namespace sluice::proxy {

struct LoadOptions {
  std::string table_path;
  std::string secrets;         // folder of the user lists
  bool https_by_flag = false;  // https is served though the table may have no https listener
};

// A table's bytes, read whole into memory of our own. Mapping the file would be less to do and not
// safe: who writes it in place (cp does) would cut the ground from under running requests.
class TableBytes {
 public:
  static Result<TableBytes> open(const std::string& path);
  TableBytes() noexcept = default;
  TableBytes(TableBytes&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  TableBytes& operator=(TableBytes&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~TableBytes();
  std::string_view view() const noexcept { return {static_cast<const char*>(bytes_), size_}; }

 private:
  void* bytes_ = nullptr;
  size_t size_ = 0;
};

class Generation {
 public:
  static Result<std::shared_ptr<const Generation>> load(const LoadOptions& options,
                                                        CertificateVault* vault);

  const table::Table& table() const noexcept { return table_; }
  const std::string& digest() const noexcept { return digest_; }  // hexadecimal, short
  const http::EditList& request_edits(const table::RouteRecord& route) const noexcept {
    return request_edits_[route.chain];
  }
  const http::EditList& response_edits(const table::RouteRecord& route) const noexcept {
    return response_edits_[route.chain];
  }
  const UserList& users(uint32_t basic_auth) const noexcept { return users_[basic_auth]; }
  const Certificates& certificates() const noexcept { return certificates_; }

 private:
  Generation(TableBytes file, table::Table table) noexcept
      : file_(std::move(file)), table_(std::move(table)) {}
  Status prepare(const LoadOptions& options);

  TableBytes file_;  // under table_
  table::Table table_;
  std::string digest_;
  std::vector<http::EditList> request_edits_, response_edits_;  // beside `chains`
  std::vector<UserList> users_;                                 // beside `basic_auths`
  Certificates certificates_;
};

}  // namespace sluice::proxy
