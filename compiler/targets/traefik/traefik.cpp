#include "compiler/targets/traefik/traefik.h"

#include "compiler/targets/traefik/capabilities.h"

namespace sluice::targets::traefik {
namespace {

using Kind = OptionRow::Kind;

constexpr OptionRow kOptions[] = {
    {"platform", Kind::choice, "k3s|plain",
     "k3s: a HelmChartConfig for its own Traefik; plain: Helm values (plain)"},
    {"kind", Kind::choice, "ingressroute|ingress", "which objects carry the routes (ingressroute)"},
    {"chart", Kind::text, "",
     "the Helm chart's version that reads the values, e.g. 39.0.501+up39.0.5"},
    {"daemonset", Kind::flag, "", "one Traefik on each node"},
    {"host_network", Kind::flag, "", "Traefik listens on its nodes' own ports, without a Service"},
};

constexpr Ignored kIgnores[] = {
    {"Certificate.names", "of an existing Secret: Traefik reads them in the certificate itself"},
    {"Edge.tls_ended", "what a trusted edge says in X-Forwarded-Proto is kept and passed on"},
    {"Respond.body", "a body of its own is refused by the capability table"},
    {"Site.service_domain", "Services are reached by reference, not by name"},
    {"Site.target", "it chose this target"},
};

constexpr Variant kVariants[] = {{"kind", "ingress", kIngress}};

}  // namespace

constinit const Target kTarget = {
    .facts = {.name = "traefik",
              .summary =
                  "Helm values, IngressRoutes or Ingresses, cert-manager objects, for Traefik 3",
              .kubernetes = true,
              .options = kOptions,
              .capabilities = kIngressRoute,
              .variants = kVariants},
    .ignores = kIgnores,
    .audit = audit,
    .emit = emit,
};

}  // namespace sluice::targets::traefik
