#include "compiler/sema/upstreams.h"

#include <fmt/format.h>

#include <numeric>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/check_schema.h"

namespace sluice::sema {
namespace {

// Written in the service, in the file, in the site, `default` (D18).
plan::Service full_service(Building& b, const ServiceName& service, uint32_t file) {
  plan::Service result{b.plan.site.name_space.peek(), service.name, service.port};
  model::Node statement = b.model.files[file].name_space;
  if (service.name_space) {
    result.name_space = *service.name_space;
  } else if (statement.statement != syntax::kNone) {
    Values values = b.list(statement);
    auto name = values.empty() ? std::nullopt : read_name(values.front(), b.diags);
    if (name) result.name_space = *name;
  }
  return result;
}

// What this site dials for a service: the Service itself, or its name as a DNS name (D29).
plan::Reach reach_of(Building& b, const plan::Service& service) {
  if (b.kubernetes()) return service;
  std::string host = service.name;
  if (b.plan.site.service_domain) host += '.' + b.plan.site.service_domain->peek();
  return std::vector<plan::Member>{{std::move(host), service.port, 1}};
}

// The upstream of that content, or the place of a new one.
std::pair<plan::UpstreamId, bool> known(Building& b, const std::string& identity) {
  auto [id, fresh] = b.upstreams.add(identity, static_cast<uint32_t>(b.plan.upstreams.size()));
  return {{id}, !fresh};
}

}  // namespace

plan::UpstreamId service_upstream(Building& b, const ServiceName& name, plan::Protocol protocol,
                                  uint32_t file, Span at) {
  plan::Service service = full_service(b, name, file);
  std::string identity = fmt::format("service {}/{}:{} {}", service.name_space, service.name,
                                     service.port, static_cast<int>(protocol));
  auto [id, done] = known(b, identity);
  if (done) return id;
  std::string wanted = fmt::format("{}-{}", service.name, service.port);
  if (service.name_space != b.plan.site.name_space.peek())
    wanted = service.name_space + '-' + wanted;
  plan::Reach reach = reach_of(b, service);
  b.plan.upstreams.push_back({b.upstream_names.given(wanted, identity),
                              {protocol, at},
                              {std::move(reach), at},
                              service,
                              {}});
  return id;
}

plan::UpstreamId address_upstream(Building& b, const Endpoint& endpoint, Span at) {
  const plan::Member& member = endpoint.member;
  std::string identity = fmt::format("address {} {} {}", member.host, member.port,
                                     static_cast<int>(endpoint.protocol));
  auto [id, done] = known(b, identity);
  if (done) return id;
  std::string wanted = member.port == 0 ? "unix" + dashed(member.host).insert(0, "-")
                                        : fmt::format("{}-{}", dashed(member.host), member.port);
  b.plan.upstreams.push_back({b.upstream_names.given(wanted, identity),
                              {endpoint.protocol, at},
                              {std::vector<plan::Member>{member}, at},
                              {},
                              {}});
  return id;
}

std::optional<plan::UpstreamId> named_upstream(Building& b, model::DeclarationId id,
                                               const std::string& written) {
  if (auto done = b.named_upstreams.find(id); done != b.named_upstreams.end())
    return plan::UpstreamId{done->second};
  const model::Declaration& declared = b.model.declarations[id];
  const syntax::Ast& ast = b.model.ast(declared.node);
  std::optional<plan::Service> service;
  std::optional<plan::Protocol> service_protocol, address_protocol;
  Span service_at, address_at;
  std::vector<plan::Member> members;
  size_t before = b.diags.errors();
  for (uint32_t child : syntax::children(ast, b.model[declared.node].first_child)) {
    model::Node node{declared.node.file, child};
    std::string_view word = word_of(ast, child);
    if (word == "service") {
      Words words = b.groups(node).front();
      auto value = words.next();
      auto name = value ? read_service(*value, b.diags) : std::nullopt;
      service_protocol = plan::Protocol::http;
      if (!words.done() && words.skip("https")) service_protocol = plan::Protocol::https;
      if (!words.done())
        b.wrong_arguments("service", "service [NAMESPACE/]NAME:PORT [https]", words.peek().whole);
      if (name) service = full_service(b, *name, node.file);
      service_at = b.model[node].span;
    } else if (word == "address") {
      if (!address_at.known()) address_at = b.model[node].span;
      for (Words& words : b.groups(node)) {
        Values values;
        words.next(values);
        uint32_t weight = 1;
        if (!words.done()) {
          bool said = words.skip("weight") && !words.done();
          auto number = said ? words.next() : std::nullopt;
          auto read = number ? read_int(*number, 1, 10000, b.diags) : std::nullopt;
          if (!said)
            b.wrong_arguments("address", "address HOST:PORT [weight N], …", b.model[node].span);
          weight = read.value_or(1);
        }
        for (const Value& value : values) {
          auto endpoint = read_endpoint(value, b.diags);
          if (!endpoint) continue;
          if (address_protocol && *address_protocol != endpoint->protocol) {
            wrong_type(value, "an address of the same protocol as the others", "", b.diags);
          }
          address_protocol = endpoint->protocol;
          endpoint->member.weight = weight;
          members.push_back(endpoint->member);
        }
      }
    }
  }
  if (b.diags.errors() != before || (!service && members.empty())) return {};
  bool dial_service = service && (b.kubernetes() || members.empty());
  plan::Reach reach = dial_service ? reach_of(b, *service) : plan::Reach(std::move(members));
  plan::Protocol protocol = dial_service ? *service_protocol : *address_protocol;
  Span at = dial_service ? service_at : address_at;
  const std::string identity = fmt::format("named {}", id);
  auto index = static_cast<uint32_t>(b.plan.upstreams.size());
  b.named_upstreams.emplace(id, index);
  b.plan.upstreams.push_back({b.upstream_names.given(dashed(written), identity),
                              {protocol, at},
                              {std::move(reach), at},
                              service,
                              plan::Name(written)});
  return plan::UpstreamId{index};
}

}  // namespace sluice::sema
