#include "compiler/targets/traefik/units.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <variant>

namespace sluice::targets::traefik {
namespace {

bool serves(const plan::Plan& plan, const plan::Host& host, bool tls) {
  if (tls) return host.tls.has_value() && has_listener(plan, plan::Scheme::https);
  return *host.plain_http == plan::PlainHttp::serve && has_listener(plan, plan::Scheme::http);
}

bool alike(const Rule& a, const Rule& b) {
  auto same_backend = [](const Backend& x, const Backend& y) {
    return x.name_space == y.name_space && x.name == y.name && x.port == y.port &&
           x.weight == y.weight;
  };
  return *a.route->path == *b.route->path && a.priority == b.priority &&
         a.middlewares == b.middlewares &&
         std::equal(a.backends.begin(), a.backends.end(), b.backends.begin(), b.backends.end(),
                    same_backend);
}

std::vector<Rule> rules_in(Context& context, size_t host_index, const std::string& name_space) {
  const plan::Host& host = context.plan.hosts[host_index];
  std::vector<Rule> result;
  for (size_t at = 0; at < host.routes.size(); ++at) {
    const plan::Route& route = host.routes[at];
    if (route.name_space != name_space) continue;
    Rule rule{&route,
              context.priorities[host_index].routes[at],
              chain(context, route, name_space),
              {},
              guarded(context.plan, route)};
    if (const auto* pool = std::get_if<plan::Pool>(&*route.to)) {
      rule.backends = backends(context, *pool, name_space);
    } else {
      own_answer(context, route, name_space, rule.middlewares);
    }
    result.push_back(std::move(rule));
  }
  return result;
}

std::vector<std::string> name_spaces(const plan::Host& host) {
  std::vector<std::string> result;
  for (const plan::Route& route : host.routes) {
    if (std::find(result.begin(), result.end(), route.name_space) == result.end())
      result.push_back(route.name_space);
  }
  return result;
}

}  // namespace

std::vector<Unit> units(Context& context, bool by_secret) {
  std::vector<Unit> result;
  const plan::Plan& plan = context.plan;
  // The units of one block of the source, in one namespace and on one entry point.
  std::map<std::tuple<std::string, std::string, bool>, std::vector<size_t>> of_block;
  auto key = [](const Unit& unit) {
    return std::make_tuple(unit.hosts.front()->group, unit.name_space, unit.tls);
  };
  for (size_t index = 0; index < plan.hosts.size(); ++index) {
    const plan::Host& host = plan.hosts[index];
    for (const std::string& name_space : name_spaces(host)) {
      for (bool tls : {true, false}) {
        if (!serves(plan, host, tls)) continue;
        Unit unit{host.group, name_space,
                  tls,        tls ? secret_in(context, host, name_space) : "",
                  {&host},    rules_in(context, index, name_space),
                  host.at};
        std::vector<size_t>& beside = of_block[key(unit)];
        auto same = std::find_if(beside.begin(), beside.end(), [&](size_t at) {
          const Unit& other = result[at];
          return (!by_secret || other.secret == unit.secret) &&
                 std::equal(other.rules.begin(), other.rules.end(), unit.rules.begin(),
                            unit.rules.end(), alike);
        });
        if (same != beside.end()) {
          result[*same].hosts.push_back(&host);
          continue;
        }
        beside.push_back(result.size());
        result.push_back(std::move(unit));
      }
    }
  }
  // The block's name where it names one unit, else the host's; the plain twin of a TLS host says
  // so.
  for (Unit& unit : result) {
    if (of_block[key(unit)].size() > 1) unit.name = dashed(*unit.hosts.front()->pattern);
    if (!unit.tls && unit.hosts.front()->tls) unit.name += "-http";
  }
  return result;
}

std::vector<ToHttps> to_https_groups(Context& context) {
  std::vector<ToHttps> result;
  const plan::Plan& plan = context.plan;
  if (!has_listener(plan, plan::Scheme::http)) return result;
  for (size_t index = 0; index < plan.hosts.size(); ++index) {
    const plan::Host& host = plan.hosts[index];
    if (!host.tls || *host.plain_http != plan::PlainHttp::redirect || host.routes.empty()) continue;
    ToHttps here{common_peers(context, host, *plan.site.name_space),
                 context.priorities[index].routes.front(),
                 {&host}};
    here.middlewares.push_back(to_https(context, *plan.site.name_space));
    auto same = std::find_if(result.begin(), result.end(), [&](const ToHttps& other) {
      return other.middlewares == here.middlewares && other.priority == here.priority;
    });
    if (same == result.end()) {
      result.push_back(std::move(here));
    } else {
      same->hosts.push_back(&host);
    }
  }
  return result;
}

std::vector<const plan::Host*> on_entry_point(const plan::Plan& plan, bool tls) {
  std::vector<const plan::Host*> result;
  for (const plan::Host& host : plan.hosts) {
    bool redirected = !tls && host.tls && *host.plain_http == plan::PlainHttp::redirect &&
                      has_listener(plan, plan::Scheme::http);
    if (redirected || serves(plan, host, tls)) result.push_back(&host);
  }
  return result;
}

std::vector<Last> lasts(const Context& context, bool tls) {
  std::vector<Last> result;
  std::vector<const plan::Host*> here = on_entry_point(context.plan, tls);
  std::vector<const plan::Host*> wildcards;
  std::copy_if(here.begin(), here.end(), std::back_inserter(wildcards),
               [](const plan::Host* host) { return host->pattern->kind != plan::HostKind::exact; });
  if (wildcards.empty()) return result;
  std::set<const plan::Host*> answers(here.begin(), here.end());
  for (size_t index = 0; index < context.plan.hosts.size(); ++index) {
    const plan::Host& host = context.plan.hosts[index];
    bool answered = answers.contains(&host);
    bool complete =
        answered &&
        std::any_of(host.routes.begin(), host.routes.end(), [](const plan::Route& route) {
          return route.path->kind == plan::PathKind::prefix && route.path->text == "/";
        });
    // A redirect takes every path but those of challenges.
    if (answered && !serves(context.plan, host, tls)) complete = true;
    if (complete) continue;
    bool covered = std::any_of(wildcards.begin(), wildcards.end(), [&](const plan::Host* other) {
      return covers(*other->pattern, *host.pattern);
    });
    if (covered) result.push_back({&host, context.priorities[index].last});
  }
  return result;
}

}  // namespace sluice::targets::traefik
