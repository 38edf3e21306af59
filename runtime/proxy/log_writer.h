// Writes the access log: loops hand over whole blocks of lines, one thread writes them. A log that
// cannot be written in time loses lines, which are counted and told; it never stops traffic.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/base/result.h"

namespace sluice::proxy {

class LogWriter {
 public:
  // "-" is standard output.
  static Result<std::unique_ptr<LogWriter>> open(const std::string& path);
  ~LogWriter();  // writes what is left

  // Takes the block and gives back an empty one to fill (with its old capacity, where there is
  // one).
  std::string exchange(std::string block, size_t lines);
  void reopen() noexcept;  // after the file was moved away

 private:
  LogWriter(std::string path, int fd);
  void run() noexcept;
  static constexpr size_t kMaxWaiting = 256;

  const std::string path_;
  int fd_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::string> waiting_, spare_;
  bool reopen_ = false, stopping_ = false;
  uint64_t lost_ = 0;
  std::thread thread_;
};

}  // namespace sluice::proxy
