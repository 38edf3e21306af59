#include "runtime/server/match.h"

#include <cstdio>

#include "runtime/proxy/generation.h"
#include "runtime/table/evaluate.h"

namespace sluice::server {
namespace {

bool read_url(std::string_view url, table::Request& request) {
  const size_t scheme = url.find("://");
  if (scheme == url.npos) return false;
  const std::string_view name = url.substr(0, scheme);
  if (name != "http" && name != "https") return false;
  request.listener = name == "https" ? table::Scheme::https : table::Scheme::http;
  url.remove_prefix(scheme + 3);
  const size_t path = std::min(url.find_first_of("/?"), url.size());
  if (path == 0) return false;
  request.headers.push_back({"Host", std::string(url.substr(0, path))});
  request.target = url.substr(path);
  if (!request.target.starts_with('/')) request.target.insert(0, 1, '/');
  return true;
}

void line(const char* name, std::string_view value) {
  std::printf("%-12s %.*s\n", name, static_cast<int>(value.size()), value.data());
}

void print(const table::Table& t, const table::Decision& d) {
  std::string outcome(table::describe(d.outcome));
  if (d.status != 0) outcome += " " + std::to_string(d.status);
  if (d.reason != table::Reason::none) outcome.append(": ").append(table::describe(d.reason));
  line("answer", outcome);
  if (d.host != table::kNone) {
    const table::HostRecord& host = t.hosts()[d.host];
    const char* wildcard[] = {"", "*.", "**.", "*"};
    line("host", wildcard[static_cast<int>(host.kind)] + std::string(t.text(host.name)));
  }
  if (d.route != table::kNone) {
    const table::RouteRecord& route = t.routes()[d.route];
    const char* kind[] = {"exact ", "regex ", ""};
    line("route", std::string(t.text(t.route_objects()[d.route])) + ": " +
                      kind[static_cast<int>(route.path_kind)] + std::string(t.text(route.path)));
  }
  if (d.certificate != table::kNone)
    line("certificate", t.text(t.certificates()[d.certificate].object));
  for (const table::Step& step : d.steps) {
    line("middleware",
         std::string(t.text(t.policies()[step.policy].object)) + (step.let_in ? "" : " (refuses)"));
  }
  if (!d.location.empty()) line("location", d.location);
  for (const table::PoolChoice& choice : d.pool) {
    const table::UpstreamRecord& upstream = t.upstreams()[choice.upstream];
    line("upstream",
         std::string(t.text(upstream.object)) + " " + std::to_string(choice.weight / 100) + "%");
    for (const table::MemberRecord& member : t.members(upstream)) {
      line("", std::string(t.text(member.host)) + ":" + std::to_string(member.port));
    }
  }
  if (!d.upstream_target.empty()) line("target", d.upstream_target);
  for (const table::HeaderField& h : d.upstream_headers) line("  sent", h.name + ": " + h.value);
  for (const table::HeaderField& h : d.answer_headers) line("  answered", h.name + ": " + h.value);
}

}  // namespace

int run_match(const Options& options) {
  table::Request request;
  request.method = options.match[0];
  if (!read_url(options.match[1], request)) {
    std::fprintf(stderr, "sluiced: --match: %s is not http://HOST/… or https://HOST/…\n",
                 options.match[1].c_str());
    return 2;
  }
  if (!options.match_peer.empty()) {
    const auto peer = table::parse_address(options.match_peer);
    if (!peer) {
      std::fprintf(stderr, "sluiced: --from: %s is not an address\n", options.match_peer.c_str());
      return 2;
    }
    request.peer = *peer;
  }
  Result<proxy::TableBytes> file = proxy::TableBytes::open(options.table);
  if (!file) {
    std::fprintf(stderr, "sluiced: %s\n", file.error().message.c_str());
    return 1;
  }
  const Result<table::Table> table = table::Table::load(file->view());
  if (!table) {
    std::fprintf(stderr, "sluiced: the table %s: %s\n", options.table.c_str(),
                 table.error().message.c_str());
    return 1;
  }
  print(*table, table::evaluate(*table, request));
  return 0;
}

}  // namespace sluice::server
