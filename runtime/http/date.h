// HTTP dates (IMF-fixdate, RFC 9110 5.6.7), formatted at most once a second.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::http {

constexpr size_t kDateSize = 29;  // "Sun, 06 Nov 1994 08:49:37 GMT"

// For any second from 1970 to 9999.
void format_date(int64_t unix_seconds, std::span<char, kDateSize> out) noexcept;

// One a loop: not shared between threads.
class DateCache {
 public:
  std::string_view at(int64_t unix_seconds) noexcept {
    if (unix_seconds != second_) {
      format_date(unix_seconds, text_);
      second_ = unix_seconds;
    }
    return {text_, kDateSize};
  }

 private:
  int64_t second_ = -1;
  char text_[kDateSize] = {};
};

}  // namespace sluice::http
