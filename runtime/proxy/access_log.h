// One loop's share of the access log: a JSON object a line, put together in a block that goes to
// the writer when it is full, and at least once a second.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/proxy/log_writer.h"

namespace sluice::proxy {

struct LogRecord {
  int64_t time_us = 0;                                  // when the answer was complete, since 1970
  std::string_view client, scheme, method, host, path;  // path: as sent, without the query
  uint16_t status = 0;                                  // 0: the client was gone before
  uint64_t bytes = 0;                                   // sent to the client, head and body
  int64_t duration_us = 0;
  std::string_view upstream;  // its address; empty: none was asked
  int64_t upstream_us = 0;    // until its answer's head
  std::string_view route;     // its object; empty: none
  std::string_view table;     // digest
  std::string_view reason;    // why the proxy answered itself, or cut off
};

// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 come out as U+FFFD.
void append_json(std::string& out, std::string_view text);

class AccessLog {
 public:
  explicit AccessLog(LogWriter* writer) : writer_(writer) {}
  bool enabled() const noexcept { return writer_ != nullptr; }
  void add(const LogRecord& record);
  void flush();

 private:
  static constexpr size_t kBlock = 64UL * 1024;
  void append_time(int64_t time_us);

  LogWriter* writer_;
  std::string block_;
  size_t lines_ = 0;
  int64_t second_ = -1;
  char second_text_[24] = {};  // "2026-11-23T00:00:00."
};

}  // namespace sluice::proxy
