// Writes heads into a buffer of the caller, in one pass over the parsed head: lines that nothing
// touches are copied as whole runs, the start line with them when it stays as it is.
// Every function gives back the number of bytes written, or 0 when the buffer was too small (then
// its content is undefined); head.size + kHeadRoom + the edits' size() + the extra lines is enough.
#pragma once

#include <span>
#include <string_view>

#include "runtime/http/edits.h"
#include "runtime/http/head.h"

namespace sluice::http {

constexpr size_t kHeadRoom = 512;

// A line that is known only now. Its bytes must come from a parsed head or have been checked by
// is_token and is_field_value: a line that fails them is not written.
struct ExtraLine {
  HeaderId id = {};
  std::string_view name = {};
  std::string_view value = {};
  EditOp op = EditOp::set;  // set or add
};

using Edits = std::span<const EditList* const>;  // applied in order; later ones win

// What an upstream is told about the client's side (U1, M4.3).
struct Forwarded {
  std::string_view peer =
      {};  // the address that the connection comes from; empty: write none of them
  std::string_view proto = {};  // "http" or "https"
  bool trusted = false;  // the peer is a trusted proxy: its list is kept and the peer appended,
                         // its Proto and Host stand; else everything it said is dropped
};

struct RequestChanges {
  std::string_view method = {};  // empty: as received
  std::string_view target = {};  // empty: as received (then in origin form)
  std::string_view host = {};    // empty: the host that decided, as sent
  Forwarded forwarded = {};
  Edits edits = {};
  std::span<const ExtraLine> extra = {};
  bool without_body = false;  // no body will be sent: leave out its framing (forward auth)
  bool websocket = false;     // ask for the upgrade (only when head.websocket)
  bool close = false;         // the connection will not be kept: `Connection: close`
};

// The head for an upstream: always HTTP/1.1. Expect is left out (100 is ours to answer). A chunked
// body stays chunked, one with a length keeps its line.
size_t write_request_head(const RequestHead& head, const RequestChanges& changes,
                          std::span<char> out) noexcept;

// How the answer's body goes to the client, and whether the client's connection lives on.
struct Framing {
  BodyKind body = BodyKind::none;
  bool keep_alive = false;
};
// `may_keep`: our own side would keep it (not draining, the request's body was read to its end).
Framing frame_response(const RequestHead& request, const ResponseHead& response,
                       bool may_keep) noexcept;

// Whether the upstream's connection can serve another request after this answer, given that the
// answer was read to its end and the request was sent to its end.
bool upstream_reusable(const ResponseHead& response) noexcept;

struct ResponseChanges {
  Framing framing = {};
  uint8_t client_minor = 1;  // the request's: HTTP/1.0 clients are told keep-alive
  Edits edits = {};
  std::span<const ExtraLine> extra = {};
};
// The head for the client: always HTTP/1.1. Also writes 101 and the other 1xx heads, which take no
// framing.
size_t write_response_head(const ResponseHead& head, const ResponseChanges& changes,
                           std::span<char> out) noexcept;

// An answer that the proxy makes itself, head and body.
struct OwnResponse {
  uint16_t status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string_view body = {};
  std::string_view date = {};  // from DateCache; empty: no Date
  bool head_only = false;      // the request was HEAD: Content-Length without the body
  bool keep_alive = true;
  uint8_t client_minor = 1;
  Edits edits = {};
  std::span<const ExtraLine> extra = {};
};
size_t write_own_response(const OwnResponse& response, std::span<char> out) noexcept;

// The plain answer to an error: `<status> <reason>\n` as text. One body an error, nothing
// reflected.
OwnResponse error_response(uint16_t status, std::string_view date) noexcept;

std::string_view status_text(uint16_t status) noexcept;  // "Not Found"; "" for unknown ones
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace sluice::http
