// Why a message was refused: one value a rule, with the status its client gets and a short reason
// for the log. A refused request is answered with `Connection: close` and nothing of it is
// forwarded; a refused response is a 502 to the client, whatever the status here says, and its
// connection is closed.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::http {

// X(value, status, reason)
#define SLUICE_HTTP_REFUSALS(X)                                                \
  X(none, 0, "")                                                               \
  /* lines */                                                                  \
  X(bare_lf, 400, "line ends in LF without CR")                                \
  X(bare_cr, 400, "CR without LF")                                             \
  X(empty_lines, 400, "more than one empty line before the request")           \
  X(head_too_large, 431, "request line and headers exceed the limit")          \
  X(too_many_headers, 431, "too many header lines")                            \
  /* the request line */                                                       \
  X(request_line_too_long, 414, "request line exceeds the limit")              \
  X(bad_request_line, 400, "request line is not `method target version`")      \
  X(bad_method, 400, "method is not a token of at most 32 letters")            \
  X(connect_method, 501, "CONNECT is not served")                              \
  X(bad_target, 400, "request target is malformed")                            \
  X(bad_version, 400, "version is malformed")                                  \
  X(unsupported_version, 505, "version is neither HTTP/1.1 nor HTTP/1.0")      \
  /* header lines */                                                           \
  X(folded_header, 400, "header line is folded")                               \
  X(space_before_colon, 400, "space between header name and colon")            \
  X(bad_header_name, 400, "header name is not a token")                        \
  X(missing_colon, 400, "header line has no colon")                            \
  X(bad_header_value, 400, "control character in a header value")              \
  X(missing_host, 400, "no Host")                                              \
  X(several_hosts, 400, "more than one Host")                                  \
  X(bad_host, 400, "Host is malformed")                                        \
  X(nominated_header, 400, "Connection names a header that is not hop-by-hop") \
  X(bad_connection, 400, "Connection is not a list of at most 32 tokens")      \
  X(bad_expectation, 417, "Expect is not 100-continue")                        \
  /* framing */                                                                \
  X(bad_content_length, 400, "Content-Length is not one decimal number")       \
  X(several_content_lengths, 400, "more than one Content-Length")              \
  X(length_and_chunked, 400, "Content-Length together with Transfer-Encoding") \
  X(several_transfer_encodings, 400, "more than one Transfer-Encoding")        \
  X(transfer_encoding_in_http10, 400, "Transfer-Encoding in HTTP/1.0")         \
  X(unsupported_transfer_encoding, 501, "Transfer-Encoding is not `chunked`")  \
  /* body */                                                                   \
  X(bad_chunk_size, 400, "chunk size is malformed")                            \
  X(bad_chunk_extension, 400, "chunk extension is malformed")                  \
  X(chunk_extensions_too_long, 400, "chunk extensions exceed the limit")       \
  X(bad_chunk_end, 400, "chunk data is not followed by CRLF")                  \
  X(bad_trailer, 400, "trailer line is malformed")                             \
  X(trailers_too_large, 431, "trailers exceed the limit")                      \
  X(body_too_large, 413, "body exceeds the limit")                             \
  /* responses only */                                                         \
  X(bad_status_line, 502, "status line is malformed")                          \
  X(unasked_switch, 502, "101 without an upgrade")

enum class Refusal : uint8_t {
#define SLUICE_HTTP_ENUM(value, status, reason) value,
  SLUICE_HTTP_REFUSALS(SLUICE_HTTP_ENUM)
#undef SLUICE_HTTP_ENUM
};

// The enumerator's own name, for logs and metrics: `bare_lf`.
std::string_view name_of(Refusal refusal) noexcept;
std::string_view reason_of(Refusal refusal) noexcept;
uint16_t status_of(Refusal refusal) noexcept;

}  // namespace sluice::http
