#include "runtime/http/request_parser.h"

#include <algorithm>

#include "runtime/http/head_lines.h"
#include "runtime/http/scan.h"

namespace sluice::http {
namespace {

constexpr size_t kMaxMethod = 32;

Method method_of(std::string_view text) noexcept {
  switch (text.size()) {
    case 3:
      if (text == "GET") return Method::get;
      if (text == "PUT") return Method::put;
      break;
    case 4:
      if (text == "POST") return Method::post;
      if (text == "HEAD") return Method::head;
      break;
    case 5:
      if (text == "PATCH") return Method::patch;
      if (text == "TRACE") return Method::trace;
      break;
    case 6:
      if (text == "DELETE") return Method::del;
      break;
    case 7:
      if (text == "OPTIONS") return Method::options;
      break;
    default:
      break;
  }
  return Method::other;
}

// host[:port] as RFC 3986 allows it, without userinfo; the port is not read (H1), so its letters
// are free. Commas are refused: some peers join two Host lines by one.
bool is_authority(std::string_view text) noexcept {
  const char* p = text.data();
  const char* const end = p + text.size();
  if (p != end && *p == '[') {
    ++p;
    while (p != end && (is_class(*p, kHostByte) || *p == ':')) ++p;
    if (p == end || *p++ != ']') return false;
    if (p != end && *p != ':') return false;
  } else {
    p = class_end(p, end, kHostByte);
  }
  if (p != end && *p == ':') p = class_end(p + 1, end, kHostByte);
  return p == end;
}

// Splits path and query at `?`; `at` is where the path starts.
void split_path(RequestHead& head, const char* at, const char* end) noexcept {
  const auto* question = static_cast<const char*>(std::memchr(at, '?', size_t(end - at)));
  const char* path_end = question ? question : end;
  head.has_query = question != nullptr;
  head.path_text = {uint16_t(at - head.base), uint16_t(path_end - at)};
  const char* query = question ? question + 1 : end;
  head.query_text = {uint16_t(query - head.base), uint16_t(end - query)};
}

Refusal read_target(RequestHead& head, std::string_view target) noexcept {
  const char* p = target.data();
  const char* const end = p + target.size();
  head.authority = {};
  head.form = TargetForm::origin;
  if (*p == '/') {
    split_path(head, p, end);
    return Refusal::none;
  }
  if (target == "*") {
    if (head.method != Method::options) return Refusal::bad_target;
    head.form = TargetForm::asterisk;
    split_path(head, p, end);
    return Refusal::none;
  }
  const size_t scheme =
      target.size() >= 7 && equal_ignoring_case(target.substr(0, 7), "http://")    ? 7
      : target.size() >= 8 && equal_ignoring_case(target.substr(0, 8), "https://") ? 8
                                                                                   : 0;
  if (scheme == 0) return Refusal::bad_target;
  p += scheme;
  const char* const authority = p;
  while (p != end && *p != '/' && *p != '?') ++p;
  if (p == authority) return Refusal::bad_target;
  head.authority = {uint16_t(authority - head.base), uint16_t(p - authority)};
  if (!is_authority(head.host())) return Refusal::bad_target;
  split_path(head, p, end);
  // OPTIONS for the whole server, as a proxy is asked for it (RFC 9112 3.2.4).
  const bool whole = head.method == Method::options && p == end;
  head.form = whole ? TargetForm::asterisk : TargetForm::absolute;
  return Refusal::none;
}

// One byte above 0x7e stops the scan; behind the `?` it is let through (P3: queries are the
// upstream's business).
const char* scan_target(const char* target, const char* end) noexcept {
  const char* p = target_end(target, end);
  while (p != end && uint8_t(*p) >= 0x80 && std::memchr(target, '?', size_t(p - target)))
    p = target_end(p + 1, end);
  return p;
}

const char* parse_version(const char* p, const char* end, RequestHead& head,
                          Refusal& why) noexcept {
  why = Refusal::bad_version;
  if (end - p < 9 || std::memcmp(p, "HTTP/", 5) != 0) return nullptr;
  if (p[6] != '.' || p[5] < '0' || p[5] > '9' || p[7] < '0' || p[7] > '9') return nullptr;
  if (p[8] == '\n') {
    why = Refusal::bare_lf;
    return nullptr;
  }
  if (p[8] != '\r' || end - p < 10) return nullptr;
  if (p[9] != '\n') {
    why = Refusal::bare_cr;
    return nullptr;
  }
  if (p[5] != '1' || p[7] > '1') {
    why = Refusal::unsupported_version;
    return nullptr;
  }
  head.minor = uint8_t(p[7] - '0');
  return p + 10;
}

const char* parse_request_line(const char* p, const char* end, RequestHead& head,
                               Refusal& why) noexcept {
  if (p != end && (*p == '\r' || *p == '\n')) {
    why = Refusal::bare_lf;
    if (*p == '\n' || end - p < 2) return nullptr;
    why = p[1] != '\n' ? Refusal::bare_cr : Refusal::empty_lines;
    return p[1] == '\n' && head.start == 0 ? p + 2 : nullptr;
  }
  head.start = uint16_t(p - head.base);
  const char* const method = p;
  p = token_end(p, end);
  const std::string_view method_text(method, size_t(p - method));
  why = Refusal::bad_method;
  if (method_text.empty() || method_text.size() > kMaxMethod || p == end) return nullptr;
  if (*p != ' ') {
    why = *p == '\n'   ? Refusal::bare_lf
          : *p == '\r' ? Refusal::bad_request_line
                       : Refusal::bad_method;
    return nullptr;
  }
  head.method = method_of(method_text);
  head.method_text = {head.start, uint16_t(method_text.size())};

  const char* const target = ++p;
  p = scan_target(p, end);
  why = Refusal::bad_request_line;
  if (p == end) return nullptr;
  if (*p == '\n') why = Refusal::bare_lf;
  if (*p != ' ') {
    if (*p != '\r' && *p != '\n') why = Refusal::bad_target;
    return nullptr;
  }
  if (p == target) return nullptr;
  const char* const next = parse_version(p + 1, end, head, why);
  if (!next) return nullptr;

  // The line is whole and well-formed; what it asks for may still be nothing that is served.
  if (method_text == "CONNECT") {
    why = Refusal::connect_method;
    return nullptr;
  }
  head.target = {uint16_t(target - head.base), uint16_t(p - target)};
  why = read_target(head, {target, size_t(p - target)});
  return why == Refusal::none ? next : nullptr;
}

// A client must not be able to have these taken away on their way (M7.1).
constexpr IdSet kProtected = kForwardedIds | id_set(HeaderId::host, HeaderId::authorization,
                                                    HeaderId::cookie, HeaderId::content_length);

Refusal finish_request(RequestHead& head) noexcept {
  if (!head.has(HeaderId::host)) {
    if (head.minor >= 1) return Refusal::missing_host;
  } else if (head.authority.size == 0) {
    const HeaderLine& host = head.lines[head.find(HeaderId::host)];
    if (!is_authority(head.text(host.value))) return Refusal::bad_host;
    head.authority = host.value;
  }
  if (const Refusal why = read_framing(head); why != Refusal::none) return why;

  head.expect_continue = false;
  head.te_trailers = false;
  head.websocket = false;
  head.keep_alive = head.minor >= 1;
  constexpr IdSet kNotForwarded = kHopByHop | id_set(HeaderId::expect, HeaderId::with_underscore);
  if (!(head.ids & kNotForwarded)) return Refusal::none;

  if (const size_t at = head.find(HeaderId::expect); at != head.npos) {
    const bool known = equal_ignoring_case(head.value(at), "100-continue") &&
                       head.find(HeaderId::expect, at + 1) == head.npos;
    if (!known) return Refusal::bad_expectation;
    // HTTP/1.0 does not know it (RFC 9110 10.1.1), and without a body nobody waits.
    head.expect_continue = head.minor >= 1 && head.body != BodyKind::none;
  }
  for (size_t at = head.find(HeaderId::te); at != head.npos; at = head.find(HeaderId::te, at + 1)) {
    std::string_view list = head.value(at);
    while (!list.empty()) {
      const size_t comma = std::min(list.find(','), list.size());
      std::string_view coding = list.substr(0, comma);
      list.remove_prefix(std::min(comma + 1, list.size()));
      while (!coding.empty() && (coding.front() == ' ' || coding.front() == '\t'))
        coding.remove_prefix(1);
      while (!coding.empty() && (coding.back() == ' ' || coding.back() == '\t'))
        coding.remove_suffix(1);
      if (equal_ignoring_case(coding, "trailers")) head.te_trailers = true;
    }
  }
  ConnectionSays says;
  if (const Refusal why = read_connection(head, kProtected, true, says); why != Refusal::none)
    return why;
  head.keep_alive = !says.close && (head.minor >= 1 || says.keep_alive);
  head.websocket = says.upgrade && head.method == Method::get && head.minor >= 1 &&
                   head.body == BodyKind::none && is_websocket_upgrade(head);
  head.drop_all(kNotForwarded);
  return Refusal::none;
}

}  // namespace

Parsed RequestParser::parse(std::string_view bytes, RequestHead& head) noexcept {
  return parse_head(
      bytes, limits_, progress_, head, refusal_,
      [&](const char* p, const char* end, Refusal& why) {
        return parse_request_line(p, end, head, why);
      },
      [&] { return finish_request(head); });
}

}  // namespace sluice::http
