// The fields of the plan's structs, listed once: from this list come the dump and the ledger of
// what a target never read. A visitor has `operator()(name, member)`; `fields(v, x)` calls it for
// each member in the order of plan.h. A new member of a struct needs its word here; a new
// alternative of a variant its name.
#pragma once

#include <string_view>

#include "compiler/plan/plan.h"

namespace sluice::plan {

// ---------------------------------------------------------------- words of the enumerations
inline std::string_view word(Scheme v) { return v == Scheme::http ? "http" : "https"; }
inline std::string_view word(Protocol v) { return v == Protocol::http ? "http" : "https"; }
inline std::string_view word(SecretUse v) {
  constexpr std::string_view kWords[] = {"tls", "ca", "users", "token", "eab"};
  return kWords[static_cast<size_t>(v)];
}
inline std::string_view word(ChallengeKind v) {
  constexpr std::string_view kWords[] = {"http-01", "tls-alpn-01", "dns-01"};
  return kWords[static_cast<size_t>(v)];
}
inline std::string_view word(LimitBy v) {
  constexpr std::string_view kWords[] = {"client_ip", "header", "host", "everyone"};
  return kWords[static_cast<size_t>(v)];
}
inline std::string_view word(EditOp v) {
  constexpr std::string_view kWords[] = {"set", "add", "remove"};
  return kWords[static_cast<size_t>(v)];
}
inline std::string_view word(PathKind v) {
  constexpr std::string_view kWords[] = {"exact", "regex", "prefix"};
  return kWords[static_cast<size_t>(v)];
}
inline std::string_view word(RedirectKind v) {
  constexpr std::string_view kWords[] = {"permanent", "temporary", "exact"};
  return kWords[static_cast<size_t>(v)];
}
inline std::string_view word(PlainHttp v) {
  constexpr std::string_view kWords[] = {"redirect", "serve", "refuse"};
  return kWords[static_cast<size_t>(v)];
}

// ---------------------------------------------------------------- names of structs and
// alternatives
#define SLUICE_PLAN_NAME(type) \
  inline std::string_view name_of(const type&) { return #type; }
SLUICE_PLAN_NAME(Option)
SLUICE_PLAN_NAME(Site)
SLUICE_PLAN_NAME(Listener)
SLUICE_PLAN_NAME(Edge)
SLUICE_PLAN_NAME(Front)
SLUICE_PLAN_NAME(Secret)
SLUICE_PLAN_NAME(Challenge)
SLUICE_PLAN_NAME(Acme)
SLUICE_PLAN_NAME(InternalCa)
SLUICE_PLAN_NAME(Acm)
SLUICE_PLAN_NAME(Installed)
SLUICE_PLAN_NAME(Issuer)
SLUICE_PLAN_NAME(FilePair)
SLUICE_PLAN_NAME(Existing)
SLUICE_PLAN_NAME(Certificate)
SLUICE_PLAN_NAME(Service)
SLUICE_PLAN_NAME(Member)
SLUICE_PLAN_NAME(Upstream)
SLUICE_PLAN_NAME(AllowPeers)
SLUICE_PLAN_NAME(AllowIps)
SLUICE_PLAN_NAME(DenyIps)
SLUICE_PLAN_NAME(RateLimit)
SLUICE_PLAN_NAME(BasicAuth)
SLUICE_PLAN_NAME(HeaderEdit)
SLUICE_PLAN_NAME(HeaderEdits)
SLUICE_PLAN_NAME(StripPrefix)
SLUICE_PLAN_NAME(Policy)
SLUICE_PLAN_NAME(HostPattern)
SLUICE_PLAN_NAME(PathMatch)
SLUICE_PLAN_NAME(Share)
SLUICE_PLAN_NAME(Pool)
SLUICE_PLAN_NAME(Respond)
SLUICE_PLAN_NAME(Redirect)
SLUICE_PLAN_NAME(Route)
SLUICE_PLAN_NAME(Host)
SLUICE_PLAN_NAME(Need)
SLUICE_PLAN_NAME(Gap)
SLUICE_PLAN_NAME(Plan)
#undef SLUICE_PLAN_NAME

// ---------------------------------------------------------------- members
template <class V>
void fields(V& v, const Option& x) {
  v("name", x.name);
  v("value", x.value);
}
template <class V>
void fields(V& v, const Site& x) {
  v("name", x.name);
  v("target", x.target);
  v("name_space", x.name_space);
  v("service_domain", x.service_domain);
  v("options", x.options);
}
template <class V>
void fields(V& v, const Listener& x) {
  v("scheme", x.scheme);
  v("port", x.port);
}
template <class V>
void fields(V& v, const Edge& x) {
  v("name", x.name);
  v("trust", x.trust);
  v("tls_ended", x.tls_ended);
  v("is_site", x.is_site);
}
template <class V>
void fields(V& v, const Front& x) {
  v("inner", x.inner);
  v("via", x.via);
}
template <class V>
void fields(V& v, const Secret& x) {
  v("name", x.name);
  v("key", x.key);
  v("use", x.use);
}
template <class V>
void fields(V& v, const Challenge& x) {
  v("kind", x.kind);
  v("provider", x.provider);
  v("credentials", x.credentials);
}
template <class V>
void fields(V& v, const Acme& x) {
  v("directory", x.directory);
  v("email", x.email);
  v("challenge", x.challenge);
}
template <class V>
void fields(V&, const InternalCa&) {}
template <class V>
void fields(V&, const Acm&) {}
template <class V>
void fields(V& v, const Installed& x) {
  v("name", x.name);
}
template <class V>
void fields(V& v, const Issuer& x) {
  v("name", x.name);
  v("kind", x.kind);
}
template <class V>
void fields(V& v, const FilePair& x) {
  v("certificate", x.certificate);
  v("key", x.key);
}
template <class V>
void fields(V& v, const Existing& x) {
  v("secret", x.secret);
}
template <class V>
void fields(V& v, const Certificate& x) {
  v("object", x.object);
  v("names", x.names);
  v("from", x.from);
  v("stored_as", x.stored_as);
  v("shared", x.shared);
}
template <class V>
void fields(V& v, const Service& x) {
  v("name_space", x.name_space);
  v("name", x.name);
  v("port", x.port);
}
template <class V>
void fields(V& v, const Member& x) {
  v("host", x.host);
  v("port", x.port);
  v("weight", x.weight);
}
template <class V>
void fields(V& v, const Upstream& x) {
  v("object", x.object);
  v("protocol", x.protocol);
  v("reach", x.reach);
  v("service", x.service);
  v("written", x.written);
}
template <class V>
void fields(V& v, const AllowPeers& x) {
  v("from", x.from);
}
template <class V>
void fields(V& v, const AllowIps& x) {
  v("from", x.from);
}
template <class V>
void fields(V& v, const DenyIps& x) {
  v("from", x.from);
}
template <class V>
void fields(V& v, const RateLimit& x) {
  v("count", x.count);
  v("period_seconds", x.period_seconds);
  v("burst", x.burst);
  v("by", x.by);
  v("header", x.header);
}
template <class V>
void fields(V& v, const BasicAuth& x) {
  v("users", x.users);
  v("realm", x.realm);
}
template <class V>
void fields(V& v, const HeaderEdit& x) {
  v("op", x.op);
  v("name", x.name);
  v("value", x.value);
}
template <class V>
void fields(V& v, const HeaderEdits& x) {
  v("request", x.request);
  v("response", x.response);
}
template <class V>
void fields(V& v, const StripPrefix& x) {
  v("prefix", x.prefix);
}
template <class V>
void fields(V& v, const Policy& x) {
  v("object", x.object);
  v("action", x.action);
  v("groups", x.groups);
}
template <class V>
void fields(V& v, const PathMatch& x) {
  v("kind", x.kind);
  v("text", x.text);
}
template <class V>
void fields(V& v, const Share& x) {
  v("upstream", x.upstream);
  v("weight", x.weight);
}
template <class V>
void fields(V& v, const Pool& x) {
  v("shares", x.shares);
}
template <class V>
void fields(V& v, const Respond& x) {
  v("status", x.status);
  v("body", x.body);
  v("media_type", x.media_type);
}
template <class V>
void fields(V& v, const Redirect& x) {
  v("kind", x.kind);
  v("code", x.code);
  v("location", x.location);
  v("keep_path", x.keep_path);
  v("keep_rest", x.keep_rest);
  v("keep_query", x.keep_query);
}
template <class V>
void fields(V& v, const Route& x) {
  v("path", x.path);
  v("chain", x.chain);
  v("to", x.to);
  v("object", x.object);
  v("name_space", x.name_space);
}
template <class V>
void fields(V& v, const Host& x) {
  v("pattern", x.pattern);
  v("object", x.object);
  v("group", x.group);
  v("tls", x.tls);
  v("plain_http", x.plain_http);
  v("routes", x.routes);
}
template <class V>
void fields(V& v, const Need& x) {
  v("feature", x.feature);
  v("host", x.host);
}
template <class V>
void fields(V& v, const Gap& x) {
  v("feature", x.feature);
  v("host", x.host);
  v("reason", x.reason);
}
template <class V>
void fields(V& v, const Plan& x) {
  v("site", x.site);
  v("listeners", x.listeners);
  v("edges", x.edges);
  v("fronts", x.fronts);
  v("hosts", x.hosts);
  v("upstreams", x.upstreams);
  v("policies", x.policies);
  v("certificates", x.certificates);
  v("issuers", x.issuers);
  v("secrets", x.secrets);
  v("needs", x.needs);
  v("gaps", x.gaps);
}

}  // namespace sluice::plan
