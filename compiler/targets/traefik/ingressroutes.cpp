// The site's routes as IngressRoutes, and beside them what guards them.
#include <algorithm>

#include "compiler/targets/traefik/units.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

constexpr std::string_view kApi = "traefik.io/v1alpha1";
constexpr size_t kHostsPerRule = 100;

// `A`, `(A || B)`, then ` && rest`; many hosts stand one a line.
Yaml match(const Context& context, const std::vector<const plan::Host*>& hosts,
           const std::string& rest) {
  std::vector<std::string> parts;
  for (const plan::Host* host : hosts) {
    std::string part = host_match(*host->pattern);
    // Where `*` serves all other hosts, `h.` is one of them: then no guard can answer for it.
    if (host->pattern->kind == plan::HostKind::exact && context.any_host)
      part = "(" + part + " && !HostRegexp(`\\.$`))";
    parts.push_back(std::move(part));
  }
  bool paren = parts.size() > 1 && !rest.empty();
  std::vector<std::string> lines;
  std::string line = paren ? "(" : "";
  for (size_t at = 0; at < parts.size(); ++at) {
    line += parts[at];
    if (at + 1 < parts.size()) line += " ||";
    if (parts.size() > 2) {
      lines.push_back(line);
      line.clear();
    } else if (at + 1 < parts.size()) {
      line += ' ';
    }
  }
  if (!lines.empty()) {
    line = lines.back();
    lines.pop_back();
  }
  if (paren) line += ")";
  if (!rest.empty()) line += " && " + rest;
  lines.push_back(line);
  return emit::folded(lines);
}

Yaml noop() {
  return emit::list({emit::map({{"kind", "TraefikService"}, {"name", "noop@internal"}})});
}

Yaml services(const Unit& unit, const Rule& rule) {
  if (rule.backends.empty()) return noop();
  Yaml result;
  for (const Backend& backend : rule.backends) {
    Yaml& one = result.push(emit::map({{"name", backend.name}}));
    if (backend.name_space != unit.name_space) one["namespace"] = backend.name_space;
    one["port"] = backend.port;
    one["scheme"] = backend.https ? "https" : "http";
    if (!backend.transport.empty()) one["serversTransport"] = backend.transport;
    if (rule.backends.size() > 1) one["weight"] = backend.weight;
  }
  return result;
}

Yaml& router(Yaml& spec, Yaml match, int priority, const std::vector<std::string>& middlewares,
             Yaml to) {
  Yaml& route = spec["routes"].push(emit::map({{"match", std::move(match)}, {"kind", "Rule"}}));
  route["priority"] = priority;
  for (const std::string& name : middlewares)
    route["middlewares"].push(emit::map({{"name", name}}));
  route["services"] = std::move(to);
  return route;
}

Yaml& ingress_route(Context& context, const std::string& name_space, const std::string& name,
                    bool tls, Span at, std::string_view why = {}) {
  Yaml& spec =
      context.out.add(Folder::site, kApi, "IngressRoute", name_space, name, at, why)["spec"];
  spec["entryPoints"] = emit::flow({tls ? "websecure" : "web"});
  return spec;
}

void carry(Context& context, const Unit& unit) {
  Yaml& spec = ingress_route(context, unit.name_space, unit.name, unit.tls, unit.at);
  for (const Rule& rule : unit.rules) {
    router(spec, match(context, unit.hosts, path_match(*rule.route->path)), rule.priority,
           rule.middlewares, services(unit, rule));
  }
  if (!unit.tls) return;
  spec["tls"] = emit::map();
  if (!unit.secret.empty()) spec["tls"]["secretName"] = unit.secret;
}

// The twin of a guarded route: the same match, one priority lower, and nobody passes.
void close(Context& context, const Unit& unit) {
  if (std::none_of(unit.rules.begin(), unit.rules.end(),
                   [](const Rule& rule) { return rule.guarded; }))
    return;
  std::string name = closed(context, unit.name_space);
  Yaml& spec = ingress_route(
      context, unit.name_space, unit.name + "-closed", unit.tls, unit.at,
      "Traefik drops a route whose Middleware or Secret is missing, and the next one answers.\n"
      "Here that next one lets nobody through.");
  for (const Rule& rule : unit.rules) {
    if (!rule.guarded) continue;
    router(spec, match(context, unit.hosts, path_match(*rule.route->path)), rule.priority - 1,
           {name}, noop());
  }
  if (unit.tls) spec["tls"] = emit::map();
}

template <class F>
void in_slices(const std::vector<const plan::Host*>& hosts, F&& each) {
  for (size_t at = 0; at < hosts.size(); at += kHostsPerRule) {
    each(std::vector<const plan::Host*>(
        hosts.begin() + static_cast<long>(at),
        hosts.begin() + static_cast<long>(std::min(hosts.size(), at + kHostsPerRule))));
  }
}

void guards(Context& context, bool tls) {
  const plan::Plan& plan = context.plan;
  std::vector<const plan::Host*> all = on_entry_point(plan, tls);
  if (all.empty()) return;
  const std::string& name_space = *plan.site.name_space;
  bool both = !tls && !on_entry_point(plan, true).empty();
  Yaml& spec = ingress_route(
      context, name_space, both ? "sluice-guards-http" : "sluice-guards", tls, plan.site.target.at,
      "What Traefik needs to answer as every other site does; these routes reach no Service.");
  std::vector<const plan::Host*> exact;
  std::copy_if(all.begin(), all.end(), std::back_inserter(exact),
               [](const plan::Host* host) { return host->pattern->kind == plan::HostKind::exact; });
  in_slices(all, [&](const auto& hosts) {
    Yaml& one = router(spec, match(context, hosts, "PathRegexp(`/\\.\\.?;`)"), kGuardPriority,
                       {refusal(context, name_space, 400)}, noop());
    one["match"].comment("`/..;/` is one path to a proxy and another to some applications.");
  });
  if (!context.any_host) {
    in_slices(exact, [&](const auto& hosts) {
      Yaml& one = router(spec, match(context, hosts, "HostRegexp(`\\.$`)"), kGuardPriority,
                         {refusal(context, name_space, 404)}, noop());
      one["match"].comment("A name with a final dot is another host.");
    });
  }
  for (const Last& last : lasts(context, tls)) {
    Yaml& one = router(spec, match(context, {last.host}, ""), last.priority,
                       {refusal(context, name_space, 404)}, noop());
    one["match"].comment("No route of a wildcard answers for this host.");
  }
  if (tls) spec["tls"] = emit::map();
}

void redirects(Context& context) {
  std::vector<ToHttps> groups = to_https_groups(context);
  if (groups.empty()) return;
  Yaml& spec = ingress_route(context, *context.plan.site.name_space, "sluice-to-https", false,
                             context.plan.site.target.at,
                             "Plain HTTP is sent to HTTPS; the challenges of a CA are not.");
  for (const ToHttps& group : groups) {
    in_slices(group.hosts, [&](const auto& hosts) {
      router(spec, match(context, hosts, "!PathPrefix(`/.well-known/acme-challenge/`)"),
             group.priority, group.middlewares, noop());
    });
  }
}

}  // namespace

void ingress_routes(Context& context) {
  for (const Unit& unit : units(context, true)) {
    close(context, unit);
    carry(context, unit);
  }
  redirects(context);
  guards(context, true);
  guards(context, false);
}

}  // namespace sluice::targets::traefik
