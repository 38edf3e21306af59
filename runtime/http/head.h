// A parsed HTTP/1.1 head: where its parts lie in the bytes it was parsed from.
//
// Ownership: a head owns no text. All positions are 16-bit offsets from `base`, the first byte that
// was given to the parser; the bytes belong to the caller and must live and stay unchanged as long
// as the head is used. When the caller moves them, it sets `base` and everything holds again.
// A head is about 1.4 KiB without pointers of its own: keep one in each request, reuse it.
//
// Lines that must not travel (hop-by-hop, nominated by Connection, names with `_` in requests) are
// marked as dropped by the parser: lookups do not see them and the writers skip them. What they
// said is in the plain members (keep_alive, body, websocket ...).
// Valid only after the parser said `complete`; threads: none, it belongs to its request.
#pragma once

#include <string_view>

#include "runtime/http/header_id.h"
#include "runtime/http/limits.h"

namespace sluice::http {

struct Text {
  uint16_t at = 0;
  uint16_t size = 0;
};

struct HeaderLine {
  Text name;
  Text value;  // without blanks around it
  HeaderId id = HeaderId::other;
};

enum class BodyKind : uint8_t {
  none,         // no body follows the head
  length,       // content_length bytes
  chunked,      // chunks, trailers
  until_close,  // responses only: all bytes until the peer closes
};

struct HeaderBlock {
  static constexpr size_t npos = ~size_t{0};  // NOLINT(readability-identifier-naming): as in std

  const char* base = nullptr;
  uint16_t start = 0;      // first byte of the start line (2 when an empty line came before it)
  uint16_t lines_at = 0;   // first byte of the first header line
  uint16_t lines_end = 0;  // the empty line that ends the head
  uint16_t size = 0;       // bytes of the whole head from base, the empty line included
  uint16_t count = 0;      // header lines, dropped ones included
  uint8_t minor = 1;       // HTTP/1.<minor>
  BodyKind body = BodyKind::none;
  bool keep_alive = false;      // what the sender allows for its connection after this message
  uint64_t content_length = 0;  // for BodyKind::length (and the header's value on HEAD and 304)
  IdSet ids = 0;                // ids among the lines that are not dropped
  uint64_t dropped[kMaxHeaders / 64] = {};
  HeaderLine lines[kMaxHeaders];

  std::string_view text(Text part) const noexcept { return {base + part.at, part.size}; }
  std::string_view name(size_t line) const noexcept { return text(lines[line].name); }
  std::string_view value(size_t line) const noexcept { return text(lines[line].value); }
  bool is_dropped(size_t line) const noexcept { return dropped[line / 64] >> (line % 64) & 1; }
  bool has(HeaderId id) const noexcept { return contains(ids, id); }

  // The first line at or after `from` with this id (or name, in any case of letters) that is not
  // dropped; npos when there is none.
  size_t find(HeaderId id, size_t from = 0) const noexcept;
  size_t find(std::string_view name, size_t from = 0) const noexcept;
  // The value of the first such line; empty when there is none.
  std::string_view get(HeaderId id) const noexcept;
  std::string_view get(std::string_view name) const noexcept;

  void drop(size_t line) noexcept { dropped[line / 64] |= uint64_t{1} << (line % 64); }
  // Drops every line whose id is in the set.
  void drop_all(IdSet set) noexcept;
};

enum class Method : uint8_t { other, get, head, post, put, del, options, patch, trace };

enum class TargetForm : uint8_t { origin, absolute, asterisk };

struct RequestHead : HeaderBlock {
  Method method = Method::other;
  TargetForm form = TargetForm::origin;
  bool has_query = false;
  bool expect_continue = false;  // the client waits for 100 before it sends its body
  bool te_trailers = false;
  bool websocket = false;  // a GET in HTTP/1.1 without body that asks for Upgrade: websocket
  Text method_text;
  Text target;      // as received
  Text authority;   // the host that decides, as sent (case, port): the target's in absolute form,
                    // else Host's; empty in HTTP/1.0 without Host. Checked for its letters only.
  Text path_text;   // as received, not normalised; may be empty in absolute form
  Text query_text;  // behind the `?`

  std::string_view host() const noexcept { return text(authority); }
  std::string_view path() const noexcept {
    return path_text.size == 0 ? std::string_view("/") : text(path_text);
  }
  std::string_view query() const noexcept { return text(query_text); }

  // The peer is not a trusted proxy: its X-Forwarded-*, X-Real-IP and Forwarded are as if never
  // sent (U1). Call it before any middleware looks.
  void distrust_forwarded() noexcept {
    if (ids & kForwardedIds) drop_all(kForwardedIds);
  }
};

struct ResponseHead : HeaderBlock {
  uint16_t status = 0;
  Text reason;

  // 1xx but 101: another head of the same answer follows.
  bool is_interim() const noexcept { return status < 200 && status != 101; }
};

}  // namespace sluice::http
