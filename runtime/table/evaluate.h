// What happens to one request: the whole decision, without a socket, a clock or a secret. `sluice
// test`, `sluice route` and `sluiced --match` ask it; sluiced does the same with the same pieces
// (normalize.h, match.h, client.h, answer.h, forward.h). The order is that of D32.
// State is not here: a rate limit and a password are listed as steps that would be taken. A request
// without `Authorization: Basic` on a route with a password is refused; one with it counts as let
// in.
// Allocates; not for the request's way. Threads: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/table/answer.h"
#include "runtime/table/client.h"
#include "runtime/table/table.h"

namespace sluice::table {

struct HeaderField {
  std::string name, value;
  bool operator==(const HeaderField&) const = default;
};
struct Request {
  Scheme listener = Scheme::http;  // https: TLS ends at this listener
  Address peer = Address::from_v4(0x7f000001);
  uint8_t version = 11;  // 10, 11, 20
  std::string method = "GET";
  std::string target = "/";
  std::vector<HeaderField> headers;  // with the Host lines
  std::string server_name;           // SNI; empty: the host's own name
};

enum class Outcome : uint8_t {
  tls_refused,  // no certificate for the server name: the handshake fails
  refuse,       // an answer of the proxy's own: `status` and `reason`
  respond,      // the route's respond
  redirect,     // `location`; the route's, or to HTTPS
  acme,         // a challenge path on plain HTTP: the ACME answer, else 404
  proxy,        // to one of `pool`
};
enum class Reason : uint8_t {
  none,
  connect_method,      // 501
  no_host,             // 400; 404 for HTTP/1.0
  several_hosts,       // 400
  bad_host,            // 400
  bad_target,          // 400, or 431
  bad_connection,      // 400: Connection names what nobody may strip
  options_asterisk,    // 200
  unknown_host,        // 404
  no_route,            // 404
  plain_http_refused,  // 404
  peer_not_allowed,    // 403
  client_not_allowed,  // 403
  password_needed,     // 401
  plain_http,          // the redirect to HTTPS
};
std::string_view describe(Reason reason);
std::string_view describe(Outcome outcome);

struct Step {               // of the chain, as far as the request came
  uint32_t policy = kNone;  // index into Table::policies()
  bool let_in = true;
};
struct PoolChoice {
  uint32_t upstream = kNone;
  uint32_t weight = 0;  // basis points
};
struct Decision {
  Outcome outcome = Outcome::refuse;
  Reason reason = Reason::none;
  uint16_t status = 0;    // of an answer that is not the upstream's; else 0
  uint32_t host = kNone;  // matched, also where a later step refused
  uint32_t route = kNone;
  uint32_t certificate = kNone;   // what the handshake showed
  uint32_t front = kNone;         // the host is handed on whole
  std::string matched_path;       // normal form
  std::optional<Address> client;  // who asks
  bool trusted_peer = false;
  bool https = false;  // scheme_is_https
  std::vector<Step> steps;
  bool needs_password = false;
  std::string location;
  std::string body, media_type;  // respond; HEAD sends no body, 204 and 304 have none
  std::vector<PoolChoice> pool;
  std::string upstream_target;                // path after strip_prefix, with the query
  std::vector<HeaderField> upstream_headers;  // all that the upstream gets, Host included
  std::vector<HeaderField>
      answer_headers;  // `set` and `add` on the way back, and those of our own answer
  std::vector<std::string> removed_answer_headers;  // names of `set` and `remove`
};

Decision evaluate(const Table& table, const Request& request);

// Distinct names of the middleware that acted on the decision's route, in the order of the chain.
std::vector<std::string_view> groups(const Table& table, const RouteRecord& route);

}  // namespace sluice::table
