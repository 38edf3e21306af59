// The target `traefik`: Helm values for the installation, cert-manager objects, and the site's
// routes as IngressRoutes (or Ingresses, with `kind ingress`), for Traefik 3 on k3s or any
// Kubernetes. README.md tells what was measured and which chart knows which key.
#pragma once

#include "compiler/targets/target.h"

namespace sluice::targets::traefik {

extern const Target kTarget;

void audit(const plan::Plan& plan, diag::Sink& diags);
emit::Artifacts emit(const plan::Plan& plan);

}  // namespace sluice::targets::traefik
