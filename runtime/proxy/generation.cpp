#include "runtime/proxy/generation.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "runtime/base/file.h"

namespace sluice::proxy {
namespace {

http::EditOp to_http(table::EditOp op) {
  switch (op) {
    case table::EditOp::set:
      return http::EditOp::set;
    case table::EditOp::add:
      return http::EditOp::add;
    case table::EditOp::remove:
      break;
  }
  return http::EditOp::remove;
}

Status prepare_edits(const table::Table& table, table::Slice slice, http::EditList& out) {
  for (const table::EditRecord& edit : table.edits(slice)) {
    if (!out.edit(to_http(edit.op), table.text(edit.name), table.text(edit.value))) {
      return Error{ErrorCode::malformed, "the table edits a header that may not be edited: " +
                                             std::string(table.text(edit.name))};
    }
  }
  return Done{};
}

Result<UserList> load_users(const table::Table& table, const table::BasicAuthRecord& auth,
                            const std::string& folder) {
  const std::string name(table.text(auth.users));
  if (folder.empty()) {
    return Error{ErrorCode::not_found,
                 "no user list " + name +
                     ": say where secrets lie, by --secrets FOLDER or $CREDENTIALS_DIRECTORY"};
  }
  const std::string key(table.text(auth.key));
  std::string path = folder + "/" + name;
  if (!key.empty()) path += (access((path + "/" + key).c_str(), F_OK) == 0 ? "/" : ".") + key;
  const Result<std::string> text = read_file(path, 1 << 20);
  if (!text) return Error{text.error().code, "no user list " + name + ": " + text.error().message};
  return UserList::parse(*text, path);
}

}  // namespace

Result<TableBytes> TableBytes::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_error("cannot open the table", path, errno);
  struct stat info {};
  fstat(fd, &info);
  TableBytes file;
  if (!S_ISREG(info.st_mode)) {
    close(fd);
    return Error{ErrorCode::malformed, "the table " + path + " is not a file"};
  }
  const auto size = static_cast<size_t>(info.st_size);
  if (size > 0) {
    void* bytes = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (bytes == MAP_FAILED) {
      const int error = errno;
      close(fd);
      return io_error("no memory for the table", path, error);
    }
    file.bytes_ = bytes;
    file.size_ = size;
  }
  for (size_t done = 0; done < size;) {
    const ssize_t n = read(fd, static_cast<char*>(file.bytes_) + done, size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      close(fd);
      return io_error("cannot read the table", path, error);
    }
    if (n == 0) break;  // cut short meanwhile: zeros follow, which the digest does not forgive
    done += static_cast<size_t>(n);
  }
  close(fd);
  if (size > 0) mprotect(file.bytes_, size, PROT_READ);
  return file;
}

TableBytes::~TableBytes() {
  if (bytes_) munmap(bytes_, size_);
}

Result<std::shared_ptr<const Generation>> Generation::load(const LoadOptions& options,
                                                           CertificateVault* vault) {
  Result<TableBytes> file = TableBytes::open(options.table_path);
  if (!file) return file.error();
  Result<table::Table> table = table::Table::load(file->view());
  if (!table) {
    return Error{table.error().code,
                 "the table " + options.table_path + ": " + table.error().message};
  }
  auto generation =
      std::shared_ptr<Generation>(new Generation(std::move(*file), std::move(*table)));
  if (Status status = generation->prepare(options); !status) return status.error();
  // A site behind an edge that ends TLS needs none.
  bool https = options.https_by_flag;
  for (const table::ListenerRecord& listener : generation->table_.listeners()) {
    https = https || listener.scheme == table::Scheme::https;
  }
  if (https && vault) {
    Result<Certificates> certificates = Certificates::load(generation->table_, *vault);
    if (!certificates) return certificates.error();
    generation->certificates_ = std::move(*certificates);
  }
  return std::shared_ptr<const Generation>(std::move(generation));
}

Status Generation::prepare(const LoadOptions& options) {
  table::Header header;
  std::memcpy(&header, file_.view().data(), sizeof header);
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(header.digest[0]));
  digest_ = hex;
  request_edits_.resize(table_.chains().size());
  response_edits_.resize(table_.chains().size());
  for (size_t i = 0; i < table_.chains().size(); ++i) {
    const table::ChainRecord& chain = table_.chains()[i];
    if (Status s = prepare_edits(table_, chain.request_edits, request_edits_[i]); !s) return s;
    if (Status s = prepare_edits(table_, chain.response_edits, response_edits_[i]); !s) return s;
  }
  for (const table::BasicAuthRecord& auth : table_.basic_auths()) {
    Result<UserList> users = load_users(table_, auth, options.secrets);
    if (!users) return users.error();
    users_.push_back(std::move(*users));
  }
  return Done{};
}

}  // namespace sluice::proxy
