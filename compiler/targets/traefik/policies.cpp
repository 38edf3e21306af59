#include <algorithm>
#include <variant>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

constexpr std::string_view kNobody = "255.255.255.255/32";  // no client has this address
constexpr std::string_view kKeyHeader = "X-Sluice-Limit";

std::string period(uint32_t seconds) { return seconds == 1 ? "1s" : seconds == 60 ? "1m" : "1h"; }

// A name beside the policy's own that no other policy has.
std::string beside(const plan::Plan& plan, const plan::Policy& policy, const std::string& suffix) {
  std::string name = policy.object + suffix;
  while (std::any_of(plan.policies.begin(), plan.policies.end(),
                     [&](const auto& p) { return p.object == name; })) {
    name += suffix;
  }
  return name;
}

// Appends the Middlewares of one policy to the list, making those that are not there yet.
struct Make {
  Context& context;
  const plan::Policy& policy;
  const std::string& name_space;
  std::vector<std::string>& list;

  // The spec of a new Middleware; nullptr when another route made it.
  Yaml* make(const std::string& name) const {
    list.push_back(name);
    if (context.out.has("Middleware", name_space, name)) return nullptr;
    return &middleware(context, name_space, name, policy.at);
  }
  // Behind an edge the client is the last address in X-Forwarded-For that is not the edge's.
  void by_client(Yaml& node) const {
    if (!context.trust.empty()) node["ipStrategy"]["excludedIPs"] = emit::list(context.trust);
  }

  void operator()(const plan::AllowPeers& allow) const {
    // Without ipStrategy Traefik asks the TCP peer, whatever headers say.
    if (Yaml* spec = make(policy.object))
      (*spec)["ipAllowList"]["sourceRange"] = emit::list(*allow.from);
  }
  void operator()(const plan::AllowIps& allow) const {
    Yaml* spec = make(policy.object);
    if (spec == nullptr) return;
    (*spec)["ipAllowList"]["sourceRange"] = emit::list(*allow.from);
    by_client((*spec)["ipAllowList"]);
  }
  void operator()(const plan::DenyIps& deny) const {
    Yaml* spec = make(policy.object);
    if (spec == nullptr) return;
    Yaml& ranges = (*spec)["ipAllowList"]["sourceRange"] = emit::list(complement(*deny.from));
    std::string denied;
    for (const plan::Cidr& range : *deny.from) denied += (denied.empty() ? "" : ", ") + range;
    ranges.comment("All but " + denied + ".");
    by_client((*spec)["ipAllowList"]);
  }
  void operator()(const plan::RateLimit& limit) const {
    bool constant = *limit.by == plan::LimitBy::everyone || *limit.by == plan::LimitBy::host;
    if (constant) key_header(beside(context.plan, policy, "-key"), "all");
    if (Yaml* spec = make(policy.object)) {
      Yaml& node = (*spec)["rateLimit"];
      node["average"] = *limit.count;
      node["period"] = period(*limit.period_seconds);
      node["burst"] = *limit.burst;
      if (*limit.by == plan::LimitBy::client_ip && !context.trust.empty())
        by_client(node["sourceCriterion"]);
      if (limit.header) node["sourceCriterion"]["requestHeaderName"] = **limit.header;
      if (constant) node["sourceCriterion"]["requestHeaderName"] = kKeyHeader;
    }
    if (constant) key_header(beside(context.plan, policy, "-unkey"), "");
  }
  void key_header(const std::string& name, std::string_view value) const {
    if (Yaml* spec = make(name)) (*spec)["headers"]["customRequestHeaders"][kKeyHeader] = value;
  }
  void operator()(const plan::BasicAuth& auth) const {
    Yaml* spec = make(policy.object);
    if (spec == nullptr) return;
    Yaml& node = (*spec)["basicAuth"];
    node["secret"] = context.plan[*auth.users].name;
    node["secret"].comment("One key with htpasswd lines, hashed by bcrypt, no comments.");
    node["realm"] = *auth.realm;
    node["removeHeader"] = true;
  }
  void edits(const std::string& name, const char* which,
             const std::vector<plan::Field<plan::HeaderEdit>>& all) const {
    if (all.empty()) return;
    Yaml* spec = make(name);
    if (spec == nullptr) return;
    Yaml& node = (*spec)["headers"][which];
    for (const auto& edit : all)
      node[edit->name] = edit->op == plan::EditOp::remove ? std::string() : edit->value;
  }
  void operator()(const plan::HeaderEdits& headers) const {
    bool both = !headers.response.empty();
    edits(both ? beside(context.plan, policy, "-request") : policy.object, "customRequestHeaders",
          headers.request);
  }
  void operator()(const plan::StripPrefix& strip) const {
    if (Yaml* spec = make(policy.object))
      (*spec)["stripPrefix"]["prefixes"] = emit::list({Yaml(*strip.prefix)});
  }
};

}  // namespace

Yaml& middleware(Context& context, const std::string& name_space, const std::string& name,
                 Span origin, std::string_view why) {
  return context.out.add(Folder::site, "traefik.io/v1alpha1", "Middleware", name_space, name,
                         origin, why)["spec"];
}

std::vector<std::string> chain(Context& context, const plan::Route& route,
                               const std::string& name_space) {
  std::vector<std::string> list;
  // Edits of the answer stand first, so that they cover the answers of everything after them.
  for (const auto& id : route.chain) {
    const plan::Policy& policy = context.plan[*id];
    const auto* headers = std::get_if<plan::HeaderEdits>(&policy.action);
    if (headers == nullptr) continue;
    Make{context, policy, name_space, list}.edits(policy.object, "customResponseHeaders",
                                                  headers->response);
  }
  for (const auto& id : route.chain) {
    const plan::Policy& policy = context.plan[*id];
    std::visit(Make{context, policy, name_space, list}, policy.action);
  }
  return list;
}

bool guarded(const plan::Plan& plan, const plan::Route& route) {
  return std::any_of(route.chain.begin(), route.chain.end(), [&](const auto& id) {
    return phase(plan[*id].action) < plan::Phase::request_headers;
  });
}

std::vector<std::string> common_peers(Context& context, const plan::Host& host,
                                      const std::string& name_space) {
  std::vector<std::string> list;
  if (host.routes.empty()) return list;
  for (const auto& id : host.routes.front().chain) {
    const plan::Policy& policy = context.plan[*id];
    if (!std::holds_alternative<plan::AllowPeers>(policy.action)) continue;
    bool everywhere =
        std::all_of(host.routes.begin(), host.routes.end(), [&](const plan::Route& route) {
          return std::any_of(route.chain.begin(), route.chain.end(),
                             [&](const auto& other) { return *other == *id; });
        });
    if (everywhere) std::visit(Make{context, policy, name_space, list}, policy.action);
  }
  return list;
}

std::string refusal(Context& context, const std::string& name_space, int status) {
  std::string name = "sluice-" + std::to_string(status);
  if (context.out.has("Middleware", name_space, name)) return name;
  Yaml& spec = middleware(
      context, name_space, name, context.plan.site.target.at,
      "Answers everybody with " + std::to_string(status) + ": no client has this address.");
  spec["ipAllowList"]["sourceRange"] = emit::list({Yaml(kNobody)});
  spec["ipAllowList"]["rejectStatusCode"] = status;
  return name;
}

std::string closed(Context& context, const std::string& name_space) {
  std::string name = "sluice-closed";
  if (context.out.has("Middleware", name_space, name)) return name;
  Yaml& spec = middleware(
      context, name_space, name, context.plan.site.target.at,
      "Lets nobody through: no client has this address. It stands behind each guarded route.");
  spec["ipAllowList"]["sourceRange"] = emit::list({Yaml(kNobody)});
  return name;
}

std::string to_https(Context& context, const std::string& name_space) {
  std::string name = "sluice-to-https";
  if (context.out.has("Middleware", name_space, name)) return name;
  Yaml& spec = middleware(context, name_space, name, context.plan.site.target.at);
  spec["redirectScheme"]["scheme"] = "https";
  spec["redirectScheme"]["permanent"] = true;
  if (uint16_t port = https_port(context.plan); port != 443 && port != 0) {
    spec["redirectScheme"]["port"] = std::to_string(port);
  }
  return name;
}

}  // namespace sluice::targets::traefik
