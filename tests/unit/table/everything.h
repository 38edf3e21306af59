// A table in which every section has something: for round trips, damage, and the fuzzer's corpus.
#pragma once

#include "runtime/table/spec.h"

namespace sluice::table {

inline TableSpec everything() {
  TableSpec spec;
  spec.site = "edge";
  spec.listeners = {{Scheme::http, 80}, {Scheme::https, 8443}};
  spec.edges = {
      {"cloudflare", {"173.245.48.0/20", "2400:cb00::/32", "103.21.244.0/22"}, true, false}};

  PolicySpec peers;
  peers.object = "cloudflare-only", peers.groups = {"cloudflare-only"};
  peers.kind = PolicyKind::allow_peers, peers.cidrs = {"173.245.48.0/20", "127.0.0.1/32"};
  PolicySpec allow;
  allow.object = "office", allow.groups = {"office"};
  allow.kind = PolicyKind::allow_ips,
  allow.cidrs = {"203.0.113.9/32", "2001:db8::/32", "10.0.0.0/9", "10.128.0.0/9"};
  PolicySpec deny;
  deny.object = "banned", deny.kind = PolicyKind::deny_ips, deny.cidrs = {"10.6.6.6"};
  PolicySpec limit;
  limit.object = "throttle", limit.groups = {"throttle"}, limit.kind = PolicyKind::rate_limit;
  limit.rate_limit = {100, 60, 200, LimitBy::client_ip, ""};
  PolicySpec password;
  password.object = "admin-auth", password.groups = {"admin-auth"},
  password.kind = PolicyKind::basic_auth;
  password.basic_auth = {"admin-users", "", "admin \"area\""};
  PolicySpec by_key;
  by_key.object = "by-key", by_key.kind = PolicyKind::rate_limit;
  by_key.rate_limit = {5, 1, 5, LimitBy::header, "X-Key"};
  PolicySpec headers;
  headers.object = "security.headers", headers.groups = {"security.headers"},
  headers.kind = PolicyKind::header_edits;
  headers.request = {{EditOp::set, "X-From", "edge"}, {EditOp::remove, "X-Debug", ""}};
  headers.response = {{EditOp::set, "Strict-Transport-Security", "max-age=31536000"},
                      {EditOp::add, "X-Hop", "edge"},
                      {EditOp::remove, "Server", ""}};
  PolicySpec strip;
  strip.object = "strip-v1", strip.kind = PolicyKind::strip_prefix, strip.prefix = "/v1";
  spec.policies = {peers, allow, deny, limit, password, by_key, headers, strip};

  spec.upstreams = {
      {"api", "api", "honeydue/api:8000", Protocol::http, {{"api", 8000, 1}}},
      {"canary", "canary", "", Protocol::https, {{"10.0.0.5", 8443, 2}, {"2001:db8::5", 8443, 1}}},
      {"socket", "", "", Protocol::http, {{"/run/app.sock", 0, 1}}},
      {"inner", "", "", Protocol::http, {{"host.docker.internal", 30080, 1}}}};
  spec.fronts = {{"k3d", 3}};
  CertificateSpec acme;
  acme.object = "api-example-com", acme.names = {"api.example.com"},
  acme.from = CertificateFrom::acme;
  acme.issuer = "letsencrypt", acme.directory = "https://ca.example/directory",
  acme.email = "ops@example.com";
  acme.secret = "api-example-com-tls";
  CertificateSpec wildcard;
  wildcard.object = "wildcard", wildcard.names = {"*.example.com", "example.com"},
  wildcard.from = CertificateFrom::files;
  wildcard.certificate_file = "/etc/tls/w.crt", wildcard.key_file = "/etc/tls/w.key",
  wildcard.shared = true;
  spec.certificates = {acme, wildcard};

  auto route = [](PathKind kind, const char* path, std::vector<uint32_t> chain = {}) {
    RouteSpec r;
    r.path_kind = kind, r.path = path, r.object = path, r.chain = std::move(chain);
    return r;
  };
  RouteSpec v1 = route(PathKind::prefix, "/v1", {0, 3, 6, 7});
  v1.pool = {{0, 9000}, {1, 1000}};
  RouteSpec admin = route(PathKind::prefix, "/admin", {1, 2, 4, 5, 6});
  admin.pool = {{2, 10000}};
  RouteSpec health = route(PathKind::exact, "/healthz");
  health.answer = AnswerKind::respond, health.respond = {200, "ok\n", "text/plain; charset=utf-8"};
  RouteSpec users = route(PathKind::regex, "^/u/[0-9]+$");
  users.pool = {{1, 10000}};
  RouteSpec old = route(PathKind::prefix, "/old");
  old.answer = AnswerKind::redirect,
  old.redirect = {RedirectKind::permanent, 0, "https://new.example/x", false, true, true};
  RouteSpec root = route(PathKind::prefix, "/", {6});
  root.pool = {{0, 10000}};
  HostSpec api;
  api.name = "api.example.com", api.object = "honeydue-api", api.certificate = 0,
  api.plain_http = PlainHttp::redirect;
  api.routes = {root, v1, admin, health, users, old};

  RouteSpec handed = route(PathKind::prefix, "/");
  handed.front = 0;
  HostSpec wild;
  wild.kind = HostKind::one_label, wild.name = "example.com", wild.object = "wildcard-example-com";
  wild.certificate = 1, wild.plain_http = PlainHttp::refuse, wild.routes = {handed};
  HostSpec deep = wild;
  deep.kind = HostKind::any_depth, deep.name = "apps.example.com", deep.object = "deep";
  deep.certificate = kNone, deep.plain_http = PlainHttp::serve;
  HostSpec any;
  any.kind = HostKind::any, any.object = "any";
  RouteSpec moved = route(PathKind::prefix, "/");
  moved.answer = AnswerKind::redirect,
  moved.redirect = {RedirectKind::exact, 303, "/gone", false, false, false};
  any.routes = {moved};
  spec.hosts = {any, deep, wild, api};
  spec.needs = {"host_exact", "basic_auth", "host_exact"};
  spec.gaps = {{"mirror", "api.example.com", "no shadow traffic"}};
  return spec;
}

}  // namespace sluice::table
