// Small tables in few words, for the tests of runtime/table.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "runtime/table/build.h"
#include "runtime/table/table.h"

namespace sluice::table {

// A loaded table together with its bytes.
struct Loaded {
  std::string bytes;
  Table table;
};
inline Loaded load(const TableSpec& spec) {
  std::string bytes = build(spec);
  Result<Table> table = Table::load(bytes);
  if (!table) ADD_FAILURE() << table.error().message;
  return {std::move(bytes), std::move(*table)};
}

// A route that answers with its own name, so that a test sees which one was taken.
inline RouteSpec route(PathKind kind, std::string path) {
  RouteSpec spec;
  spec.path_kind = kind;
  spec.object = path;
  spec.path = std::move(path);
  spec.answer = AnswerKind::respond;
  return spec;
}
inline RouteSpec exact(std::string path) { return route(PathKind::exact, std::move(path)); }
inline RouteSpec regex(std::string path) { return route(PathKind::regex, std::move(path)); }
inline RouteSpec prefix(std::string path) { return route(PathKind::prefix, std::move(path)); }
inline RouteSpec to(RouteSpec spec, uint32_t upstream) {
  spec.answer = AnswerKind::pool;
  spec.pool = {{upstream, 10000}};
  return spec;
}
inline RouteSpec with(RouteSpec spec, std::vector<uint32_t> chain) {
  spec.chain = std::move(chain);
  return spec;
}

// "a.x", "*.x", "**.x", "*".
inline HostSpec host(const std::string& pattern, std::vector<RouteSpec> routes = {prefix("/")}) {
  HostSpec spec;
  spec.object = pattern;
  spec.name = pattern;
  if (pattern == "*") {
    spec.kind = HostKind::any, spec.name = "";
  } else if (pattern.starts_with("**.")) {
    spec.kind = HostKind::any_depth, spec.name = pattern.substr(3);
  } else if (pattern.starts_with("*.")) {
    spec.kind = HostKind::one_label, spec.name = pattern.substr(2);
  }
  spec.routes = std::move(routes);
  return spec;
}

}  // namespace sluice::table
