#include "runtime/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sluice {

Error io_error(std::string_view what, const std::string& path, int errno_value) {
  return {errno_value == ENOENT ? ErrorCode::not_found : ErrorCode::io,
          std::string(what) + " " + path + ": " + std::strerror(errno_value)};
}

Result<std::string> read_file(const std::string& path, size_t limit) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_error("cannot open", path, errno);
  std::string bytes;
  char chunk[16384];
  while (true) {
    const ssize_t n = read(fd, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      close(fd);
      return io_error("cannot read", path, error);
    }
    if (n == 0) break;
    bytes.append(chunk, static_cast<size_t>(n));
    if (bytes.size() > limit) {
      close(fd);
      return Error{ErrorCode::limit, path + " is larger than " + std::to_string(limit) + " bytes"};
    }
  }
  close(fd);
  return bytes;
}

Status replace_file(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string temporary = path + ".new";
  unlink(temporary.c_str());
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return io_error("cannot create", temporary, errno);
  const auto fail = [&](const char* what) {
    const int error = errno;
    close(fd);
    unlink(temporary.c_str());
    return io_error(what, temporary, error);
  };
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail("cannot write");
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  if (fsync(fd) != 0) return fail("cannot sync");
  close(fd);
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    unlink(temporary.c_str());
    return io_error("cannot rename to", path, error);
  }
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (const int dir = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); dir >= 0) {
    fsync(dir);
    close(dir);
  }
  return Done{};
}

}  // namespace sluice
