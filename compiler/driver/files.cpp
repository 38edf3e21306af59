#include "compiler/driver/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace sluice::driver {
namespace {

namespace fs = std::filesystem;

Error failure(const std::string& doing, const std::string& path, int error = errno) {
  return {error == ENOENT ? ErrorCode::not_found : ErrorCode::io,
          fmt::format("cannot {} {}: {}", doing, path, std::strerror(error))};
}

// Closes on every way out; `close_now` for those who must see its error.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int close_now() {
    int fd = fd_;
    fd_ = -1;
    return ::close(fd);
  }

 private:
  int fd_;
};

enum class Sync : uint8_t { now, later };

Status write_new(const std::string& path, const std::string& bytes, Sync sync) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (file.get() < 0) return failure("create", path);
  for (size_t at = 0; at < bytes.size();) {
    ssize_t n = ::write(file.get(), bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure("write", path);
    at += static_cast<size_t>(n);
  }
  if (sync == Sync::now && ::fsync(file.get()) != 0) return failure("sync", path);
  if (file.close_now() != 0) return failure("close", path);
  return Done{};
}

void sync_folder(const std::string& folder) {
  Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() >= 0) ::fsync(fd.get());  // some file systems cannot; the rename stands all the same
}

// Files and folders that were just written, on one file system. A few are waited for one by one; a
// tree of thousands once as a whole, where that is quicker (20,000 files: 7 s for 150 s).
Status sync_all(const std::string& folder, const std::vector<std::string>& paths) {
  constexpr size_t kFew = 32;
  if (paths.size() > kFew) {
    Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0 || ::syncfs(fd.get()) != 0) return failure("sync", folder);
    return Done{};
  }
  for (const std::string& path : paths) {
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0 || ::fsync(fd.get()) != 0) return failure("sync", path);
  }
  return Done{};
}

bool holds_already(const std::string& path, const std::string& bytes) {
  Result<std::string> old = read_file(path);
  return old && *old == bytes;
}

// Removed with all it holds when it goes out of scope.
struct Staging {
  fs::path path;
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

}  // namespace

Result<std::string> read_file(const std::string& path, size_t limit) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failure("read", path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return failure("read", path);
  if (S_ISDIR(info.st_mode)) return failure("read", path, EISDIR);
  std::string bytes;
  if (S_ISREG(info.st_mode)) bytes.reserve(std::min(limit, static_cast<size_t>(info.st_size)));
  char chunk[1 << 16];
  while (true) {
    ssize_t n = ::read(file.get(), chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure("read", path);
    if (n == 0) return bytes;
    if (bytes.size() + static_cast<size_t>(n) > limit) {
      return Error{ErrorCode::limit, fmt::format("{} has more than {} bytes", path, limit)};
    }
    bytes.append(chunk, static_cast<size_t>(n));
  }
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::string parent_folder(const std::string& path) {
  std::string parent = fs::path(path).parent_path().generic_string();
  return parent.empty() ? "." : parent;
}

std::string relative_to(const std::string& folder, const std::string& path) {
  fs::path result =
      fs::path(path).lexically_normal().lexically_relative(fs::path(folder).lexically_normal());
  return result.empty() ? path : result.generic_string();
}

std::vector<std::string> files_below(const std::string& folder, const std::string& ending) {
  std::vector<std::string> result;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    std::string name = it->path().filename().string();
    if (name.starts_with(".")) {
      if (it->is_directory(error)) it.disable_recursion_pending();
      continue;
    }
    if (it->is_regular_file(error) && name.ends_with(ending)) {
      result.push_back(it->path().lexically_normal().generic_string());
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

Status replace_file(const std::string& path, const std::string& bytes) {
  std::string temporary = fmt::format("{}.tmp-{}", path, ::getpid());
  Status written = write_new(temporary, bytes, Sync::now);
  struct stat old {};
  if (written && ::stat(path.c_str(), &old) == 0) ::chmod(temporary.c_str(), old.st_mode & 07777);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = failure("replace", path);
  }
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  sync_folder(parent_folder(path));
  return Done{};
}

Status write_tree(const std::string& folder, const std::vector<TreeFile>& files,
                  const std::vector<std::string>& stale) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return failure("create", folder, error.value());
  Staging staging{fs::path(folder) / fmt::format(".staged-{}", ::getpid())};
  fs::remove_all(staging.path, error);

  // Everything that takes room or may fail for want of it happens here, away from what is in use.
  std::vector<const TreeFile*> changed;
  for (const TreeFile& file : files) {
    if (holds_already((fs::path(folder) / file.path).string(), file.bytes)) continue;
    fs::path staged = staging.path / file.path;
    fs::create_directories(staged.parent_path(), error);
    if (error) return failure("create", staged.parent_path().string(), error.value());
    if (Status status = write_new(staged.string(), file.bytes, Sync::later); !status) return status;
    fs::path home = (fs::path(folder) / file.path).parent_path();
    fs::create_directories(home, error);
    if (error) return failure("create", home.string(), error.value());
    changed.push_back(&file);
  }
  std::vector<std::string> written, homes;
  for (const TreeFile* file : changed) {
    written.push_back((staging.path / file->path).string());
    homes.push_back((fs::path(folder) / file->path).parent_path().string());
  }
  if (Status status = sync_all(folder, written); !status) return status;
  for (const TreeFile* file : changed) {
    fs::path to = fs::path(folder) / file->path;
    if (::rename((staging.path / file->path).c_str(), to.c_str()) != 0) {
      return failure("replace", to.string());
    }
  }
  for (const std::string& path : stale) {
    fs::path gone = fs::path(folder) / path;
    fs::remove(gone, error);
    // Folders that this left empty go too; one that is not empty stays.
    for (fs::path up = gone.parent_path(); up != fs::path(folder) && fs::is_empty(up, error);
         up = up.parent_path()) {
      if (!fs::remove(up, error)) break;
    }
  }
  std::sort(homes.begin(), homes.end());
  homes.erase(std::unique(homes.begin(), homes.end()), homes.end());
  return sync_all(folder, homes);
}

}  // namespace sluice::driver
