#include "compiler/targets/table/to_spec.h"

#include <string>
#include <utility>
#include <variant>

#include "runtime/table/normalize.h"

namespace sluice::targets::table {
namespace {

namespace t = sluice::table;

// The plan's enumerations and the table's have the same words in the same order.
template <class To, class From>
constexpr To same(From value) {
  return static_cast<To>(value);
}
static_assert(same<t::HostKind>(plan::HostKind::any) == t::HostKind::any);
static_assert(same<t::PathKind>(plan::PathKind::prefix) == t::PathKind::prefix);
static_assert(same<t::PlainHttp>(plan::PlainHttp::refuse) == t::PlainHttp::refuse);
static_assert(same<t::Scheme>(plan::Scheme::https) == t::Scheme::https);
static_assert(same<t::Protocol>(plan::Protocol::https) == t::Protocol::https);
static_assert(same<t::LimitBy>(plan::LimitBy::everyone) == t::LimitBy::everyone);
static_assert(same<t::EditOp>(plan::EditOp::remove) == t::EditOp::remove);
static_assert(same<t::RedirectKind>(plan::RedirectKind::exact) == t::RedirectKind::exact);
static_assert(same<t::ChallengeKind>(plan::ChallengeKind::dns01) == t::ChallengeKind::dns01);

// The spelling in which a request's path is compared: escapes in upper case (SEMANTICS P2).
std::string normal(const std::string& path) {
  std::string buffer(path.size() * 3 + 1, '\0');
  const t::NormalPath result = t::normalize_path(path, buffer);
  return result.fault == t::PathFault::none ? std::string(result.path) : path;
}

// A reason as one line: a table's texts hold no control bytes.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

std::string text(const plan::Service& service) {
  std::string out = service.name_space;
  if (!out.empty()) out += '/';
  return out.append(service.name).append(":").append(std::to_string(service.port));
}

class Converter {
 public:
  explicit Converter(const plan::Plan& plan) : p_(plan) {}

  t::TableSpec run() {
    spec_.site = p_.site.name;
    if (p_.site.service_domain) domain_ = "." + **p_.site.service_domain;
    for (const plan::Listener& listener : p_.listeners) {
      spec_.listeners.push_back({same<t::Scheme>(listener.scheme), *listener.port});
    }
    for (const plan::Edge& edge : p_.edges) {
      spec_.edges.push_back({edge.name, *edge.trust, *edge.tls_ended, edge.is_site});
    }
    for (const plan::Policy& policy : p_.policies) spec_.policies.push_back(convert(policy));
    for (const plan::Upstream& upstream : p_.upstreams)
      spec_.upstreams.push_back(convert(upstream));
    for (const plan::Front& front : p_.fronts)
      spec_.fronts.push_back({front.inner, front.via->index});
    for (const plan::Certificate& certificate : p_.certificates) {
      spec_.certificates.push_back(convert(certificate));
    }
    spec_.hosts.reserve(p_.hosts.size());
    for (const plan::Host& host : p_.hosts) spec_.hosts.push_back(convert(host));
    for (const plan::Need& need : p_.needs) spec_.needs.emplace_back(info(need.feature).name);
    for (const plan::Gap& gap : p_.gaps) {
      spec_.gaps.push_back(
          {std::string(info(gap.feature).name), gap.host.value_or(""), one_line(gap.reason)});
    }
    return std::move(spec_);
  }

 private:
  t::PolicySpec convert(const plan::Policy& policy) const {
    t::PolicySpec out;
    out.object = policy.object;
    out.groups = policy.groups;
    std::visit([&](const auto& action) { fill(out, action); }, policy.action);
    return out;
  }
  void fill(t::PolicySpec& out, const plan::AllowPeers& action) const {
    out.kind = t::PolicyKind::allow_peers;
    out.cidrs = *action.from;
  }
  void fill(t::PolicySpec& out, const plan::AllowIps& action) const {
    out.kind = t::PolicyKind::allow_ips;
    out.cidrs = *action.from;
  }
  void fill(t::PolicySpec& out, const plan::DenyIps& action) const {
    out.kind = t::PolicyKind::deny_ips;
    out.cidrs = *action.from;
  }
  void fill(t::PolicySpec& out, const plan::RateLimit& action) const {
    out.kind = t::PolicyKind::rate_limit;
    out.rate_limit = {*action.count, *action.period_seconds, *action.burst,
                      same<t::LimitBy>(*action.by),
                      action.header ? **action.header : std::string()};
  }
  void fill(t::PolicySpec& out, const plan::BasicAuth& action) const {
    const plan::Secret& users = p_[*action.users];
    out.kind = t::PolicyKind::basic_auth;
    out.basic_auth = {users.name, users.key.value_or(""), *action.realm};
  }
  void fill(t::PolicySpec& out, const plan::HeaderEdits& action) const {
    out.kind = t::PolicyKind::header_edits;
    out.request = edits(action.request);
    out.response = edits(action.response);
  }
  void fill(t::PolicySpec& out, const plan::StripPrefix& action) const {
    out.kind = t::PolicyKind::strip_prefix;
    out.prefix = normal(*action.prefix);
  }
  static std::vector<t::EditSpec> edits(const std::vector<plan::Field<plan::HeaderEdit>>& edits) {
    std::vector<t::EditSpec> out;
    out.reserve(edits.size());
    for (const auto& edit : edits) {
      out.push_back({same<t::EditOp>(edit->op), edit->name, edit->value});
    }
    return out;
  }

  t::UpstreamSpec convert(const plan::Upstream& upstream) const {
    t::UpstreamSpec out;
    out.object = upstream.object;
    out.written = upstream.written.value_or("");
    out.protocol = same<t::Protocol>(*upstream.protocol);
    if (upstream.service) out.service = text(*upstream.service);
    if (const auto* service = std::get_if<plan::Service>(&*upstream.reach)) {
      out.service = text(*service);
      out.members = {{service->name + domain_, service->port, 1}};
    } else {
      for (const plan::Member& member : std::get<std::vector<plan::Member>>(*upstream.reach)) {
        out.members.push_back({member.host, member.port, member.weight});
      }
    }
    return out;
  }

  t::CertificateSpec convert(const plan::Certificate& certificate) const {
    t::CertificateSpec out;
    out.object = certificate.object;
    out.shared = certificate.shared;
    if (certificate.stored_as.index < p_.secrets.size())
      out.secret = p_[certificate.stored_as].name;
    for (const auto& name : certificate.names) out.names.push_back(*name);
    if (const auto* issuer = std::get_if<plan::IssuerId>(&*certificate.from)) {
      out.issuer = p_[*issuer].name;
      issued(out, *p_[*issuer].kind);
    } else if (const auto* files = std::get_if<plan::FilePair>(&*certificate.from)) {
      out.from = t::CertificateFrom::files;
      out.certificate_file = files->certificate;
      out.key_file = files->key;
    } else {
      out.from = t::CertificateFrom::secret;
      out.secret = p_[std::get<plan::Existing>(*certificate.from).secret].name;
    }
    return out;
  }
  void issued(t::CertificateSpec& out, const plan::IssuerKind& kind) const {
    out.from = t::CertificateFrom::other;
    if (std::holds_alternative<plan::InternalCa>(kind)) out.from = t::CertificateFrom::internal_ca;
    const auto* acme = std::get_if<plan::Acme>(&kind);
    if (acme == nullptr) return;
    out.from = t::CertificateFrom::acme;
    out.directory = *acme->directory;
    if (acme->email) out.email = **acme->email;
    out.challenge = same<t::ChallengeKind>(acme->challenge->kind);
    out.provider = acme->challenge->provider.value_or("");
    if (acme->challenge->credentials) out.credentials = p_[*acme->challenge->credentials].name;
  }

  t::HostSpec convert(const plan::Host& host) const {
    t::HostSpec out;
    out.kind = same<t::HostKind>(host.pattern->kind);
    out.name = host.pattern->name;
    out.object = host.object;
    if (host.tls) out.certificate = (**host.tls).index;
    out.plain_http = same<t::PlainHttp>(*host.plain_http);
    out.routes.reserve(host.routes.size());
    for (const plan::Route& route : host.routes) out.routes.push_back(convert(route));
    return out;
  }
  t::RouteSpec convert(const plan::Route& route) const {
    t::RouteSpec out;
    out.path_kind = same<t::PathKind>(route.path->kind);
    out.path = out.path_kind == t::PathKind::regex ? route.path->text : normal(route.path->text);
    out.object = route.object;
    out.chain.reserve(route.chain.size());
    for (const auto& policy : route.chain) out.chain.push_back(policy->index);
    std::visit([&](const auto& answer) { fill(out, answer); }, *route.to);
    return out;
  }
  void fill(t::RouteSpec& out, const plan::Pool& pool) const {
    out.answer = t::AnswerKind::pool;
    for (const plan::Share& share : pool.shares)
      out.pool.push_back({share.upstream->index, *share.weight});
  }
  void fill(t::RouteSpec& out, const plan::FrontId& front) const {
    out.answer = t::AnswerKind::pool;
    out.front = front.index;
  }
  void fill(t::RouteSpec& out, const plan::Respond& respond) const {
    out.answer = t::AnswerKind::respond;
    out.respond = {*respond.status, *respond.body, respond.media_type};
  }
  void fill(t::RouteSpec& out, const plan::Redirect& redirect) const {
    out.answer = t::AnswerKind::redirect;
    out.redirect = {same<t::RedirectKind>(*redirect.kind),
                    *redirect.code,
                    *redirect.location,
                    *redirect.keep_path,
                    *redirect.keep_rest,
                    *redirect.keep_query};
  }

  const plan::Plan& p_;
  std::string domain_;
  t::TableSpec spec_;
};

}  // namespace

t::TableSpec to_spec(const plan::Plan& plan) { return Converter(plan).run(); }

}  // namespace sluice::targets::table
