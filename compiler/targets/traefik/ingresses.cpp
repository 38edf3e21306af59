// The site's routes as plain Ingresses, with Traefik's annotations: one object a rule, since
// priority and middlewares belong to the whole of an Ingress.
#include <algorithm>

#include "compiler/targets/traefik/units.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

const std::string kAnnotation = "traefik.ingress.kubernetes.io/router.";

struct Path {
  std::string text, type;
};

Path path_of(const plan::PathMatch& path) {
  return {path.text, path.kind == plan::PathKind::exact ? "Exact" : "Prefix"};
}

Yaml& ingress(Context& context, const std::string& name_space, const std::string& name, bool tls,
              int priority, const std::vector<std::string>& middlewares, Span at,
              std::string_view why = {}) {
  Yaml& body =
      context.out.add(Folder::site, "networking.k8s.io/v1", "Ingress", name_space, name, at, why);
  Yaml& annotations = body["metadata"]["annotations"];
  annotations[kAnnotation + "entrypoints"] = tls ? "websecure" : "web";
  if (tls) annotations[kAnnotation + "tls"] = "true";
  annotations[kAnnotation + "priority"] = std::to_string(priority);
  std::string list;
  for (const std::string& one : middlewares) {
    list += (list.empty() ? "" : ",") + name_space + "-" + one + "@kubernetescrd";
  }
  if (!list.empty()) annotations[kAnnotation + "middlewares"] = list;
  body["spec"]["ingressClassName"] = "traefik";
  return body;
}

void rule(Yaml& spec, const plan::Host& host, const Path& path, const Backend& to) {
  Yaml& one = spec["rules"].push(emit::map());
  if (host.pattern->kind != plan::HostKind::any) one["host"] = to_string(*host.pattern);
  Yaml& entry =
      one["http"]["paths"].push(emit::map({{"path", path.text}, {"pathType", path.type}}));
  entry["backend"]["service"]["name"] = to.name;
  entry["backend"]["service"]["port"]["number"] = to.port;
}

void tls_part(Context& context, Yaml& spec, const Unit& unit) {
  for (const plan::Host* host : unit.hosts) {
    std::string secret = secret_in(context, *host, unit.name_space);
    if (secret.empty()) continue;
    Yaml& one = spec["tls"].push(emit::map());
    one["hosts"] = emit::list({Yaml(to_string(*host->pattern))});
    one["secretName"] = secret;
  }
}

// Something must be named behind a Middleware that answers by itself: a Service that is there.
const Backend* stand_in(const std::vector<Unit>& all, const std::string& name_space) {
  for (const Unit& unit : all) {
    if (unit.name_space != name_space) continue;
    for (const Rule& one : unit.rules) {
      if (!one.backends.empty()) return &one.backends.front();
    }
  }
  return nullptr;  // the audit refused it
}

void carry(Context& context, const std::vector<Unit>& all, const Unit& unit) {
  for (const Rule& one : unit.rules) {
    const Backend* to =
        one.backends.empty() ? stand_in(all, unit.name_space) : &one.backends.front();
    if (to == nullptr) continue;
    std::string name = unit.name;
    if (unit.rules.size() > 1)
      name = one.route->object + (!unit.tls && unit.hosts.front()->tls ? "-http" : "");
    Path path = path_of(*one.route->path);
    Yaml& body =
        ingress(context, unit.name_space, name, unit.tls, one.priority, one.middlewares, unit.at);
    for (const plan::Host* host : unit.hosts) rule(body["spec"], *host, path, *to);
    if (unit.tls) tls_part(context, body["spec"], unit);
    if (!one.guarded) continue;
    Yaml& twin = ingress(context, unit.name_space, name + "-closed", unit.tls, one.priority - 1,
                         {closed(context, unit.name_space)}, unit.at,
                         "Traefik drops an Ingress whose Middleware or Secret is missing, and the "
                         "next one answers.\n"
                         "Here that next one lets nobody through.");
    for (const plan::Host* host : unit.hosts) rule(twin["spec"], *host, path, *to);
  }
}

// Routes of ours that must reach no Service, in the site's namespace.
void own(Context& context, const std::vector<Unit>& all, const std::string& name, bool tls,
         int priority, const std::vector<std::string>& middlewares,
         const std::vector<const plan::Host*>& hosts, const Path& path, const std::string& matcher,
         std::string_view why) {
  const Backend* to = stand_in(all, *context.plan.site.name_space);
  if (to == nullptr || hosts.empty()) return;
  Yaml& body = ingress(context, *context.plan.site.name_space, name, tls, priority, middlewares,
                       context.plan.site.target.at, why);
  if (!matcher.empty()) body["metadata"]["annotations"][kAnnotation + "pathmatcher"] = matcher;
  for (const plan::Host* host : hosts) rule(body["spec"], *host, path, *to);
}

void guards(Context& context, const std::vector<Unit>& all, bool tls) {
  const std::string& name_space = *context.plan.site.name_space;
  std::vector<const plan::Host*> hosts = on_entry_point(context.plan, tls);
  if (hosts.empty()) return;
  std::string suffix = !tls && !on_entry_point(context.plan, true).empty() ? "-http" : "";
  own(context, all, "sluice-guards" + suffix, tls, kGuardPriority,
      {refusal(context, name_space, 400)}, hosts, {"/\\.\\.?;", "ImplementationSpecific"},
      "PathRegexp",
      "`/..;/` is one path to a proxy and another to some applications: refused, as at every other "
      "site.");
  for (const Last& last : lasts(context, tls)) {
    own(context, all, dashed(*last.host->pattern) + "-last" + suffix, tls, last.priority,
        {refusal(context, name_space, 404)}, {last.host}, {"/", "Prefix"}, "",
        "No route of a wildcard answers for this host.");
  }
}

}  // namespace

void ingresses(Context& context) {
  std::vector<Unit> all = units(context, false);
  for (const Unit& unit : all) carry(context, all, unit);
  std::vector<ToHttps> groups = to_https_groups(context);
  for (size_t at = 0; at < groups.size(); ++at) {
    own(context, all, "sluice-to-https" + (at > 0 ? "-" + std::to_string(at + 1) : std::string()),
        false, groups[at].priority, groups[at].middlewares, groups[at].hosts, {"/", "Prefix"}, "",
        "Plain HTTP is sent to HTTPS; the routers of ACME solvers come before this one.");
  }
  guards(context, all, true);
  guards(context, all, false);
}

}  // namespace sluice::targets::traefik
