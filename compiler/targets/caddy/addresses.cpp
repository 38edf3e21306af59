#include <algorithm>

#include "compiler/targets/caddy/parts.h"

namespace sluice::targets::caddy {
namespace {

uint16_t usual(plan::Scheme scheme) { return scheme == plan::Scheme::http ? 80 : 443; }

// One address a listener; the first listener's port is that of the global options, so it goes
// unsaid.
std::vector<std::string> on_listeners(const plan::Plan& plan, plan::Scheme scheme,
                                      const std::string& host, bool say_scheme) {
  std::vector<std::string> result;
  uint16_t first = port_of(plan, scheme);
  for (const plan::Listener& listener : plan.listeners) {
    if (listener.scheme != scheme) continue;
    bool unsaid = *listener.port == first;
    std::string prefix = scheme == plan::Scheme::http ? "http://"
                         : (say_scheme || !unsaid)    ? "https://"
                                                      : "";
    result.push_back(prefix + host + (unsaid ? "" : ":" + std::to_string(*listener.port)));
  }
  return result;
}

}  // namespace

uint16_t port_of(const plan::Plan& plan, plan::Scheme scheme) {
  uint16_t first = 0;
  for (const plan::Listener& listener : plan.listeners) {
    if (listener.scheme != scheme) continue;
    if (*listener.port == usual(scheme)) return usual(scheme);
    if (first == 0) first = *listener.port;
  }
  return first;
}

bool in_catch_all(const plan::Host& host) {
  return host.pattern->kind == plan::HostKind::any ||
         host.pattern->kind == plan::HostKind::any_depth;
}

std::vector<std::string> addresses(const plan::Plan& plan, const plan::Host& host) {
  std::string name = to_string(*host.pattern);
  std::vector<std::string> result;
  if (host.tls) result = on_listeners(plan, plan::Scheme::https, name, false);
  if (*host.plain_http == plan::PlainHttp::serve) {
    for (std::string& address : on_listeners(plan, plan::Scheme::http, name, true)) {
      result.push_back(std::move(address));
    }
  }
  return result;
}

std::vector<std::string> catch_all(const plan::Plan& plan, plan::Scheme scheme) {
  if (scheme == plan::Scheme::https &&
      std::none_of(plan.hosts.begin(), plan.hosts.end(),
                   [](const auto& host) { return host.tls.has_value(); })) {
    return {};
  }
  return on_listeners(plan, scheme, "", true);
}

}  // namespace sluice::targets::caddy
