#include "runtime/proxy/log_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "runtime/base/file.h"

namespace sluice::proxy {
namespace {

int open_log(const std::string& path) {
  return open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

bool write_all(int fd, const std::string& block) {
  size_t done = 0;
  while (done < block.size()) {
    const ssize_t n = write(fd, block.data() + done, block.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<LogWriter>> LogWriter::open(const std::string& path) {
  const int fd = path == "-" ? STDOUT_FILENO : open_log(path);
  if (fd < 0) return io_error("cannot open the access log", path, errno);
  return std::unique_ptr<LogWriter>(new LogWriter(path, fd));
}

LogWriter::LogWriter(std::string path, int fd)
    : path_(std::move(path)), fd_(fd), thread_([this] { run(); }) {}

LogWriter::~LogWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  if (fd_ > STDERR_FILENO) close(fd_);
}

std::string LogWriter::exchange(std::string block, size_t lines) {
  std::string next;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) {
      lost_ += lines;
      block.clear();
      return block;
    }
    waiting_.push_back(std::move(block));
    if (!spare_.empty()) {
      next = std::move(spare_.front());
      spare_.pop_front();
    }
  }
  wake_.notify_one();
  return next;
}

void LogWriter::reopen() noexcept {
  const std::lock_guard lock(mutex_);
  reopen_ = path_ != "-";
}

void LogWriter::run() noexcept {
  bool failing = false;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::string block = std::move(waiting_.front());
    waiting_.pop_front();
    const uint64_t lost = std::exchange(lost_, 0);
    const bool reopen = std::exchange(reopen_, false);
    lock.unlock();
    if (reopen) {
      if (const int fd = open_log(path_); fd >= 0) {
        close(fd_);
        fd_ = fd;
      }
    }
    if (lost != 0) {
      std::fprintf(stderr, "sluiced: the access log is too slow: %llu lines lost\n",
                   static_cast<unsigned long long>(lost));
    }
    const bool failed = !write_all(fd_, block);
    if (failed && !failing) {
      std::fprintf(stderr, "%s\n",
                   io_error("sluiced: cannot write the access log", path_, errno).message.c_str());
    }
    failing = failed;
    block.clear();
    lock.lock();
    if (spare_.size() < 8) spare_.push_back(std::move(block));
  }
}

}  // namespace sluice::proxy
