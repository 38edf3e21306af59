#include <algorithm>
#include <numeric>
#include <tuple>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {
namespace {

using plan::HostKind;

// 88, 86, …, 2, -2, -4, …: never 0, which Traefik reads as "by the length of the rule", nor for the
// twin.
int at_level(int level) {
  int priority = kGuardPriority - 2 * (level + 1);
  return priority > 0 ? priority : priority - 2;
}

bool below(const std::string& name, const std::string& zone) {
  return name.size() > zone.size() + 1 && name.ends_with(zone) &&
         name[name.size() - zone.size() - 1] == '.';
}

}  // namespace

bool covers(const plan::HostPattern& outer, const plan::HostPattern& inner) {
  if (outer.kind == HostKind::any) return inner.kind != HostKind::any;
  if (outer.kind == HostKind::exact || inner.kind == HostKind::any) return false;
  if (outer.kind == HostKind::one_label) {
    if (inner.kind != HostKind::exact || !below(inner.name, outer.name)) return false;
    return inner.name.find('.') == inner.name.size() - outer.name.size() - 1;
  }
  if (inner.kind == HostKind::exact) return below(inner.name, outer.name);
  bool same = inner.name == outer.name && inner.kind == HostKind::one_label;
  return same || below(inner.name, outer.name);
}

std::vector<Priorities> priorities(const plan::Plan& plan) {
  // The more telling pattern first, so that whatever a pattern covers has its place already.
  std::vector<size_t> order(plan.hosts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    auto key = [&](size_t i) {
      const plan::HostPattern& pattern = *plan.hosts[i].pattern;
      int kind = pattern.kind == HostKind::exact ? 0 : pattern.kind == HostKind::any ? 2 : 1;
      return std::make_tuple(kind, -static_cast<long>(pattern.name.size()), pattern.kind);
    };
    return key(a) < key(b);
  });
  std::vector<Priorities> result(plan.hosts.size());
  std::vector<int> end(plan.hosts.size());  // the first level below the host's own
  for (size_t at = 0; at < order.size(); ++at) {
    const plan::Host& host = plan.hosts[order[at]];
    int level = 0;
    if (host.pattern->kind != HostKind::exact) {
      for (size_t before = 0; before < at; ++before) {
        if (!covers(*host.pattern, *plan.hosts[order[before]].pattern)) continue;
        level = std::max(level, end[order[before]]);
      }
    }
    for (size_t i = 0; i < host.routes.size(); ++i)
      result[order[at]].routes.push_back(at_level(level++));
    result[order[at]].last = at_level(level++);
    end[order[at]] = level;
  }
  return result;
}

}  // namespace sluice::targets::traefik
