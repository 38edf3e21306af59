#include "compiler/model/schema.h"

#include <array>
#include <unordered_map>
#include <vector>

#include "compiler/model/nearest.h"

namespace sluice::model {
namespace {

using enum Block;
constexpr auto kMay = BlockRule::may;
constexpr auto kMust = BlockRule::must;
constexpr auto kNo = BlockRule::none;
constexpr auto kFlat = SignRule::none;
constexpr uint8_t kMany = kAnyNumber;

// A row is a line.
// clang-format off
// {block, word, shape, doc, min, max, list, sign, block rule, child, once, state}
constexpr Row kRows[] = {
    {top, "edition", "edition YEAR", "The edition of the language; 2026 when unwritten.", 1, 1, false, kFlat, kNo, none, true},
    {top, "import", "import \"std/NAME\"|\"./PATH\" [as NAME]", "Brings in a module: its names are read as `NAME.name`.", 1, 3},
    {top, "param", "param NAME[: TYPE] = VALUE, …", "A value that a site may `set`.", 1, 1, false, SignRule::is},
    {top, "let", "let NAME[: TYPE] = VALUE, …", "A constant.", 1, 1, false, SignRule::is},
    {top, "namespace", "namespace NAME", "The namespace of this file's services where they name none.", 1, 1, false, kFlat, kNo, none, true},
    {top, "issuer", "issuer NAME { … }", "Who signs certificates.", 1, 1, false, kFlat, kMust, issuer},
    {top, "certificate", "certificate NAME { … }", "One certificate for several names, a wildcard, or one that exists.", 1, 1, false, kFlat, kMust, certificate},
    {top, "upstream", "upstream NAME { … }", "Who is asked, under a name.", 1, 1, false, kFlat, kMust, upstream},
    {top, "middleware", "middleware NAME[(PARAMETER[: TYPE][ = VALUE], …)] { … }", "A group of guards and header edits, under a name.", 1, 1, false, kFlat, kMust, middleware},
    {top, "host", "host HOST, … [-> DESTINATION] [{ … }]", "One or more host names and what answers there.", 1, 1, true, SignRule::may_to, kMay, host},
    {top, "zone", "zone DOMAIN { … }", "Many small hosts below one domain, a line each: `LABEL, … -> DESTINATION [{ … }]`.", 1, 1, false, kFlat, kMust, zone},
    {top, "site", "site NAME [like NAME] { … }", "A place where the source is served.", 1, 3, false, kFlat, kMay, site},
    {top, "test", "test \"TEXT\" { … }", "What must hold for a request.", 1, 1, false, kFlat, kMust, test},
    {top, "owner", "owner NAME", "A label on this file's objects.", 1, 1, false, kFlat, kNo, none, true, State::planned},
    {top, "extend", "extend host HOST { … }", "Adds routes to a host declared elsewhere.", 0, kMany, true, SignRule::may_to, kMay, none, false, State::planned},
    {top, "for", "for NAME in data(\"FILE\") { … }", "Repeats statements for records of a file.", 0, kMany, true, SignRule::may_to, kMay, none, false, State::planned},

    {issuer, "acme", "acme production|staging|zerossl|URL", "An ACME directory.", 1, 1, false, kFlat, kNo, none, true},
    {issuer, "internal_ca", "internal_ca", "A certificate authority of the site's own.", 0, 0, false, kFlat, kNo, none, true},
    {issuer, "acm", "acm", "AWS Certificate Manager.", 0, 0, false, kFlat, kNo, none, true},
    {issuer, "installed", "installed [NAME]", "An issuer that the cluster has already.", 0, 1, false, kFlat, kNo, none, true},
    {issuer, "email", "email ADDRESS", "Whom the directory may write to.", 1, 1, false, kFlat, kNo, none, true},
    {issuer, "challenge", "challenge http-01|tls-alpn-01|dns-01 PROVIDER [{ … }]", "How control of a name is shown; `http-01` when unwritten.", 1, 2, false, kFlat, kMay, challenge, true},
    {issuer, "eab", "eab …", "External account binding.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {issuer, "profile", "profile NAME", "A certificate profile of the directory.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {challenge, "credentials", "credentials secret(\"NAME\"[, key = KEY])", "What the DNS provider asks for.", 1, 1, false, kFlat, kNo, none, true},

    {certificate, "issuer", "issuer NAME", "Who signs it; needs `hosts`.", 1, 1, false, kFlat, kNo, none, true},
    {certificate, "hosts", "hosts HOST, …", "The names in it.", 1, 1, true, kFlat, kNo, none, true},
    {certificate, "secret", "secret NAME", "With an issuer: where it is kept. Alone: a certificate that exists.", 1, 1, false, kFlat, kNo, none, true},
    {certificate, "files", "files CERTIFICATE KEY", "Two PEM files at the site.", 2, 2, false, kFlat, kNo, none, true},
    {certificate, "acm", "acm ARN", "A certificate in AWS Certificate Manager.", 0, kMany, true, kFlat, kMay, none, false, State::planned},

    {upstream, "service", "service [NAMESPACE/]NAME:PORT [https]", "A Kubernetes Service; elsewhere dialled by its name.", 1, 2, false, kFlat, kNo, none, true},
    {upstream, "address", "address HOST:PORT [weight N], …", "What sites without Kubernetes dial.", 1, 3, true},
    {upstream, "balance", "balance METHOD", "How members are chosen.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {upstream, "sticky", "sticky cookie NAME", "One client, one member.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {upstream, "health", "health METHOD PATH every DURATION", "Asks members whether they are well.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {upstream, "timeout", "timeout …", "Time limits.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {upstream, "retry", "retry …", "Asks another member.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {upstream, "circuit_breaker", "circuit_breaker …", "Stops asking who fails.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {upstream, "tls", "tls …", "TLS towards the upstream.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {upstream, "verify", "verify …", "What is checked of the upstream's certificate.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {upstream, "host_header", "host_header …", "The Host that the upstream sees.", 0, kMany, true, kFlat, kMay, none, false, State::planned},

#define SLUICE_ACTS(block)                                                                                          \
    {block, "allow_peers", "allow_peers CIDR, …", "Who may connect: the TCP peer; others get 403.", 1, 1, true},         \
    {block, "allow_ips", "allow_ips CIDR, …", "Who may ask: the client that a trusted edge names; others get 403.", 1, 1, true}, \
    {block, "deny_ips", "deny_ips CIDR, …", "Who may not ask; wins over `allow_ips`.", 1, 1, true},                     \
    {block, "rate_limit", "rate_limit N/s|m|h [burst N] [by client_ip|host|header NAME|everyone]", "More requests than that get 429.", 1, 6}, \
    {block, "basic_auth", "basic_auth secret(\"NAME\"[, key = KEY]) [realm TEXT]", "Asks for a name and a password.", 1, 3}, \
    {block, "request", "request set|add NAME TEXT, request remove NAME", "Edits the request's headers on its way to the upstream.", 2, 3}, \
    {block, "response", "response set|add NAME TEXT, response remove NAME", "Edits the answer's headers.", 2, 3},       \
    {block, "use", "use MIDDLEWARE[(VALUE, NAME = VALUE)], …", "Everything that a middleware holds.", 1, 1, true},      \
    {block, "maintenance", "maintenance …", "Answers 503 to all but a few.", 0, kMany, true, kFlat, kMay, none, false, State::planned}, \
    {block, "in_flight", "in_flight N", "A limit of requests at a time.", 0, kMany, true, kFlat, kMay, none, false, State::planned}, \
    {block, "api_key", "api_key …", "Asks for a key in a header.", 0, kMany, true, kFlat, kMay, none, false, State::planned}, \
    {block, "forward_auth", "forward_auth DESTINATION [PATH] { … }", "Asks another service first.", 0, kMany, true, kFlat, kMay, none, false, State::planned}, \
    {block, "compress", "compress", "Compresses answers.", 0, kMany, true, kFlat, kMay, none, false, State::planned},   \
    {block, "body_limit", "body_limit SIZE", "Larger bodies get 413.", 0, kMany, true, kFlat, kMay, none, false, State::planned}, \
    {block, "timeout", "timeout …", "Time limits.", 0, kMany, true, kFlat, kMay, none, false, State::planned},          \
    {block, "retry", "retry …", "Asks again.", 0, kMany, true, kFlat, kMay, none, false, State::planned},               \
    {block, "cors", "cors …", "Answers for other origins.", 0, kMany, true, kFlat, kMay, none, false, State::planned}
#define SLUICE_WITHOUT(block)                                                                                       \
    {block, "without", "without MIDDLEWARE, …", "Takes a middleware of the blocks around off again.", 1, 1, true}
    SLUICE_ACTS(middleware),

    {host, "route", "route [exact|regex] PATH, … [-> DESTINATION] [{ … }]", "What answers below a path.", 1, 2, true, SignRule::may_to, kMay, route},
    {host, "tls", "tls ISSUER|CERTIFICATE|off [{ … }]", "Which certificate is served; `letsencrypt` when unwritten.", 1, 1, false, kFlat, kMay, tls, true},
    {host, "name", "name PATTERN", "The name of its objects; `${host}` and `${label}` may stand in it.", 1, 1, false, kFlat, kNo, none, true},
    {host, "plain_http", "plain_http redirect|serve|refuse", "What http:// gets where TLS ends here; `redirect` when unwritten.", 1, 1, false, kFlat, kNo, none, true},
    SLUICE_ACTS(host),
    SLUICE_WITHOUT(host),
    {host, "for", "for NAME in data(\"FILE\") { … }", "Repeats statements for records of a file.", 0, kMany, true, SignRule::may_to, kMay, none, false, State::planned},

    {zone, "tls", "tls ISSUER|CERTIFICATE|off [{ … }]", "As in a host, for all hosts here.", 1, 1, false, kFlat, kMay, tls, true},
    {zone, "name", "name PATTERN", "As in a host; needs `${host}` or `${label}`.", 1, 1, false, kFlat, kNo, none, true},
    {zone, "plain_http", "plain_http redirect|serve|refuse", "As in a host, for all hosts here.", 1, 1, false, kFlat, kNo, none, true},
    SLUICE_ACTS(zone),
    SLUICE_WITHOUT(zone),
    {zone, "for", "for NAME in data(\"FILE\") { … }", "Repeats statements for records of a file.", 0, kMany, true, SignRule::may_to, kMay, none, false, State::planned},

    {route, "strip_prefix", "strip_prefix [PATH]", "Takes the route's path, or a part of it, off what the upstream sees.", 0, 1, false, kFlat, kNo, none, true},
    {route, "name", "name PATTERN", "The name of its objects.", 1, 1, false, kFlat, kNo, none, true},
    SLUICE_ACTS(route),
    SLUICE_WITHOUT(route),
    {route, "when", "when CONDITION", "A route only for some requests.", 0, kMany, true, SignRule::may_to, kMay, none, false, State::planned},
    {route, "add_prefix", "add_prefix PATH", "Puts a path before what the upstream sees.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {route, "rewrite", "rewrite …", "Rewrites the path.", 0, kMany, true, SignRule::may_to, kMay, none, false, State::planned},
    {route, "mirror", "mirror UPSTREAM", "Sends a copy elsewhere.", 0, kMany, true, kFlat, kMay, none, false, State::planned},

    {tls, "certificate", "certificate PATTERN", "The name of the certificate; `${host}` may stand in it.", 1, 1, false, kFlat, kNo, none, true},
    {tls, "secret", "secret PATTERN", "The name of the Secret that keeps it.", 1, 1, false, kFlat, kNo, none, true},
    {tls, "client_certificate", "client_certificate secret(\"NAME\") [optional]", "Asks clients for a certificate.", 0, kMany, true, kFlat, kMay, none, false, State::planned},

    {site, "target", "target NAME [{ … }]", "What runs there; `table` when unwritten.", 1, 1, false, kFlat, kMay, target, true},
    {site, "namespace", "namespace NAME", "The namespace of its objects and services; `default` when unwritten.", 1, 1, false, kFlat, kNo, none, true},
    {site, "listen", "listen http|https PORT", "The port that clients, or the edge, dial; http 80 and https 443 when none is written.", 2, 2},
    {site, "front", "front SITE via DESTINATION [{ … }]", "Ends TLS and hands the hosts of both on to another site, whole.", 3, 5, false, kFlat, kMay, front},
    {site, "behind", "behind NAME { … }", "A foreign edge in front of this site.", 1, 1, false, kFlat, kMust, behind},
    {site, "serve", "serve HOST, …", "Only the hosts that match.", 1, 1, true, kFlat, kNo, none, true},
    {site, "set", "set NAME = VALUE, …", "Gives a param its value here.", 1, 1, false, SignRule::is},
    {site, "use", "use MIDDLEWARE, …", "A middleware for every host here.", 1, 1, true},
    {site, "without", "without MIDDLEWARE, …", "Takes a middleware off everywhere here.", 1, 1, true},
    {site, "service_domain", "service_domain DOMAIN", "What follows a service's name where it is dialled as a DNS name.", 1, 1, false, kFlat, kNo, none, true},
    {site, "degrade", "degrade FEATURE [on HOST] TEXT", "Accepts that the target lacks a feature, and says why.", 2, 4},
    {site, "secrets", "secrets FOLDER", "Where secrets lie.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {site, "node", "node NAME { … }", "A machine of the site.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {site, "dns", "dns HOST ADDRESS", "What DNS says.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {site, "gitops", "gitops argocd|flux", "Who applies the artifacts.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {site, "require", "require FEATURE", "A feature that must not be degraded.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {front, "from", "from CIDR, …", "The addresses that this site connects from; the private ranges when unwritten.", 1, 1, true, kFlat, kNo, none, true},
    {behind, "trust", "trust CIDR, …", "The addresses that the edge connects from.", 1, 1, true, kFlat, kNo, none, true},
    {behind, "tls", "tls ended", "TLS ends at the edge.", 1, 1, false, kFlat, kNo, none, true},
    {behind, "proxy_protocol", "proxy_protocol", "The edge speaks the PROXY protocol.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
    {behind, "client_ip", "client_ip HEADER", "The header in which the edge names the client.", 0, kMany, true, kFlat, kMay, none, false, State::planned},

    {test, "site", "site NAME", "Only at this site.", 1, 1, false, kFlat, kNo, none, true},
    {test, "request", "request METHOD URL [from ADDRESS] [{ … }]", "A request; its `expect`s follow.", 2, 4, false, kFlat, kMay, request},
    {test, "expect", "expect upstream D | status N | redirect [CODE] URL | path P | header N TEXT|present|absent | upstream_header N TEXT|present|absent | certificate N | [no] middleware N | refused", "What must hold for the request above.", 1, 4},
    {request, "header", "header NAME TEXT", "A header of the request.", 2, 2},
    {request, "denied", "denied by NAME [STATUS]", "What an asked service says.", 0, kMany, true, kFlat, kMay, none, false, State::planned},
};
// clang-format on

struct Key {
  Block in;
  std::string_view word;
  bool operator==(const Key&) const = default;
};
struct HashKey {
  size_t operator()(const Key& key) const {
    return std::hash<std::string_view>{}(key.word) * 31 + static_cast<size_t>(key.in);
  }
};

}  // namespace

std::span<const Row> schema() { return kRows; }

const Row* find_row(Block in, std::string_view word) {
  static const auto kIndex = [] {
    std::unordered_map<Key, const Row*, HashKey> index;
    for (const Row& row : kRows) index.emplace(Key{row.in, row.word}, &row);
    return index;
  }();
  auto found = kIndex.find(Key{in, word});
  return found == kIndex.end() ? nullptr : found->second;
}

std::string_view nearest_word(Block in, std::string_view word) {
  Nearest nearest(word);
  for (const Row& row : kRows) {
    if (row.in == in) nearest.offer(row.word);
  }
  return nearest.best();
}

std::string_view to_string(Block block) {
  switch (block) {
    case top:
      return "the top level";
    case issuer:
      return "an `issuer` block";
    case challenge:
      return "a `challenge` block";
    case certificate:
      return "a `certificate` block";
    case upstream:
      return "an `upstream` block";
    case middleware:
      return "a `middleware` block";
    case host:
      return "a `host` block";
    case zone:
      return "a `zone` block";
    case route:
      return "a `route` block";
    case tls:
      return "a `tls` block";
    case site:
      return "a `site` block";
    case target:
      return "a `target` block";
    case front:
      return "a `front` block";
    case behind:
      return "a `behind` block";
    case test:
      return "a `test` block";
    case request:
      return "a `request` block";
    case none:
      break;
  }
  return "this block";
}

}  // namespace sluice::model
