// Limits of value that no row of the capability table can say.
#include <algorithm>
#include <variant>

#include "compiler/diag/catalog.gen.h"
#include "compiler/targets/traefik/context.h"
#include "compiler/targets/traefik/traefik.h"

namespace sluice::targets::traefik {
namespace {

bool loopback(const std::string& host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1";
}

void check_upstream(const plan::Upstream& upstream, const Options& options, diag::Sink& diags) {
  bool https = upstream.protocol.peek() == plan::Protocol::https;
  if (options.ingress && https) {
    diags.emit(diag::IngressNoHttpsUpstream{.upstream = upstream.object}, upstream.protocol.at);
  }
  const auto* members = std::get_if<std::vector<plan::Member>>(&upstream.reach.peek());
  if (members == nullptr) return;
  for (const plan::Member& member : *members) {
    if (member.port == 0 || loopback(member.host)) {
      diags.emit(diag::AddressNotOfCluster{.address = member.host}, upstream.reach.at);
      return;
    }
  }
  if (options.ingress && members->size() > 1) {
    for (const plan::Member& member : *members) {
      bool same = member.port == members->front().port && member.weight == members->front().weight;
      if (same) continue;
      diags.emit(diag::IngressOneBackend{.upstream = upstream.object}, upstream.reach.at);
      return;
    }
  }
}

void check_redirect(const plan::Route& route, diag::Sink& diags) {
  const auto* redirect = std::get_if<plan::Redirect>(&route.to.peek());
  if (redirect == nullptr || redirect->kind.peek() != plan::RedirectKind::exact) return;
  bool fixed =
      !redirect->keep_path.peek() && !redirect->keep_rest.peek() && !redirect->keep_query.peek();
  if (fixed && !redirect->location.peek().starts_with("/")) return;
  diags.emit(diag::RedirectCodeNeedsFixedUrl{.code = std::to_string(redirect->code.peek())},
             redirect->code.at);
}

void check_ports(const plan::Plan& plan, const Options& options, diag::Sink& diags) {
  if (options.host_network) return;
  auto node_port = [](const plan::Listener& listener) {
    return listener.port.peek() >= 30000 && listener.port.peek() <= 32767;
  };
  if (std::none_of(plan.listeners.begin(), plan.listeners.end(), node_port)) return;
  for (const plan::Listener& listener : plan.listeners) {
    if (node_port(listener)) continue;
    diags.emit(diag::NodePortBesideOther{.port = std::to_string(listener.port.peek())},
               listener.port.at);
  }
}

void check_issuers(const plan::Plan& plan, diag::Sink& diags) {
  for (const plan::Issuer& issuer : plan.issuers) {
    const auto* acme = std::get_if<plan::Acme>(&issuer.kind.peek());
    if (acme == nullptr || acme->challenge.peek().kind != plan::ChallengeKind::dns01) continue;
    const plan::Challenge& challenge = acme->challenge.peek();
    if (challenge.provider == "ovh" && challenge.credentials) continue;
    diags.emit(diag::DnsProviderUnknown{.provider = challenge.provider.value_or("")},
               acme->challenge.at);
  }
}

// In an Ingress, what answers by itself stands before some Service of its namespace.
void check_stand_in(const plan::Plan& plan, diag::Sink& diags) {
  for (const plan::Host& host : plan.hosts) {
    for (const plan::Route& route : host.routes) {
      if (std::holds_alternative<plan::Pool>(route.to.peek())) continue;
      bool some = std::any_of(plan.hosts.begin(), plan.hosts.end(), [&](const plan::Host& other) {
        return std::any_of(other.routes.begin(), other.routes.end(), [&](const plan::Route& there) {
          return there.name_space == route.name_space &&
                 std::holds_alternative<plan::Pool>(there.to.peek());
        });
      });
      if (!some) diags.emit(diag::IngressNeedsService{.name_space = route.name_space}, route.to.at);
    }
  }
}

}  // namespace

void audit(const plan::Plan& plan, diag::Sink& diags) {
  Options options;  // read without marking anything as read
  Span chart_at;
  for (const auto& field : plan.site.options) {
    const plan::Option& option = field.peek();
    if (option.name == "kind") options.ingress = option.value == "ingress";
    if (option.name == "host_network") options.host_network = true;
    if (option.name != "chart") continue;
    options.chart = option.value;
    options.major = chart_major(option.value);
    chart_at = field.at;
  }
  if (!options.chart.empty() && options.major < 34) {
    diags.emit(diag::ChartUnknown{.chart = options.chart}, chart_at);
  } else if (options.major < 39) {
    diags.emit(diag::ChartLacksPathGuards{.chart = options.chart}, chart_at);
  }
  for (const plan::Upstream& upstream : plan.upstreams) check_upstream(upstream, options, diags);
  for (const plan::Host& host : plan.hosts) {
    for (const plan::Route& route : host.routes) check_redirect(route, diags);
  }
  check_ports(plan, options, diags);
  check_issuers(plan, diags);
  if (options.ingress) check_stand_in(plan, diags);
}

}  // namespace sluice::targets::traefik
