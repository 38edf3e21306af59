// The obvious matcher: SEMANTICS H1 to H3 and C1 read off the spec line by line, with no index and
// no thought of speed. What `match` is compared with.
#pragma once

#include <re2/re2.h>

#include <string>
#include <vector>

#include "runtime/table/spec.h"

namespace sluice::table::reference {

inline std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// Whether the pattern holds the name, and by how many labels; -1: it does not.
inline int holds(const HostSpec& host, const std::string& name) {
  if (host.kind == HostKind::any) return 0;
  if (host.kind == HostKind::exact) return name == host.name ? 1 << 20 : -1;
  const std::vector<std::string> labels = split(name, '.'), suffix = split(host.name, '.');
  if (labels.size() <= suffix.size()) return -1;
  const size_t free = labels.size() - suffix.size();
  if (host.kind == HostKind::one_label && free != 1) return -1;
  for (size_t i = 0; i < free; ++i) {
    if (labels[i].empty()) return -1;
  }
  for (size_t i = 0; i < suffix.size(); ++i) {
    if (labels[free + i] != suffix[i]) return -1;
  }
  return static_cast<int>(suffix.size()) * 2 + (host.kind == HostKind::one_label ? 1 : 0);
}

inline const HostSpec* host(const TableSpec& spec, const std::string& name) {
  const HostSpec* best = nullptr;
  int most = -1;
  for (const HostSpec& candidate : spec.hosts) {
    const int labels = holds(candidate, name);
    if (labels > most) most = labels, best = &candidate;
  }
  return best;
}

inline bool below(const std::string& path, const std::string& prefix) {
  const std::vector<std::string> segments = split(path, '/'), wanted = split(prefix, '/');
  if (prefix == "/") return true;
  if (segments.size() < wanted.size()) return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (segments[i] != wanted[i]) return false;
  }
  return true;
}

inline const RouteSpec* route(const HostSpec& host, const std::string& path) {
  for (const RouteSpec& r : host.routes) {
    if (r.path_kind == PathKind::exact && r.path == path) return &r;
  }
  for (const RouteSpec& r : host.routes) {
    if (r.path_kind == PathKind::regex && RE2::PartialMatch(path, r.path)) return &r;
  }
  const RouteSpec* best = nullptr;
  for (const RouteSpec& r : host.routes) {
    if (r.path_kind != PathKind::prefix || !below(path, r.path)) continue;
    if (best == nullptr || r.path.size() > best->path.size()) best = &r;
  }
  return best;
}

}  // namespace sluice::table::reference
