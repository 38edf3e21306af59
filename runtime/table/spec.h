// What a table says, before it is laid out: plain values, names instead of bytes. The compiler's
// table target fills it (compiler/targets/table/to_spec.h); `build` lays it out. Ids are indices
// into the vectors of TableSpec; kNone stands for none. Vectors may stand in any order that its
// user likes: it is kept, but for a host's routes, which `build` sorts into match order (regexes
// keep theirs).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/table/format.h"

namespace sluice::table {

struct ListenerSpec {
  Scheme scheme = Scheme::http;
  uint16_t port = 0;
};
struct EdgeSpec {
  std::string name;
  std::vector<std::string> trust;  // CIDRs as text
  bool tls_ended = false;
  bool is_site = false;
};
struct RateLimitSpec {
  uint32_t count = 1, period_seconds = 1, burst = 1;
  LimitBy by = LimitBy::client_ip;
  std::string header;
};
struct BasicAuthSpec {
  std::string users, key, realm;
};
struct EditSpec {
  EditOp op = EditOp::set;
  std::string name, value;
};
struct PolicySpec {
  std::string object;
  std::vector<std::string> groups;
  PolicyKind kind = PolicyKind::header_edits;
  // Of the following, what the kind needs.
  std::vector<std::string> cidrs;
  RateLimitSpec rate_limit;
  BasicAuthSpec basic_auth;
  std::vector<EditSpec> request, response;
  std::string prefix;
};
struct MemberSpec {
  std::string host;
  uint16_t port = 0;
  uint32_t weight = 1;
};
struct UpstreamSpec {
  std::string object, written, service;
  Protocol protocol = Protocol::http;
  std::vector<MemberSpec> members;
};
struct ShareSpec {
  uint32_t upstream = 0;
  uint32_t weight = 10000;
};
struct FrontSpec {
  std::string inner;
  uint32_t upstream = 0;
};
struct RespondSpec {
  uint16_t status = 200;
  std::string body;
  std::string media_type = "text/plain; charset=utf-8";
};
struct RedirectSpec {
  RedirectKind kind = RedirectKind::temporary;
  uint16_t code = 0;
  std::string location;
  bool keep_path = false, keep_rest = false, keep_query = false;
};
struct RouteSpec {
  PathKind path_kind = PathKind::prefix;
  std::string path = "/";  // normal form, or an RE2 pattern
  std::string object;
  std::vector<uint32_t> chain;  // policies, in phase order
  AnswerKind answer = AnswerKind::pool;
  std::vector<ShareSpec> pool;  // for pool, unless `front` is set
  uint32_t front = kNone;       // the pool is that front's upstream
  RespondSpec respond;
  RedirectSpec redirect;
};
struct HostSpec {
  HostKind kind = HostKind::exact;
  std::string name;  // lower case, without "*." and "**."; empty for any
  std::string object;
  uint32_t certificate = kNone;
  PlainHttp plain_http = PlainHttp::serve;
  std::vector<RouteSpec> routes;
};
struct CertificateSpec {
  std::string object;
  std::vector<std::string> names;  // "a.x", "*.x"
  CertificateFrom from = CertificateFrom::internal_ca;
  std::string issuer, directory, email;
  ChallengeKind challenge = ChallengeKind::http01;
  std::string provider, credentials;
  std::string certificate_file, key_file, secret;
  bool shared = false;
};
struct GapSpec {
  std::string feature, host, reason;
};
struct TableSpec {
  std::string site;
  std::vector<ListenerSpec> listeners;
  std::vector<EdgeSpec> edges;
  std::vector<PolicySpec> policies;
  std::vector<UpstreamSpec> upstreams;
  std::vector<FrontSpec> fronts;
  std::vector<CertificateSpec> certificates;
  std::vector<HostSpec> hosts;
  std::vector<std::string> needs;
  std::vector<GapSpec> gaps;
};

}  // namespace sluice::table
