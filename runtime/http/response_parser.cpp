#include "runtime/http/response_parser.h"

#include "runtime/http/head_lines.h"
#include "runtime/http/scan.h"

namespace sluice::http {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// status-line = HTTP-version SP status-code SP [reason]. The second blank may be missing when no
// reason follows: common, and nothing can hide in it.
const char* parse_status_line(const char* p, const char* end, ResponseHead& head,
                              Refusal& why) noexcept {
  why = Refusal::bad_status_line;
  head.start = 0;
  if (end - p < 13 || std::memcmp(p, "HTTP/1.", 7) != 0) return nullptr;
  if ((p[7] != '0' && p[7] != '1') || p[8] != ' ') return nullptr;
  if (!is_digit(p[9]) || !is_digit(p[10]) || !is_digit(p[11])) return nullptr;
  head.minor = uint8_t(p[7] - '0');
  head.status = uint16_t((p[9] - '0') * 100 + (p[10] - '0') * 10 + (p[11] - '0'));
  if (head.status < 100 || head.status > 599) return nullptr;
  p += 12;
  if (*p == ' ')
    ++p;
  else if (*p != '\r' && *p != '\n')
    return nullptr;
  const char* const reason = p;
  p = value_end(p, end);
  head.reason = {uint16_t(reason - head.base), uint16_t(p - reason)};
  if (p == end) return nullptr;
  if (*p == '\n') {
    why = Refusal::bare_lf;
    return nullptr;
  }
  if (*p != '\r' || end - p < 2) return nullptr;
  if (p[1] != '\n') {
    why = Refusal::bare_cr;
    return nullptr;
  }
  return p + 2;
}

Refusal finish_response(ResponseHead& head, Asked asked) noexcept {
  const bool has_length = head.has(HeaderId::content_length);
  if (const Refusal why = read_framing(head); why != Refusal::none) return why;
  ConnectionSays says;
  const IdSet framing = id_set(HeaderId::content_length);
  if (const Refusal why = read_connection(head, framing, false, says); why != Refusal::none)
    return why;
  head.keep_alive = !says.close && (head.minor >= 1 || says.keep_alive);
  if (head.status == 101 && !(asked.websocket && says.upgrade && is_websocket_upgrade(head)))
    return Refusal::unasked_switch;
  if (asked.head || head.status < 200 || head.status == 204 || head.status == 304) {
    head.body = BodyKind::none;
  } else if (head.body == BodyKind::none && !has_length) {
    head.body = BodyKind::until_close;
    head.keep_alive = false;
  }
  if (head.ids & kHopByHop) head.drop_all(kHopByHop);
  return Refusal::none;
}

}  // namespace

Parsed ResponseParser::parse(std::string_view bytes, Asked asked, ResponseHead& head) noexcept {
  return parse_head(
      bytes, limits_, progress_, head, refusal_,
      [&](const char* p, const char* end, Refusal& why) {
        return parse_status_line(p, end, head, why);
      },
      [&] { return finish_response(head, asked); });
}

}  // namespace sluice::http
