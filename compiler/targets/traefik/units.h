// Routes gathered into the objects that will carry them: one unit becomes one IngressRoute, or the
// Ingresses of one block of the source.
#pragma once

#include <string>
#include <vector>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {

struct Rule {
  const plan::Route* route;
  int priority;
  std::vector<std::string> middlewares;
  std::vector<Backend> backends;  // none: the middlewares answer
  bool guarded;
};

struct Unit {
  std::string name, name_space;
  bool tls = false;                      // on the TLS entry point, else on the plain one
  std::string secret;                    // of its certificate, when it lies in this namespace
  std::vector<const plan::Host*> hosts;  // that are treated alike
  std::vector<Rule> rules;
  Span at;

  std::string entry_point() const { return tls ? "websecure" : "web"; }
};

// In the order of hosts. Hosts of one block and with the same treatment share a unit; `by_secret`
// says that they need one certificate for that.
std::vector<Unit> units(Context& context, bool by_secret);

// Hosts whose plain HTTP is sent to HTTPS, by what must stand before and by priority.
struct ToHttps {
  std::vector<std::string> middlewares;
  int priority;
  std::vector<const plan::Host*> hosts;
};
std::vector<ToHttps> to_https_groups(Context& context);

// The hosts that an entry point answers for.
std::vector<const plan::Host*> on_entry_point(const plan::Plan& plan, bool tls);
// Hosts there that a wildcard would take over where their own routes end, with the priority of a
// last router.
struct Last {
  const plan::Host* host;
  int priority;
};
std::vector<Last> lasts(const Context& context, bool tls);

}  // namespace sluice::targets::traefik
