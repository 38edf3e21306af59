// What request and response heads have in common: the walk over complete lines, one header line,
// and what Connection and the framing headers say. Internal to runtime/http.
//
// The outcome must not depend on how the bytes arrive, so a line is judged only once its LF is in
// the buffer; before that it is tried at most once (the usual case: everything is there), and
// from then on only new bytes are searched, for the LF.
#pragma once

#include <cstring>

#include "runtime/http/request_parser.h"

namespace sluice::http {

// Parses the header line at p into the next free place of head.lines. Gives back the first byte
// behind the line, or nullptr with `why` set: wrong, or not complete yet.
const char* parse_header_line(const char* p, const char* end, HeaderBlock& head,
                              Refusal& why) noexcept;

// What the lines say of the connection. `protected_ids` may not be nominated: refused when
// `refuse_protected`, else passed over.
struct ConnectionSays {
  bool close = false;
  bool keep_alive = false;
  bool upgrade = false;
};
Refusal read_connection(HeaderBlock& head, IdSet protected_ids, bool refuse_protected,
                        ConnectionSays& says) noexcept;

// Content-Length and Transfer-Encoding: sets body (none, length or chunked) and content_length.
Refusal read_framing(HeaderBlock& head) noexcept;

inline bool is_websocket_upgrade(const HeaderBlock& head) noexcept {
  const size_t line = head.find(HeaderId::upgrade);
  return line != head.npos && equal_ignoring_case(head.value(line), "websocket") &&
         head.find(HeaderId::upgrade, line + 1) == head.npos;
}

// start_line(p, end, why) and finish(why) are the caller's: the former like parse_header_line, the
// latter judges the whole head, with head.lines_end and head.size set.
template <class StartLine, class Finish>
Parsed parse_head(std::string_view bytes, const Limits& limits, HeadProgress& progress,
                  HeaderBlock& head, Refusal& why, StartLine start_line, Finish finish) noexcept {
  const char* const begin = bytes.data();
  const bool full = bytes.size() >= limits.max_head;
  const char* const end = begin + (full ? limits.max_head : bytes.size());
  head.base = begin;

  // No LF for this line in all that is there: wait, or give up at a limit.
  const auto wait = [&](const char* line) {
    progress.line = uint32_t(line - begin);
    progress.scanned = uint32_t(end - begin);
    if (!progress.in_lines && uint64_t(end - line) >= limits.max_request_line)
      why = Refusal::request_line_too_long;
    else if (full)
      why = Refusal::head_too_large;
    else
      return why = Refusal::none, Parsed::incomplete;
    return Parsed::refused;
  };

  const char* p = begin + progress.line;
  if (progress.scanned > progress.line) {
    const char* from = begin + progress.scanned;
    if (from >= end || !std::memchr(from, '\n', size_t(end - from))) return wait(p);
  } else if (progress.line == 0 && !progress.in_lines) {
    head.start = 0;
    head.count = 0;
    head.ids = 0;
    std::memset(head.dropped, 0, sizeof head.dropped);
  }

  for (;;) {
    const char* next = nullptr;
    if (!progress.in_lines) {
      next = start_line(p, end, why);
      if (next && uint64_t(next - p) > limits.max_request_line) {
        why = Refusal::request_line_too_long;
        return Parsed::refused;
      }
      // An empty line came: only one, before the start line.
      const bool skipped = next && next - p == 2;
      if (next && !skipped) {
        progress.in_lines = true;
        head.lines_at = uint16_t(next - begin);
      } else if (skipped) {
        head.start = 2;
      }
    } else if (end - p >= 2 && p[0] == '\r' && p[1] == '\n') {
      head.lines_end = uint16_t(p - begin);
      head.size = uint16_t(p + 2 - begin);
      why = finish();
      return why == Refusal::none ? Parsed::complete : Parsed::refused;
    } else if (head.count == limits.max_headers) {
      why = Refusal::too_many_headers;
    } else {
      next = parse_header_line(p, end, head, why);
    }
    if (!next) {
      const char* lf =
          static_cast<const char*>(p == end ? nullptr : std::memchr(p, '\n', size_t(end - p)));
      if (!lf) return wait(p);
      if (!progress.in_lines && uint64_t(lf + 1 - p) > limits.max_request_line)
        why = Refusal::request_line_too_long;
      return Parsed::refused;
    }
    p = next;
    progress.line = uint32_t(p - begin);
  }
}

}  // namespace sluice::http
