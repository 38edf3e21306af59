// One site's edge with every name, default, parameter, `use` and `like` resolved: what the
// language, the targets and the table share. Read from the top; `Plan` stands last, as C++ wants
// it.
//
// Invariants: ids index the vectors of Plan; vectors stand in the order that SEMANTICS gives (hosts
// by name, routes by match order, chains by phase), never in source order; `optional` means "none",
// never "default"; one way to say a thing; a target's own word occurs only in Site::options. A
// target is `Artifacts emit(const Plan&)`: it has no other input but its own version. Owned by
// whoever built it; a value, copied and compared freely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/capability/capability.h"
#include "compiler/plan/field.h"

namespace sluice::plan {

using Name = std::string;

template <class Tag>
struct Id {
  uint32_t index = 0;
  auto operator<=>(const Id&) const = default;
};
using HostId = Id<struct HostTag>;
using UpstreamId = Id<struct UpstreamTag>;
using PolicyId = Id<struct PolicyTag>;
using CertificateId = Id<struct CertificateTag>;
using IssuerId = Id<struct IssuerTag>;
using SecretId = Id<struct SecretTag>;
using FrontId = Id<struct FrontTag>;

// Canonical text, host bits zero: "10.0.0.0/8", "2001:db8::/32"; a single address carries /32 or
// /128.
using Cidr = std::string;
using CidrList = std::vector<Cidr>;

// ---------------------------------------------------------------- where it runs
struct Option {  // a word of the target's own schema, checked against its OptionRow
  Name name;
  std::string value;  // empty for a flag
  bool operator==(const Option&) const = default;
};
struct Site {
  Name name;
  Field<Name> target;
  Field<Name> name_space;  // default namespace of this site's objects; "default" when unwritten
  std::optional<Field<std::string>> service_domain;  // D29
  std::vector<Field<Option>> options;
};
enum class Scheme : uint8_t { http, https };
struct Listener {
  Scheme scheme;
  Field<uint16_t> port;  // the port that clients or the edge dial
};
// Who stands in front of this site: `behind NAME`, or another site's `front`.
struct Edge {
  Name name;
  Field<CidrList> trust;
  Field<bool> tls_ended;
  bool is_site = false;  // set when the edge is a site of this source
};
// Whom this site stands in front of; the hosts pass through whole.
struct Front {
  Name inner;
  Field<UpstreamId> via;
};

// ---------------------------------------------------------------- secrets, issuers, certificates
enum class SecretUse : uint8_t { tls, ca, users, token, eab };
struct Secret {  // a reference, never a value
  Name name;
  std::optional<Name> key;
  SecretUse use;
  Span at;
};
enum class ChallengeKind : uint8_t { http01, tls_alpn01, dns01 };
struct Challenge {
  ChallengeKind kind = ChallengeKind::http01;
  std::optional<Name> provider;         // dns-01: `ovh`, `rfc2136`, …
  std::optional<SecretId> credentials;  // dns-01
};
struct Acme {
  Field<std::string> directory;  // URL
  std::optional<Field<std::string>> email;
  Field<Challenge> challenge;
};
struct InternalCa {};
struct Acm {};
struct Installed {  // the cluster has it already
  Name name;
};
using IssuerKind = std::variant<Acme, InternalCa, Acm, Installed>;
struct Issuer {
  Name name;
  Field<IssuerKind> kind;
};
struct FilePair {
  std::string certificate, key;  // paths at the site
};
struct Existing {
  SecretId secret;
};
using CertificateSource = std::variant<IssuerId, FilePair, Existing>;
struct Certificate {
  Name object;                            // of the Certificate; the Secret's is `stored_as`
  std::vector<Field<std::string>> names;  // host patterns: "a.x", "*.x"
  Field<CertificateSource> from;
  SecretId stored_as;   // where an issued one is kept
  bool shared = false;  // declared by `certificate N`, not one host's own
};

// ---------------------------------------------------------------- upstreams
struct Service {
  Name name_space, name;
  uint16_t port = 0;
};
struct Member {
  std::string host;     // a name, an address (IPv6 without brackets), or a path for unix:
  uint16_t port = 0;    // 0: a unix socket
  uint32_t weight = 1;  // relative within its upstream
};
using Reach = std::variant<Service, std::vector<Member>>;  // what THIS site dials
enum class Protocol : uint8_t { http, https };
struct Upstream {
  Name object;  // readable, unique
  Field<Protocol> protocol;
  Field<Reach> reach;
  std::optional<Service> service;  // as written in the source, also where the site dials members
  std::optional<Name> written;  // the name of the `upstream` block, none for a destination in place
};

// ---------------------------------------------------------------- policies
struct AllowPeers {
  Field<CidrList> from;
};
struct AllowIps {
  Field<CidrList> from;
};
struct DenyIps {
  Field<CidrList> from;
};
enum class LimitBy : uint8_t { client_ip, header, host, everyone };
struct RateLimit {
  Field<uint32_t> count;           // requests …
  Field<uint32_t> period_seconds;  // … per period: 1, 60 or 3600
  Field<uint32_t> burst;           // capacity; equals count when unwritten
  Field<LimitBy> by;
  std::optional<Field<Name>> header;  // by header
};
struct BasicAuth {
  Field<SecretId> users;
  Field<std::string> realm;
};
enum class EditOp : uint8_t { set, add, remove };
struct HeaderEdit {
  EditOp op;
  Name name;          // as written; compared without case
  std::string value;  // empty for remove
};
struct HeaderEdits {
  std::vector<Field<HeaderEdit>> request, response;
};
struct StripPrefix {
  Field<std::string> prefix;
};
using Action =
    std::variant<AllowPeers, AllowIps, DenyIps, RateLimit, BasicAuth, HeaderEdits, StripPrefix>;
// The phases of D32, in which a chain stands.
enum class Phase : uint8_t {
  peers = 1,
  client_ips = 3,
  limits_by_client = 5,
  authentication = 7,
  limits_by_other = 10,
  request_headers = 11,
  path = 12,
  response_headers = 14,
};
struct Policy {  // shared by routes; equal ones are one
  Name object;   // readable, unique: the middleware's name where it has one
  Action action;
  std::vector<Name> groups;  // the middleware that brought it, qualified: "security.headers"
  Span at;
};
Phase phase(const Action& action);

// ---------------------------------------------------------------- hosts and routes
enum class HostKind : uint8_t { exact, one_label, any_depth, any };
struct HostPattern {
  HostKind kind = HostKind::exact;
  std::string name;  // lower case, IDNA A-labels, no trailing dot; for `*.x` and `**.x` just "x";
                     // "" for `*`
  auto operator<=>(const HostPattern&) const = default;
};
std::string to_string(const HostPattern& pattern);  // "a.x", "*.x", "**.x", "*"

enum class PathKind : uint8_t { exact, regex, prefix };
struct PathMatch {
  PathKind kind = PathKind::prefix;
  std::string text;  // normal form (meaning-matching C3), or an RE2 pattern that begins with ^
  bool operator==(const PathMatch&) const = default;
};
struct Share {
  Field<UpstreamId> upstream;
  Field<uint32_t> weight;  // basis points; a pool's sum is 10,000
};
struct Pool {
  std::vector<Share> shares;  // at least one
};
struct Respond {
  Field<uint16_t> status;
  Field<std::string> body;  // may be empty
  std::string media_type = "text/plain; charset=utf-8";
};
enum class RedirectKind : uint8_t { permanent, temporary, exact };
struct Redirect {
  Field<RedirectKind> kind;
  Field<uint16_t> code;         // for exact: 301, 302, 303, 307, 308; else 0
  Field<std::string> location;  // "https://new.example", "/landing", without a trailing `/*`
  Field<bool> keep_path;        // a URL without a path: the request's own path follows
  Field<bool> keep_rest;        // written `…/*`: what follows the route's prefix stands there
  Field<bool> keep_query;
};
using Answer = std::variant<Pool, Respond, Redirect, FrontId>;
struct Route {
  Field<PathMatch> path;
  std::vector<Field<PolicyId>> chain;  // in phase order
  Field<Answer> to;
  Name object;      // readable, unique
  Name name_space;  // of the service it reaches, else the site's
  Span at;
};
enum class PlainHttp : uint8_t { redirect, serve, refuse };
struct Host {
  Field<HostPattern> pattern;
  Name object;  // from `name`, or the default rule of D30
  Name group;   // hosts written in one block share it: one Ingress there
  std::optional<Field<CertificateId>> tls;  // none: this site does not end TLS for the host
  Field<PlainHttp> plain_http;              // `serve` where TLS is not ended here
  std::vector<Route> routes;                // the first that matches answers; none: 404
  Span at;
};

// ---------------------------------------------------------------- the whole
struct Need {  // a feature used, with the first place that uses it
  FeatureId feature;
  Span at;
  std::optional<HostId> host;
};
struct Gap {  // a `degrade` in force
  FeatureId feature;
  std::optional<std::string> host;  // as written
  std::string reason;
  Span at;
};
struct Plan {
  Site site;
  std::vector<Listener> listeners;
  std::vector<Edge> edges;  // nearest first
  std::vector<Front> fronts;
  std::vector<Host> hosts;
  std::vector<Upstream> upstreams;
  std::vector<Policy> policies;
  std::vector<Certificate> certificates;  // only those that this site ends TLS with
  std::vector<Issuer> issuers;            // only those that `certificates` need
  std::vector<Secret> secrets;
  std::vector<Need> needs;
  std::vector<Gap> gaps;

  const Upstream& operator[](UpstreamId id) const { return upstreams[id.index]; }
  const Policy& operator[](PolicyId id) const { return policies[id.index]; }
  const Certificate& operator[](CertificateId id) const { return certificates[id.index]; }
  const Issuer& operator[](IssuerId id) const { return issuers[id.index]; }
  const Secret& operator[](SecretId id) const { return secrets[id.index]; }
  const Front& operator[](FrontId id) const { return fronts[id.index]; }
  const Host& operator[](HostId id) const { return hosts[id.index]; }
};

// The default-source site: `site local { target table }` with listeners http 80 and https 443 (D41,
// D43).

}  // namespace sluice::plan
