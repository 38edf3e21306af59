// `sluice route METHOD URL --site S`: what the request meets at each hop, and which line says so.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "compiler/driver/commands.h"
#include "compiler/driver/judge.h"
#include "compiler/driver/project.h"

namespace sluice::driver {
namespace {

struct Words : SourceWords {
  std::string method, url, site, from;
  std::vector<std::string> headers;
};

struct Url {
  table::Scheme scheme = table::Scheme::https;
  std::string authority, target;
};

// "https://h/p?q", "h/p" (https), "http://h".
std::optional<Url> read_url(std::string text) {
  Url url;
  if (text.starts_with("http://")) url.scheme = table::Scheme::http;
  if (size_t at = text.find("://"); at != std::string::npos) {
    std::string scheme = text.substr(0, at);
    if (scheme != "http" && scheme != "https") return std::nullopt;
    text.erase(0, at + 3);
  }
  size_t slash = text.find_first_of("/?");
  url.authority = text.substr(0, slash);
  url.target = slash == std::string::npos ? "/" : text.substr(slash);
  if (url.target[0] == '?') url.target.insert(0, "/");
  if (url.authority.empty()) return std::nullopt;
  return url;
}

std::string place(const Project& project, Span span) {
  if (!span.known()) return "by default";
  return fmt::format("{}:{}", project.sources.path(span.source),
                     project.sources.position(span.source, span.begin).line);
}

std::string path_text(const plan::PathMatch& path) {
  switch (path.kind) {
    case plan::PathKind::exact:
      return "exact " + path.text;
    case plan::PathKind::regex:
      return "regex " + path.text;
    case plan::PathKind::prefix:
      break;
  }
  return path.text;
}

void explain_hop(const Project& project, const Hop& hop, Terminal& terminal) {
  const plan::Plan& plan = *hop.site->plan;
  const table::Decision& decision = hop.decision;
  terminal.out << fmt::format("{} ({})\n", plan.site.name, plan.site.target.peek());
  auto line = [&](const char* what, const std::string& value, const std::string& from) {
    terminal.out << fmt::format("  {:<11} {}{}\n", what, value,
                                from.empty() ? "" : "  [" + from + "]");
  };
  if (decision.certificate != table::kNone) {
    const plan::Certificate& certificate = plan.certificates[decision.certificate];
    line("certificate", certificate.object, place(project, certificate.from.at));
  }
  if (decision.host != table::kNone) {
    const table::HostRecord& record = hop.site->table->hosts()[decision.host];
    for (const plan::Host& host : plan.hosts) {
      if (host.pattern.peek().name != hop.site->table->text(record.name) ||
          static_cast<int>(host.pattern.peek().kind) != static_cast<int>(record.kind)) {
        continue;
      }
      line("host", plan::to_string(host.pattern.peek()), place(project, host.pattern.at));
      if (decision.route == table::kNone) continue;
      const table::RouteRecord& route = hop.site->table->routes()[decision.route];
      for (const plan::Route& candidate : host.routes) {
        if (candidate.path.peek().text != hop.site->table->text(route.path) ||
            static_cast<int>(candidate.path.peek().kind) != static_cast<int>(route.path_kind)) {
          continue;
        }
        line("route", path_text(candidate.path.peek()), place(project, candidate.at));
      }
    }
  }
  if (decision.client) {
    char buffer[table::kAddressText];
    line("client", std::string(table::format_address(*decision.client, buffer)),
         decision.trusted_peer ? "named by a trusted peer" : "the peer");
  }
  for (const table::Step& step : decision.steps) {
    const plan::Policy& policy = plan.policies[step.policy];
    line(step.let_in ? "acts" : "refuses", policy.object, place(project, policy.at));
  }
  line("answer", describe(hop), "");
}

int route(const Words& words, Terminal& terminal) {
  Project project;
  load_and_plan(words, project);
  if (int code = report(words, project, terminal); code != kFine) return code;
  const plan::Plan* site = choose_site(project, words.site, terminal);
  if (site == nullptr) return kUsage;
  std::optional<Url> url = read_url(words.url);
  if (!url) {
    terminal.err << "sluice: `" << words.url << "` is no http or https URL\n";
    return kUsage;
  }
  table::Request request;
  request.listener = url->scheme;
  request.method = words.method;
  request.target = url->target;
  request.headers.push_back({"Host", url->authority});
  request.peer =
      *table::parse_address("203.0.113.1");  // a stranger, from the addresses for examples
  request.server_name = url->authority.substr(0, url->authority.rfind(':'));
  if (!words.from.empty()) {
    auto peer = table::parse_address(words.from);
    if (!peer) {
      terminal.err << "sluice: `" << words.from << "` is no address\n";
      return kUsage;
    }
    request.peer = *peer;
  }
  for (const std::string& header : words.headers) {
    size_t colon = header.find(':');
    if (colon == std::string::npos) {
      terminal.err << "sluice: a header is written `Name: value`, not `" << header << "`\n";
      return kUsage;
    }
    size_t value = header.find_first_not_of(' ', colon + 1);
    request.headers.push_back(
        {header.substr(0, colon), value == std::string::npos ? "" : header.substr(value)});
  }
  Walker walker(project);
  for (const Hop& hop : walker.walk(*site, request)) explain_hop(project, hop, terminal);
  return kFine;
}

}  // namespace

Action setup_route(CLI::App& app) {
  auto words = std::make_shared<Words>();
  app.add_option("method", words->method, "GET, POST, …")->required();
  app.add_option("url", words->url, "https://host/path?query")->required();
  add_source_words(app, *words);
  app.add_option("--site", words->site, "Where the request comes in");
  app.add_option("--from", words->from, "The TCP peer's address; 203.0.113.1 when unsaid");
  app.add_option("-H,--header", words->headers, "A header, `Name: value`; may stand several times")
      ->expected(1)
      ->take_all();
  return [words](Terminal& terminal) { return route(*words, terminal); };
}

}  // namespace sluice::driver
