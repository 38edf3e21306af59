#include "runtime/http/head_lines.h"

#include <algorithm>

#include "runtime/http/scan.h"

namespace sluice::http {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

// Why the name that ends at `at` (not a token byte) is none. Looks on to the line's end, which is
// there whenever the answer counts.
Refusal bad_name(const char* name, const char* at, const char* end) noexcept {
  if (at == end) return Refusal::missing_colon;
  if (at == name && is_blank(*at)) return Refusal::folded_header;
  if (*at == '\n') return Refusal::bare_lf;
  if (*at == '\r') {
    if (at + 1 != end && at[1] != '\n') return Refusal::bare_cr;
    return Refusal::missing_colon;
  }
  if (is_blank(*at)) {
    while (at != end && is_blank(*at)) ++at;
    if (at != end && *at == ':') return Refusal::space_before_colon;
    for (; at != end && *at != '\n'; ++at)
      if (*at == ':') return Refusal::bad_header_name;
    return Refusal::missing_colon;
  }
  return Refusal::bad_header_name;
}

constexpr IdSet kSingle =
    id_set(HeaderId::host, HeaderId::content_length, HeaderId::transfer_encoding);

Refusal several(HeaderId id) noexcept {
  switch (id) {
    case HeaderId::host:
      return Refusal::several_hosts;
    case HeaderId::content_length:
      return Refusal::several_content_lengths;
    default:
      return Refusal::several_transfer_encodings;
  }
}

}  // namespace

const char* parse_header_line(const char* p, const char* end, HeaderBlock& head,
                              Refusal& why) noexcept {
  const char* const name = p;
  HeaderId id = HeaderId::other;
  const char* colon = near_colon(p, end);
  if (colon) id = known_header_id(name, size_t(colon - name));
  if (id == HeaderId::other) {
    // Not a name we know by heart: every byte is checked.
    uint8_t seen = 0;
    for (; p != end && is_class(*p, kTokenByte); ++p) seen |= kByteClass[uint8_t(*p)];
    if (p == end || *p != ':' || p == name) {
      why = bad_name(name, p, end);
      return nullptr;
    }
    if (!colon) id = known_header_id(name, size_t(p - name));
    colon = p;
    if (id == HeaderId::other) {
      if (seen & kUnderscore)
        id = HeaderId::with_underscore;
      else if (has_forwarded_prefix({name, size_t(colon - name)}))
        id = HeaderId::x_forwarded_other;
    }
  }

  p = colon + 1;
  while (p != end && is_blank(*p)) ++p;
  const char* const value = p;
  p = value_end(p, end);
  if (end - p < 2 || p[0] != '\r' || p[1] != '\n') {
    if (p == end || (*p == '\r' && p + 1 == end))
      why = Refusal::bad_header_value;  // not complete: never told
    else
      why = *p == '\n'   ? Refusal::bare_lf
            : *p == '\r' ? Refusal::bare_cr
                         : Refusal::bad_header_value;
    return nullptr;
  }
  const char* value_last = p;
  while (value_last != value && is_blank(value_last[-1])) --value_last;

  const IdSet bit = id_set(id);
  if (bit & kSingle & head.ids) {
    why = several(id);
    return nullptr;
  }
  head.ids |= bit;
  HeaderLine& line = head.lines[head.count++];
  line.name = {uint16_t(name - head.base), uint16_t(colon - name)};
  line.value = {uint16_t(value - head.base), uint16_t(value_last - value)};
  line.id = id;
  return p + 2;
}

Refusal read_connection(HeaderBlock& head, IdSet protected_ids, bool refuse_protected,
                        ConnectionSays& says) noexcept {
  int left = 32;  // tokens; each may cost a walk over all lines
  for (size_t at = head.find(HeaderId::connection); at != head.npos;
       at = head.find(HeaderId::connection, at + 1)) {
    std::string_view list = head.value(at);
    while (!list.empty()) {
      const size_t comma = std::min(list.find(','), list.size());
      std::string_view token = list.substr(0, comma);
      list.remove_prefix(std::min(comma + 1, list.size()));
      while (!token.empty() && is_blank(token.front())) token.remove_prefix(1);
      while (!token.empty() && is_blank(token.back())) token.remove_suffix(1);
      if (token.empty()) continue;  // an empty list element (RFC 9110 5.6.1.2)
      if (!is_token(token) || left-- == 0) return Refusal::bad_connection;
      if (equal_ignoring_case(token, "close")) {
        says.close = true;
        continue;
      }
      const HeaderId id = header_id(token);
      if (id == HeaderId::keep_alive) says.keep_alive = true;
      if (id == HeaderId::upgrade) says.upgrade = true;
      if (contains(kHopByHop, id)) continue;  // dropped anyway
      if (contains(protected_ids, id)) {
        if (refuse_protected) return Refusal::nominated_header;
        continue;
      }
      if (is_exact(id)) {
        if (head.has(id)) head.drop_all(id_set(id));
        continue;
      }
      for (size_t i = 0; i < head.count; ++i)
        if (!is_exact(head.lines[i].id) && equal_ignoring_case(head.name(i), token)) head.drop(i);
    }
  }
  return Refusal::none;
}

Refusal read_framing(HeaderBlock& head) noexcept {
  head.body = BodyKind::none;
  head.content_length = 0;
  constexpr IdSet kFraming = id_set(HeaderId::content_length, HeaderId::transfer_encoding);
  if (!(head.ids & kFraming)) return Refusal::none;
  if ((head.ids & kFraming) == kFraming) return Refusal::length_and_chunked;
  if (head.has(HeaderId::transfer_encoding)) {
    if (head.minor == 0) return Refusal::transfer_encoding_in_http10;
    if (!equal_ignoring_case(head.get(HeaderId::transfer_encoding), "chunked"))
      return Refusal::unsupported_transfer_encoding;
    head.body = BodyKind::chunked;
    return Refusal::none;
  }
  const std::string_view digits = head.get(HeaderId::content_length);
  if (digits.empty() || digits.size() > 19) return Refusal::bad_content_length;
  uint64_t length = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return Refusal::bad_content_length;
    length = length * 10 + uint64_t(c - '0');  // 19 digits do not overflow 64 bits
  }
  if (length > uint64_t{INT64_MAX}) return Refusal::bad_content_length;
  head.body = BodyKind::length;
  head.content_length = length;
  return Refusal::none;
}

}  // namespace sluice::http
