// Limits of value that no row of the capability table can say.
#include <algorithm>
#include <variant>

#include "compiler/diag/catalog.gen.h"
#include "compiler/targets/caddy/caddy.h"

namespace sluice::targets::caddy {
namespace {

void one_protocol(const plan::Plan& plan, const plan::Pool& pool, diag::Sink& diags) {
  plan::Protocol first = plan[pool.shares.front().upstream.peek()].protocol.peek();
  for (const plan::Share& share : pool.shares) {
    if (plan[share.upstream.peek()].protocol.peek() == first) continue;
    diags.emit(diag::PoolMixesProtocols{.target = "caddy"}, share.upstream.at);
    return;
  }
}

}  // namespace

void audit(const plan::Plan& plan, diag::Sink& diags) {
  for (const plan::Host& host : plan.hosts) {
    for (const plan::Route& route : host.routes) {
      if (const auto* pool = std::get_if<plan::Pool>(&route.to.peek()))
        one_protocol(plan, *pool, diags);
    }
  }
}

}  // namespace sluice::targets::caddy
