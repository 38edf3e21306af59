#include <algorithm>
#include <numeric>
#include <variant>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

bool is_v6(const plan::Member& member) { return member.host.find(':') != std::string::npos; }
bool is_address(const plan::Member& member) {
  return is_v6(member) || member.host.find_first_not_of("0123456789.") == std::string::npos;
}

// A Service's name begins with a letter, whatever an address begins with.
std::string service_name(const std::string& object) {
  bool letter = object.front() >= 'a' && object.front() <= 'z';
  return letter ? object : "to-" + object;
}

Yaml& service(Context& context, const std::string& name_space, const std::string& name,
              uint16_t port, Span origin) {
  Yaml& spec = context.out.add(Folder::site, "v1", "Service", name_space, name, origin)["spec"];
  Yaml& entry = spec["ports"].push(emit::map({{"name", "http"}}));
  entry["port"] = port;
  return spec;
}

void slice(Context& context, const std::string& name_space, const std::string& of, bool v6,
           uint16_t port, const std::vector<plan::Member>& members, Span origin) {
  std::string name = of + (v6 ? "-v6" : "");
  Yaml& body = context.out.add(Folder::site, "discovery.k8s.io/v1", "EndpointSlice", name_space,
                               name, origin);
  body["metadata"]["labels"]["kubernetes.io/service-name"] = of;
  body["addressType"] = v6 ? "IPv6" : "IPv4";
  for (const plan::Member& member : members) {
    if (is_v6(member) != v6) continue;
    Yaml& endpoint = body["endpoints"].push(emit::map());
    endpoint["addresses"] = emit::list({Yaml(member.host)});
    endpoint["conditions"]["ready"] = true;
  }
  Yaml& entry = body["ports"].push(emit::map({{"name", "http"}}));
  entry["port"] = port;
  entry["protocol"] = "TCP";
}

// One Service for addresses that share port and weight.
void addresses(Context& context, const std::string& name_space, const std::string& name,
               const std::vector<plan::Member>& members, Span origin) {
  if (context.out.has("Service", name_space, name)) return;
  Yaml& spec = service(context, name_space, name, members.front().port, origin);
  if (!is_address(members.front())) {
    spec["type"] = "ExternalName";
    spec["externalName"] = members.front().host;
    return;
  }
  for (bool v6 : {false, true}) {
    bool some = std::any_of(members.begin(), members.end(),
                            [&](const auto& member) { return is_v6(member) == v6; });
    if (some) slice(context, name_space, name, v6, members.front().port, members, origin);
  }
}

// Members that one Service can hold together: addresses with one port and one weight; a name stands
// alone.
std::vector<std::vector<plan::Member>> together(const std::vector<plan::Member>& members) {
  std::vector<std::vector<plan::Member>> groups;
  for (const plan::Member& member : members) {
    auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      const plan::Member& first = group.front();
      return is_address(first) && is_address(member) && first.port == member.port &&
             first.weight == member.weight;
    });
    if (same == groups.end()) {
      groups.push_back({member});
    } else {
      same->push_back(member);
    }
  }
  return groups;
}

std::string transport(Context& context, const std::string& name_space, const std::string& name,
                      const std::string& server_name, Span origin) {
  if (!context.out.has("ServersTransport", name_space, name)) {
    context.out.add(Folder::site, "traefik.io/v1alpha1", "ServersTransport", name_space, name,
                    origin)["spec"]["serverName"] = server_name;
  }
  return name;
}

struct Part {
  Backend backend;
  uint64_t weight;
};

std::vector<Part> parts(Context& context, const plan::Upstream& upstream,
                        const std::string& name_space) {
  bool https = *upstream.protocol == plan::Protocol::https;
  Span origin = upstream.reach.at;
  if (const auto* to = std::get_if<plan::Service>(&*upstream.reach)) {
    Backend backend{to->name_space, to->name, to->port, 1, https, {}};
    if (https) {
      backend.transport = transport(context, name_space, upstream.object,
                                    to->name + "." + to->name_space + ".svc", origin);
    }
    return {{backend, 1}};
  }
  std::vector<Part> result;
  auto groups = together(std::get<std::vector<plan::Member>>(*upstream.reach));
  for (size_t at = 0; at < groups.size(); ++at) {
    const plan::Member& first = groups[at].front();
    std::string name = service_name(upstream.object);
    if (groups.size() > 1) name += "-" + std::to_string(at + 1);
    addresses(context, name_space, name, groups[at], origin);
    Backend backend{name_space, name, first.port, 1, https, {}};
    if (https && !is_address(first))
      backend.transport = transport(context, name_space, name, first.host, origin);
    result.push_back({backend, uint64_t{first.weight} * groups[at].size()});
  }
  return result;
}

}  // namespace

std::vector<Backend> backends(Context& context, const plan::Pool& pool,
                              const std::string& name_space) {
  std::vector<std::vector<Part>> all;
  uint64_t common = 1;
  for (const plan::Share& share : pool.shares) {
    all.push_back(parts(context, context.plan[*share.upstream], name_space));
    uint64_t sum = 0;
    for (const Part& part : all.back()) sum += part.weight;
    common = std::lcm(common, std::max<uint64_t>(sum, 1));
  }
  std::vector<Backend> result;
  uint64_t divisor = 0;
  for (size_t at = 0; at < pool.shares.size(); ++at) {
    uint64_t sum = 0;
    for (const Part& part : all[at]) sum += part.weight;
    for (const Part& part : all[at]) {
      uint64_t weight =
          *pool.shares[at].weight * part.weight * (common / std::max<uint64_t>(sum, 1));
      if (weight == 0) continue;
      divisor = std::gcd(divisor, weight);
      result.push_back(part.backend);
      result.back().weight = weight;
    }
  }
  for (Backend& backend : result) backend.weight /= divisor;
  return result;
}

bool dials_names(const plan::Plan& plan) {
  for (const plan::Upstream& upstream : plan.upstreams) {
    const auto* members = std::get_if<std::vector<plan::Member>>(&*upstream.reach);
    if (members == nullptr) continue;
    if (!std::all_of(members->begin(), members->end(), is_address)) return true;
  }
  return false;
}

bool crosses_namespaces(const plan::Plan& plan) {
  for (const plan::Host& host : plan.hosts) {
    for (const plan::Route& route : host.routes) {
      const auto* pool = std::get_if<plan::Pool>(&*route.to);
      if (pool == nullptr) continue;
      for (const plan::Share& share : pool->shares) {
        const auto* to = std::get_if<plan::Service>(&*plan[*share.upstream].reach);
        if (to != nullptr && to->name_space != route.name_space) return true;
      }
    }
  }
  return false;
}

}  // namespace sluice::targets::traefik
