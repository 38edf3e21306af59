// What an upstream is told of the client (SEMANTICS U1, M4.3, M4.4, M7.1, R2). Pure; nothing is
// allocated.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/table/client.h"

namespace sluice::table {

// What becomes of a client's header on its way to the upstream, before the route's own edits.
enum class Passing : uint8_t {
  pass,
  drop,     // hop-by-hop, a name with `_`, X-Forwarded-Prefix, or forged by a stranger
  replace,  // X-Forwarded-For, -Proto, -Host of a trusted peer: goes into the value that we write
};
// Names that the request's Connection lines nominate are the caller's to drop as well, but for
// those that `may_be_nominated` keeps.
Passing passing(std::string_view name, bool trusted_peer);

// A Connection line that names Host, X-Forwarded-*, Authorization or Cookie is refused with 400
// (M7.1).
bool may_be_nominated(std::string_view name);

bool equal_ignoring_case(std::string_view a, std::string_view b);

// X-Forwarded-For: the peer, after the list of a trusted one. Gives its length, or 0 when the
// buffer is too small (the sum of the lines, two bytes each, and kAddressText are enough).
size_t write_forwarded_for(bool trusted_peer, std::span<const std::string_view> received,
                           const Address& peer, std::span<char> buffer);

}  // namespace sluice::table
