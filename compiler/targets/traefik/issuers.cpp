#include <variant>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

constexpr std::string_view kApi = "cert-manager.io/v1";
const std::string kSpace = "cert-manager";  // where a ClusterIssuer's Secrets are

Yaml http01() {
  Yaml ingress;
  ingress["ingressClassName"] = "traefik";
  ingress["serviceType"] = "ClusterIP";
  Yaml& annotations = ingress["ingressTemplate"]["metadata"]["annotations"];
  annotations["traefik.ingress.kubernetes.io/router.priority"] = "1000000";
  annotations.comment("No route, redirect or guard of the host comes before its solver.");
  Yaml solver;
  solver["http01"]["ingress"] = ingress;
  return solver;
}

Yaml reference(const std::string& name, std::string_view key) {
  return emit::map({{"name", name}, {"key", key}});
}

Yaml ovh(const std::string& secret) {
  Yaml webhook;
  webhook["groupName"] = "acme.mycompany.example";
  webhook["groupName"].comment("As the webhook was installed: the value `groupName` of its chart.");
  webhook["solverName"] = "ovh";
  Yaml& config = webhook["config"];
  config["endpoint"] = "ovh-eu";
  config["authenticationMethod"] = "application";
  config["applicationKeyRef"] = reference(secret, "applicationKey");
  config["applicationSecretRef"] = reference(secret, "applicationSecret");
  config["applicationConsumerKeyRef"] = reference(secret, "applicationConsumerKey");
  Yaml solver;
  solver["dns01"]["webhook"] = webhook;
  return solver;
}

void acme(Context& context, const plan::Issuer& issuer, const plan::Acme& acme) {
  Yaml& spec = context.out.add(Folder::issuers, kApi, "ClusterIssuer", "", issuer.name,
                               issuer.kind.at)["spec"]["acme"];
  spec["server"] = *acme.directory;
  if (acme.email) spec["email"] = **acme.email;
  spec["privateKeySecretRef"]["name"] = issuer.name + "-account";
  const plan::Challenge& challenge = *acme.challenge;
  if (challenge.kind == plan::ChallengeKind::dns01 && challenge.credentials) {
    spec["solvers"].push(ovh(context.plan[*challenge.credentials].name));
  } else {
    spec["solvers"].push(http01());
  }
}

void internal_ca(Context& context, const plan::Issuer& issuer) {
  Span origin = issuer.kind.at;
  std::string root = issuer.name + "-ca";
  std::string by_itself = issuer.name + "-selfsigned";
  context.out.add(Folder::issuers, kApi, "ClusterIssuer", "", by_itself,
                  origin)["spec"]["selfSigned"] = emit::map();
  Yaml& spec = context.out.add(Folder::issuers, kApi, "Certificate", kSpace, root, origin)["spec"];
  spec["isCA"] = true;
  spec["commonName"] = "Sluice " + issuer.name + " CA";
  spec["secretName"] = root;
  spec["duration"] = "87600h";
  spec["privateKey"] =
      emit::map({{"algorithm", "ECDSA"}, {"size", 256}, {"rotationPolicy", "Never"}});
  spec["privateKey"].comment("Another key would be another root for everyone to trust.");
  spec["issuerRef"] =
      emit::map({{"name", by_itself}, {"kind", "ClusterIssuer"}, {"group", "cert-manager.io"}});
  context.out.add(Folder::issuers, kApi, "ClusterIssuer", "", issuer.name,
                  origin)["spec"]["ca"]["secretName"] = root;
}

}  // namespace

void issuers(Context& context) {
  for (const plan::Issuer& issuer : context.plan.issuers) {
    if (const auto* from = std::get_if<plan::Acme>(&*issuer.kind)) acme(context, issuer, *from);
    if (std::holds_alternative<plan::InternalCa>(*issuer.kind)) internal_ca(context, issuer);
  }
}

}  // namespace sluice::targets::traefik
