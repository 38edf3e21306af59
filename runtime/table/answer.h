// The pieces of an answer that the table decides, for `evaluate` and for sluiced alike: which
// guards let a request through, when plain HTTP is sent to HTTPS, what a redirect says. Pure;
// nothing is allocated.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/table/client.h"
#include "runtime/table/table.h"

namespace sluice::table {

// Step 1 of D32, and step 3. A client without an address is refused by every list.
bool peers_allow(const Table& table, const ChainRecord& chain, const Address& peer);
bool clients_allow(const Table& table, const ChainRecord& chain, const Client& client);

// What a host does with a request that did not come over HTTPS, before anything but allow_peers.
enum class Plain : uint8_t {
  serve,
  redirect,  // to HTTPS: 301 for GET, else 308; without the route's answer headers
  acme,      // a challenge path: the ACME answer, else 404
  refuse,    // 404, as if no such host were there
};
// `route` may be null. `secure`: over TLS, or an edge that ended TLS says so (scheme_is_https).
Plain plain_http(const Table& table, const HostRecord& host, const RouteRecord* route, bool secure,
                 std::string_view normal_path);

// Whether the request counts as HTTPS: its listener ended TLS, or a trusted peer in front of a site
// whose edge ended TLS says `X-Forwarded-Proto: https`.
bool scheme_is_https(const Table& table, Scheme listener, bool trusted_peer,
                     std::string_view forwarded_proto);

// 301/308 and 302/307 by method for permanent and temporary, else the exact code (D1, D2).
uint16_t redirect_status(RedirectKind kind, uint16_t code, std::string_view method);

struct LocationInput {
  bool https = false;             // scheme_is_https
  std::string_view host;          // as sent, with its port
  std::string_view path;          // normal, after strip_prefix
  std::string_view matched_path;  // normal, before it
  std::string_view query;         // raw with `?`, or empty
};
// The Location of a redirect route (D3, D25). Gives its length, or 0 when the buffer is too small.
size_t write_location(const Table& table, const RouteRecord& route, const LocationInput& in,
                      std::span<char> buffer);
// The Location of the redirect to HTTPS: same host, the site's HTTPS port where it is not 443.
size_t write_https_location(const Table& table, const LocationInput& in, std::span<char> buffer);

}  // namespace sluice::table
