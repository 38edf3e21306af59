// Header names that the proxy or its common middleware looks at, as small numbers. A name is
// recognised once, while its line is parsed; from then on a header is found by one bit test.
// Invariant: fewer than 64 ids, so that a set of them is one word (IdSet).
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::http {

// X(id, "lower-case-name"). Order is free; a new line here is all that a new id needs.
#define SLUICE_HTTP_HEADERS(X)                              \
  X(host, "host")                                           \
  X(connection, "connection")                               \
  X(keep_alive, "keep-alive")                               \
  X(proxy_connection, "proxy-connection")                   \
  X(proxy_authenticate, "proxy-authenticate")               \
  X(proxy_authorization, "proxy-authorization")             \
  X(te, "te")                                               \
  X(trailer, "trailer")                                     \
  X(transfer_encoding, "transfer-encoding")                 \
  X(upgrade, "upgrade")                                     \
  X(content_length, "content-length")                       \
  X(expect, "expect")                                       \
  X(forwarded, "forwarded")                                 \
  X(x_forwarded_for, "x-forwarded-for")                     \
  X(x_forwarded_host, "x-forwarded-host")                   \
  X(x_forwarded_proto, "x-forwarded-proto")                 \
  X(x_real_ip, "x-real-ip")                                 \
  X(x_request_id, "x-request-id")                           \
  X(traceparent, "traceparent")                             \
  X(authorization, "authorization")                         \
  X(cookie, "cookie")                                       \
  X(set_cookie, "set-cookie")                               \
  X(origin, "origin")                                       \
  X(referer, "referer")                                     \
  X(user_agent, "user-agent")                               \
  X(accept, "accept")                                       \
  X(accept_encoding, "accept-encoding")                     \
  X(accept_language, "accept-language")                     \
  X(content_type, "content-type")                           \
  X(content_encoding, "content-encoding")                   \
  X(cache_control, "cache-control")                         \
  X(vary, "vary")                                           \
  X(etag, "etag")                                           \
  X(date, "date")                                           \
  X(server, "server")                                       \
  X(location, "location")                                   \
  X(last_modified, "last-modified")                         \
  X(if_none_match, "if-none-match")                         \
  X(if_modified_since, "if-modified-since")                 \
  X(range, "range")                                         \
  X(retry_after, "retry-after")                             \
  X(www_authenticate, "www-authenticate")                   \
  X(via, "via")                                             \
  X(x_powered_by, "x-powered-by")                           \
  X(strict_transport_security, "strict-transport-security") \
  X(content_security_policy, "content-security-policy")     \
  X(x_content_type_options, "x-content-type-options")       \
  X(x_frame_options, "x-frame-options")                     \
  X(x_xss_protection, "x-xss-protection")                   \
  X(referrer_policy, "referrer-policy")                     \
  X(permissions_policy, "permissions-policy")               \
  X(upgrade_insecure_requests, "upgrade-insecure-requests") \
  X(sec_websocket_key, "sec-websocket-key")

enum class HeaderId : uint8_t {
  other,              // any name not listed: compare by name
  x_forwarded_other,  // X-Forwarded-<anything not listed>
  with_underscore,    // a name with `_`; in requests such lines are dropped (M4.4)
#define SLUICE_HTTP_ENUM(id, name) id,
  SLUICE_HTTP_HEADERS(SLUICE_HTTP_ENUM)
#undef SLUICE_HTTP_ENUM
      count
};
static_assert(static_cast<unsigned>(HeaderId::count) <= 64);

using IdSet = uint64_t;

template <class... Ids>
constexpr IdSet id_set(Ids... ids) noexcept {
  return ((IdSet{1} << static_cast<unsigned>(ids)) | ... | IdSet{0});
}
constexpr bool contains(IdSet set, HeaderId id) noexcept {
  return (set >> static_cast<unsigned>(id)) & 1;
}
// An id that stands for exactly one name.
constexpr bool is_exact(HeaderId id) noexcept { return id > HeaderId::with_underscore; }

// Which id a name has, in any case of letters. `name` may hold any bytes.
HeaderId header_id(std::string_view name) noexcept;
// The lower-case name of an exact id; empty for the others.
std::string_view name_of(HeaderId id) noexcept;

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
bool is_token(std::string_view text) noexcept;
// What may stand in a header value: no control character but HTAB.
bool is_field_value(std::string_view text) noexcept;

// Never forwarded, in either direction (RFC 9110 7.6.1, M7.1).
constexpr IdSet kHopByHop =
    id_set(HeaderId::connection, HeaderId::keep_alive, HeaderId::proxy_connection,
           HeaderId::proxy_authenticate, HeaderId::proxy_authorization, HeaderId::te,
           HeaderId::trailer, HeaderId::transfer_encoding, HeaderId::upgrade);
// What only a trusted peer may say (U1).
constexpr IdSet kForwardedIds =
    id_set(HeaderId::forwarded, HeaderId::x_forwarded_for, HeaderId::x_forwarded_host,
           HeaderId::x_forwarded_proto, HeaderId::x_forwarded_other, HeaderId::x_real_ip);

}  // namespace sluice::http
