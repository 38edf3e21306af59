#include <algorithm>

#include "compiler/targets/traefik/context.h"
#include "compiler/targets/traefik/traefik.h"

namespace sluice::targets::traefik {
namespace {

plan::CidrList trust_of(const plan::Plan& plan) {
  plan::CidrList result;
  for (const plan::Edge& edge : plan.edges)
    result.insert(result.end(), edge.trust->begin(), edge.trust->end());
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace

emit::Artifacts emit(const plan::Plan& plan) {
  Objects objects(plan);
  Context context{plan, read_options(plan), objects, priorities(plan), trust_of(plan), false, {}};
  context.any_host = std::any_of(plan.hosts.begin(), plan.hosts.end(), [](const plan::Host& host) {
    return host.pattern->kind == plan::HostKind::any;
  });
  emit::Artifacts result;
  platform(context, result);
  issuers(context);
  certificates(context);
  if (context.options.ingress) {
    ingresses(context);
  } else {
    ingress_routes(context);
  }
  for (emit::Artifact& artifact : objects.artifacts()) result.push_back(std::move(artifact));
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return result;
}

}  // namespace sluice::targets::traefik
