// Host choice and route choice (SEMANTICS H2, H3, C1). Pure reads of a loaded table; nothing is
// allocated but by RE2 in its own caches. Both arguments are in normal form (normalize.h); other
// text is safe, and finds what its bytes say.
#pragma once

#include <string_view>

#include "runtime/table/table.h"

namespace sluice::table {

// Exact, else the longest wildcard (at one length `*.` before `**.`), else the host `*`, else
// nullptr.
const HostRecord* choose_host(const Table& table, std::string_view host);

// Exact, then regexes as written, then the longest prefix by whole segments; nullptr: no route,
// which is 404 and never another host's route.
const RouteRecord* choose_route(const Table& table, const HostRecord& host, std::string_view path);

struct Match {
  const HostRecord* host = nullptr;
  const RouteRecord* route = nullptr;  // null when host is
};
Match match(const Table& table, std::string_view host, std::string_view path);

// The certificate for a server name in normal form: the chosen host's, else one that covers the
// name, else kNone: the handshake fails (H4).
uint32_t choose_certificate(const Table& table, std::string_view server_name);

}  // namespace sluice::table
