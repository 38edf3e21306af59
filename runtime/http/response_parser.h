// Parses one response head of an upstream, as strictly as a request's (see request_parser.h, whose
// protocol it shares): a head that another reader could end elsewhere is refused, and the client
// gets a 502. 1xx heads come out like any other; the caller forwards or swallows them, resets and
// parses on (ResponseHead::is_interim).
#pragma once

#include "runtime/http/request_parser.h"

namespace sluice::http {

// What must be known of the request to frame its answer.
struct Asked {
  bool head = false;       // HEAD: no body whatever the headers say
  bool websocket = false;  // an upgrade was sent, so 101 may come
};

class ResponseParser {
 public:
  explicit ResponseParser(const Limits& limits = {}) noexcept : limits_(limits) {}

  void reset() noexcept {
    progress_ = {};
    refusal_ = Refusal::none;
  }
  Parsed parse(std::string_view bytes, Asked asked, ResponseHead& head) noexcept;
  Refusal refusal() const noexcept { return refusal_; }

 private:
  Limits limits_;
  HeadProgress progress_;
  Refusal refusal_ = Refusal::none;
};

}  // namespace sluice::http
