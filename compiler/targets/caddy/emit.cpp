#include <algorithm>
#include <unordered_map>
#include <variant>

#include "compiler/targets/caddy/caddy.h"
#include "compiler/targets/caddy/parts.h"

namespace sluice::targets::caddy {
namespace {

emit::Blocks global_options(const plan::Plan& plan) {
  emit::Blocks out;
  out.open(std::vector<std::string>{});
  uint16_t http = port_of(plan, plan::Scheme::http);
  uint16_t https = port_of(plan, plan::Scheme::https);
  if (http != 0 && http != 80) out.line({"http_port", std::to_string(http)});
  if (https != 0 && https != 443) out.line({"https_port", std::to_string(https)});
  bool tls = std::any_of(plan.hosts.begin(), plan.hosts.end(),
                         [](const auto& host) { return host.tls.has_value(); });
  if (tls) out.line({"auto_https", "disable_redirects"});
  out.append(issuer_options(plan));
  out.open({"servers"});
  out.line({"max_header_size", "60KiB"});
  plan::CidrList trust;
  for (const plan::Edge& edge : plan.edges) {
    out.comment(edge.name + (edge.is_site ? ", the site in front," : "") +
                " speaks for its clients");
    trust.insert(trust.end(), edge.trust->begin(), edge.trust->end());
  }
  std::sort(trust.begin(), trust.end());
  trust.erase(std::unique(trust.begin(), trust.end()), trust.end());
  if (!trust.empty()) {
    trust.insert(trust.begin(), {"trusted_proxies", "static"});
    out.line(trust).line({"trusted_proxies_strict"});
  }
  out.close().close();
  return out;
}

// Hosts with the same treatment stand in one site block, in the order of the first.
struct SiteBlock {
  std::vector<std::string> addresses;
  emit::Blocks body;
};

std::vector<SiteBlock> site_blocks(const plan::Plan& plan) {
  std::vector<SiteBlock> result;
  std::unordered_map<std::string, size_t> by_text;
  const plan::Issuer* only = only_acme(plan);
  for (const plan::Host& host : plan.hosts) {
    if (in_catch_all(host)) continue;
    std::vector<std::string> here = addresses(plan, host);
    if (here.empty()) continue;
    emit::Blocks body;
    body.append(tls_part(plan, host, only)).append(host_body(plan, host));
    auto [at, is_new] = by_text.emplace(body.text(), result.size());
    if (is_new) result.push_back({{}, std::move(body)});
    std::vector<std::string>& all = result[at->second].addresses;
    all.insert(all.end(), here.begin(), here.end());
  }
  return result;
}

std::string caddyfile(const plan::Plan& plan) {
  emit::Blocks out;
  out.comment("Site " + plan.site.name +
              ". Written by sluice from its source: change that, not this.");
  out.append(global_options(plan)).blank();
  out.append(policy_snippets(plan)).blank();
  for (const plan::Host& host : plan.hosts) {
    if (!in_catch_all(host)) continue;
    out.comment("every host " + to_string(*host.pattern) + " that no other site names");
    out.open({"(host-" + host.object + ")"}).append(host_body(plan, host)).close().blank();
  }
  out.line({"import", "sluice-guards.caddy"}).blank();
  std::string text;
  for (const SiteBlock& block : site_blocks(plan)) {
    out.open_list(block.addresses).append(block.body).close().blank();
  }
  text = out.text();
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::vector<Span> origins(const plan::Plan& plan) {
  std::vector<Span> result = {plan.site.target.at};
  for (const plan::Host& host : plan.hosts) result.push_back(host.at);
  return result;
}

}  // namespace

emit::Artifacts emit(const plan::Plan& plan) {
  return {{"Caddyfile", caddyfile(plan), origins(plan)},
          {"sluice-guards.caddy", guards(plan), {plan.site.target.at}}};
}

}  // namespace sluice::targets::caddy
