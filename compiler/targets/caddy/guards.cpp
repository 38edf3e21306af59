#include <algorithm>
#include <map>

#include "compiler/targets/caddy/parts.h"

namespace sluice::targets::caddy {
namespace {

// Requests that no path can be told from, and paths that are spelled in more than one way.
void path_snippet(emit::Blocks& out) {
  out.comment(
      "Caddy matches a cleaned path but forwards the raw one, and knows /a%2Fb and /a/b as one. "
      "Every other\n"
      "target refuses such requests and forwards the cleaned path, so this is done first in every "
      "route.");
  out.open({"(sluice_path)"});
  out.line({"@bad", "vars_regexp", "{http.request.orig_uri}",
            "(?:^[^?]*(?:%(?:2[fF]|5[cC]|00)|/(?:\\.|%2[eE]){1,2};|[^\\x21-\\x7e]|\\\\)|#|^\\*)"});
  out.open({"handle", "@bad"}).line({"respond", "400"}).close();
  out.line({"@connect", "method", "CONNECT"});
  out.open({"handle", "@connect"}).line({"respond", "501"}).close();
  out.comment("only strip_prefix tells the upstream; a client's own word on it goes");
  out.line({"request_header", "-X-Forwarded-Prefix"});
  out.line({"@odd", "vars_regexp", "{http.request.uri}",
            "^[^?]*(?://|/\\.|%(?:2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE]))"});
  out.open({"route", "@odd"});
  static constexpr std::string_view kUnreserved =
      "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
  static constexpr char kHex[] = "0123456789abcdef";
  for (char c : kUnreserved) {
    std::string escape = {'%', kHex[c >> 4], kHex[c & 0xf]};
    out.line({"uri", "path_regexp", "(?i)" + escape, std::string(1, c)});
  }
  out.comment("never matches, but cleans the path that is forwarded");
  out.line({"uri", "strip_prefix", "/../"});
  out.close();
  out.comment("the escaped normal path, for the matchers of the routes");
  out.line({"@path", "vars_regexp", "path", "{http.request.uri}", "^([^?]*)"});
  out.line({"vars", "@path", "path", "{re.path.1}"});
  out.close().blank();
}

void upstream_snippet(emit::Blocks& out, bool front) {
  out.comment("An upstream believes these, so a client must not be able to say them.");
  out.open({"(sluice_upstream)"});
  out.line({"header_up", "X-Real-IP", "{client_ip}"});
  for (const char* name :
       {"-X-Forwarded-Port", "-X-Forwarded-Server", "-X-Forwarded-Uri", "-X-Forwarded-Method",
        "-X-Forwarded-Tls-Client-Cert", "-Forwarded", "-Via"}) {
    out.line({"header_up", name});
  }
  out.comment("slow answers are passed on as they come, and as the upstream encoded them");
  out.line({"flush_interval", "-1"});
  out.open({"transport", "http"}).line({"compression", "off"}).close();
  out.close().blank();
  if (!front) return;
  out.comment("The inner site trusts this one's X-Forwarded-*, and decides all the rest.");
  out.open({"(sluice_front)"});
  out.line({"import", "sluice_upstream"}).line({"header_up", "-X-Forwarded-Prefix"});
  out.close().blank();
}

// The snippets of guards on the peer that every route of the host has: they act before the redirect
// too.
std::vector<std::string> peers_of(const plan::Plan& plan, const plan::Host& host) {
  std::vector<std::string> common;
  for (size_t at = 0; at < host.routes.size(); ++at) {
    std::vector<std::string> here;
    for (const auto& id : host.routes[at].chain) {
      if (std::holds_alternative<plan::AllowPeers>(plan[*id].action))
        here.push_back(plan[*id].object);
    }
    if (at == 0) {
      common = here;
    } else {
      std::erase_if(common, [&](const auto& name) {
        return std::find(here.begin(), here.end(), name) == here.end();
      });
    }
  }
  return common;
}

void host_matcher(emit::Blocks& out, const std::string& name,
                  const std::vector<std::string>& hosts) {
  if (hosts.size() <= 4) {
    std::vector<std::string> words = {"@" + name, "host"};
    words.insert(words.end(), hosts.begin(), hosts.end());
    out.line(words);
    return;
  }
  out.open({"@" + name});
  for (const std::string& host : hosts) out.line({"host", host});
  out.close();
}

void redirects(emit::Blocks& out, const plan::Plan& plan) {
  // Hosts by what must stand before their redirect.
  std::map<std::vector<std::string>, std::vector<std::string>> groups;
  for (const plan::Host& host : plan.hosts) {
    if (!host.tls || *host.plain_http != plan::PlainHttp::redirect || in_catch_all(host)) continue;
    std::vector<std::string> before = peers_of(plan, host);
    if (!is_front(host)) before.insert(before.begin(), "sluice_path");
    groups[before].push_back(to_string(*host.pattern));
  }
  if (groups.empty()) return;
  out.comment(
      "Challenges of a CA are answered by Caddy itself, before this; no redirect for the others.");
  out.line({"@challenge", "path", "/.well-known/acme-challenge/*"});
  out.open({"handle", "@challenge"}).line({"respond", "404"}).close();
  uint16_t port = port_of(plan, plan::Scheme::https);
  std::string to = "https://{host}" + (port == 443 ? "" : ":" + std::to_string(port)) + "{uri}";
  int number = 0;
  for (const auto& [before, hosts] : groups) {
    std::string name = "tls" + (++number > 1 ? std::to_string(number) : std::string());
    host_matcher(out, name, hosts);
    out.open({"handle", "@" + name}).open({"route"});
    for (const std::string& snippet : before) out.line({"import", snippet});
    out.line({"@get", "method", "GET"});
    out.line({"redir", "@get", to, "301"});
    out.line({"redir", "*", to, "308"});
    out.close().close();
  }
}

// Hosts without an address of their own: the longest first, `*` last.
std::vector<const plan::Host*> loose_hosts(const plan::Plan& plan, plan::Scheme scheme) {
  std::vector<const plan::Host*> result;
  for (const plan::Host& host : plan.hosts) {
    if (!in_catch_all(host)) continue;
    bool here = scheme == plan::Scheme::https ? host.tls.has_value()
                                              : *host.plain_http == plan::PlainHttp::serve;
    if (here) result.push_back(&host);
  }
  std::stable_sort(result.begin(), result.end(), [](const plan::Host* a, const plan::Host* b) {
    return a->pattern->name.size() > b->pattern->name.size();
  });
  return result;
}

void catch_all_site(emit::Blocks& out, const plan::Plan& plan, plan::Scheme scheme) {
  std::vector<std::string> addresses = catch_all(plan, scheme);
  if (addresses.empty()) return;
  out.open_list(addresses);
  std::vector<const plan::Host*> loose = loose_hosts(plan, scheme);
  if (scheme == plan::Scheme::https) {
    const plan::Issuer* only = only_acme(plan);
    for (const plan::Host* host : loose) out.append(tls_part(plan, *host, only));
  }
  out.open({"route"});
  if (scheme == plan::Scheme::http) redirects(out, plan);
  bool complete = false;
  for (const plan::Host* host : loose) {
    if (host->pattern->kind == plan::HostKind::any) {
      complete = true;
      out.open({"handle"}).line({"import", "host-" + host->object}).close();
      continue;
    }
    std::string escaped;
    for (char c : host->pattern->name) escaped += c == '.' ? std::string("\\.") : std::string(1, c);
    out.line({"@" + host->object, "header_regexp", "Host",
              "(?i)^(?:[^.:]+\\.)+" + escaped + "(?::\\d*)?$"});
    out.open({"handle", "@" + host->object}).line({"import", "host-" + host->object}).close();
  }
  if (!complete) out.open({"handle"}).line({"respond", "404"}).close();
  out.close().close().blank();
}

}  // namespace

std::string guards(const plan::Plan& plan) {
  bool routes = std::any_of(plan.hosts.begin(), plan.hosts.end(),
                            [](const auto& host) { return !is_front(host); });
  emit::Blocks out;
  out.comment(
      "Guards for site " + plan.site.name +
      ", imported by the Caddyfile beside this file: what Caddy needs\n" +
      "to answer as every other target does. Written by sluice; nothing here is for editing.");
  out.blank();
  if (routes) path_snippet(out);
  upstream_snippet(out, !plan.fronts.empty());
  out.comment(
      "Hosts that no site names: without these sites Caddy answers 200 with an empty body.");
  catch_all_site(out, plan, plan::Scheme::http);
  catch_all_site(out, plan, plan::Scheme::https);
  std::string text = out.text();
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace sluice::targets::caddy
