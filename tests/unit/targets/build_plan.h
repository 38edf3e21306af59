// Plans made by hand, for tests of targets: a few words each, everything else at its default.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "compiler/plan/plan.h"

namespace sluice::plan {

class PlanBuilder {
 public:
  Plan plan;

  explicit PlanBuilder(std::string site, std::string target, std::string name_space = "default") {
    plan.site.name = std::move(site);
    plan.site.target = std::move(target);
    plan.site.name_space = std::move(name_space);
    plan.listeners = {{Scheme::http, uint16_t{80}}, {Scheme::https, uint16_t{443}}};
    plan.hosts.reserve(64);  // references to hosts stay good
  }

  PlanBuilder& listen(std::vector<Listener> listeners) {
    return plan.listeners = std::move(listeners), *this;
  }
  PlanBuilder& option(std::string name, std::string value = {}) {
    plan.site.options.push_back(Option{std::move(name), std::move(value)});
    return *this;
  }
  PlanBuilder& behind(std::string name, CidrList trust, bool is_site = false) {
    plan.edges.push_back({std::move(name), std::move(trust), true, is_site});
    return *this;
  }

  UpstreamId address(std::vector<Member> members, Protocol protocol = Protocol::http) {
    std::string object = members.front().host + "-" + std::to_string(members.front().port);
    for (char& c : object) c = (c == '.' || c == ':') ? '-' : c;
    plan.upstreams.push_back(
        {object, protocol, Reach(std::move(members)), std::nullopt, std::nullopt});
    return {static_cast<uint32_t>(plan.upstreams.size() - 1)};
  }
  UpstreamId service(std::string name_space, std::string name, uint16_t port,
                     Protocol protocol = Protocol::http) {
    Service to{std::move(name_space), name, port};
    plan.upstreams.push_back({name, protocol, Reach(to), to, std::nullopt});
    return {static_cast<uint32_t>(plan.upstreams.size() - 1)};
  }
  FrontId front(std::string inner, UpstreamId via) {
    plan.fronts.push_back({std::move(inner), via});
    return {static_cast<uint32_t>(plan.fronts.size() - 1)};
  }
  SecretId secret(std::string name, SecretUse use) {
    plan.secrets.push_back({std::move(name), std::nullopt, use, {}});
    return {static_cast<uint32_t>(plan.secrets.size() - 1)};
  }
  IssuerId issuer(std::string name, IssuerKind kind) {
    plan.issuers.push_back({std::move(name), std::move(kind)});
    return {static_cast<uint32_t>(plan.issuers.size() - 1)};
  }
  IssuerId letsencrypt(ChallengeKind kind = ChallengeKind::http01) {
    Challenge challenge;
    challenge.kind = kind;
    if (kind == ChallengeKind::dns01) {
      challenge.provider = "ovh";
      challenge.credentials = secret("ovh-dns", SecretUse::token);
    }
    return issuer("letsencrypt", Acme{std::string("https://acme-v02.api.letsencrypt.org/directory"),
                                      Field<std::string>("ops@example.com"), challenge});
  }
  CertificateId certificate(std::string name, std::vector<std::string> names,
                            CertificateSource from, bool shared = false) {
    Certificate made;
    made.object = name;
    for (std::string& one : names) made.names.emplace_back(std::move(one));
    made.from = std::move(from);
    made.stored_as = secret(name, SecretUse::tls);
    made.shared = shared;
    plan.certificates.push_back(std::move(made));
    return {static_cast<uint32_t>(plan.certificates.size() - 1)};
  }
  PolicyId policy(std::string object, Action action) {
    plan.policies.push_back({object, std::move(action), {object}, {}});
    return {static_cast<uint32_t>(plan.policies.size() - 1)};
  }

  Host& host(std::string name, HostKind kind = HostKind::exact) {
    Host made;
    made.object = name;
    if (kind != HostKind::exact) made.object = "wildcard-" + made.object;
    for (char& c : made.object) c = c == '.' ? '-' : c;
    made.group = made.object;
    made.pattern = HostPattern{kind, std::move(name)};
    made.plain_http = PlainHttp::serve;
    plan.hosts.push_back(std::move(made));
    return plan.hosts.back();
  }
  Host& tls_host(std::string name, CertificateId certificate, HostKind kind = HostKind::exact) {
    Host& made = host(std::move(name), kind);
    made.tls = Field<CertificateId>(certificate);
    made.plain_http = PlainHttp::redirect;
    return made;
  }

  Route& route(Host& host, PathKind kind, std::string path, Answer to,
               std::vector<PolicyId> chain = {}) {
    Route made;
    made.path = PathMatch{kind, std::move(path)};
    for (PolicyId id : chain) made.chain.emplace_back(id);
    made.to = std::move(to);
    made.object = host.object + "-" + std::to_string(host.routes.size() + 1);
    made.name_space = plan.site.name_space.peek();
    if (const auto* to_pool = std::get_if<Pool>(&made.to.peek())) {
      const Upstream& first = plan[to_pool->shares.front().upstream.peek()];
      if (first.service) made.name_space = first.service->name_space;
    }
    host.routes.push_back(std::move(made));
    return host.routes.back();
  }
  Route& to(Host& host, std::string path, UpstreamId upstream, std::vector<PolicyId> chain = {}) {
    return route(host, PathKind::prefix, std::move(path), pool({{upstream, 10000}}),
                 std::move(chain));
  }
  static Pool pool(std::vector<std::pair<UpstreamId, uint32_t>> shares) {
    Pool made;
    for (auto [upstream, weight] : shares) made.shares.push_back({upstream, weight});
    return made;
  }
  static Respond respond(uint16_t status, std::string body = {}) {
    return {status, std::move(body), "text/plain; charset=utf-8"};
  }
  static Redirect redirect(RedirectKind kind, std::string to, uint16_t code = 0) {
    size_t scheme = to.find("://");
    bool whole = scheme != std::string::npos && to.find('/', scheme + 3) == std::string::npos;
    bool rest = to.ends_with("/*");
    if (rest) to.resize(to.size() - 2);
    return {kind, code, to, whole, rest, whole || rest};
  }
};

}  // namespace sluice::plan
