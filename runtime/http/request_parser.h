// Parses one request head (RFC 9112 2 to 7), strictly: what two readers could read differently is
// refused. No allocation, no exception; each byte is looked at a bounded number of times however
// small the pieces it comes in, and the outcome does not depend on the pieces.
//
//   parser.reset();                                  // once a request
//   switch (parser.parse(bytes, head)) {             // bytes: all since the request's first byte
//     case incomplete: read more behind them, ask again (they may have moved meanwhile)
//     case complete:   head.size bytes are the head; body or next request follow
//     case refused:    parser.refusal() says why; answer status_of(it), close
//   }
// `head` must be the same object from reset to the end. One empty line before the request is
// skipped; it is part of head.size.
//
// Not looked at here: percent escapes, dot segments and backslashes of the path; they belong to
// the path's normal form, which routing defines. Refused here are controls, blanks and `#` in the
// target, and bytes above 0x7e in its path.
#pragma once

#include <string_view>

#include "runtime/http/head.h"
#include "runtime/http/refusal.h"

namespace sluice::http {

enum class Parsed : uint8_t { incomplete, complete, refused };

// How far the parse of one head has come; shared by requests and responses.
struct HeadProgress {
  uint32_t line = 0;      // start of the line to parse next
  uint32_t scanned = 0;   // from `line` up to here stands no LF
  bool in_lines = false;  // the start line is behind us
};

class RequestParser {
 public:
  explicit RequestParser(const Limits& limits = {}) noexcept : limits_(limits) {}

  void reset() noexcept {
    progress_ = {};
    refusal_ = Refusal::none;
  }
  Parsed parse(std::string_view bytes, RequestHead& head) noexcept;
  Refusal refusal() const noexcept { return refusal_; }
  // Something of this request has come (a timeout now deserves a 408).
  static bool has_begun(std::string_view bytes) noexcept { return !bytes.empty(); }

 private:
  Limits limits_;
  HeadProgress progress_;
  Refusal refusal_ = Refusal::none;
};

}  // namespace sluice::http
