#include "runtime/table/match.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>

#include "runtime/table/name_index.h"
#include "runtime/table/normalize.h"

namespace sluice::table {
namespace {

constexpr size_t kScan = 8;  // up to so many routes a scan beats a search

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
}

TrieView host_trie(const Table& table) {
  return {table.host_labels(), table.host_label_slots(), table.strings().data(),
          table.meta().host_label_seed};
}

const RouteRecord* exact_route(const Table& table, std::span<const RouteRecord> routes,
                               std::string_view path) {
  if (routes.size() <= kScan) {
    for (const RouteRecord& route : routes) {
      if (same(table.text(route.path), path)) return &route;
    }
    return nullptr;
  }
  auto at = std::lower_bound(routes.begin(), routes.end(), path,
                             [&](const RouteRecord& route, std::string_view wanted) {
                               return path_order(table.text(route.path), wanted) < 0;
                             });
  return at != routes.end() && same(table.text(at->path), path) ? &*at : nullptr;
}

// In path_order all that lies below a prefix follows it at once, so the last prefix not behind
// `path` lies below the longest that holds it, and `above` leads there.
const RouteRecord* prefix_route(const Table& table, std::span<const RouteRecord> routes,
                                std::string_view path) {
  if (routes.size() <= kScan) {
    for (size_t i = routes.size(); i-- > 0;) {
      if (has_prefix(path, table.text(routes[i].path))) return &routes[i];
    }
    return nullptr;
  }
  auto behind = std::upper_bound(routes.begin(), routes.end(), path,
                                 [&](std::string_view wanted, const RouteRecord& route) {
                                   return path_order(wanted, table.text(route.path)) < 0;
                                 });
  if (behind == routes.begin()) return nullptr;
  const RouteRecord* route = &*(behind - 1);
  while (!has_prefix(path, table.text(route->path))) {
    if (route->above == kNone) return nullptr;
    route = &table.routes()[route->above];
  }
  return route;
}

}  // namespace

const HostRecord* choose_host(const Table& table, std::string_view host) {
  const std::span<const HostRecord> hosts = table.hosts();
  uint32_t id =
      find_slot(table.host_slots(), hash_name(host, table.meta().host_seed),
                [&](uint32_t candidate) { return same(table.text(hosts[candidate].name), host); });
  if (id == kNone && !table.host_labels().empty()) id = host_trie(table).longest(host);
  if (id == kNone) id = table.meta().any_host;
  return id == kNone ? nullptr : &hosts[id];
}

const RouteRecord* choose_route(const Table& table, const HostRecord& host, std::string_view path) {
  if (path.empty() || path[0] != '/') return nullptr;
  const std::span<const RouteRecord> routes = table.routes(host);
  if (const RouteRecord* route = exact_route(table, routes.first(host.exact), path)) return route;
  for (const RouteRecord& route : routes.subspan(host.exact, host.regex)) {
    const re2::StringPiece text(path.data(), path.size());
    if (table.regex(route).Match(text, 0, path.size(), re2::RE2::UNANCHORED, nullptr, 0))
      return &route;
  }
  return prefix_route(table, routes.subspan(host.exact + host.regex, host.prefix), path);
}

Match match(const Table& table, std::string_view host, std::string_view path) {
  const HostRecord* chosen = choose_host(table, host);
  return {chosen, chosen == nullptr ? nullptr : choose_route(table, *chosen, path)};
}

uint32_t choose_certificate(const Table& table, std::string_view server_name) {
  const HostRecord* host = choose_host(table, server_name);
  if (host != nullptr && host->certificate != kNone) return host->certificate;
  const std::span<const CertificateName> names = table.certificate_names();
  uint32_t id = find_slot(
      table.certificate_slots(), hash_name(server_name, table.meta().certificate_seed),
      [&](uint32_t candidate) { return same(table.text(names[candidate].name), server_name); });
  if (id == kNone && !table.certificate_labels().empty()) {
    const TrieView trie{table.certificate_labels(), table.certificate_label_slots(),
                        table.strings().data(), table.meta().certificate_label_seed};
    id = trie.longest(server_name);
  }
  return id == kNone ? kNone : names[id].certificate;
}

}  // namespace sluice::table
