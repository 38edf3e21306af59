#include <variant>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

std::string issuer_name(const plan::Issuer& issuer) {
  const auto* installed = std::get_if<plan::Installed>(&*issuer.kind);
  return installed != nullptr ? installed->name : issuer.name;
}

// Names without a certificate get no handshake, and weak ciphers are off, as at every other site.
void tls_option(Context& context) {
  Yaml& spec = context.out.add(
      Folder::site, "traefik.io/v1alpha1", "TLSOption", *context.plan.site.name_space, "default",
      context.plan.site.target.at,
      "For the whole Traefik: there is one `default` in a cluster. Without it a name that no\n"
      "certificate covers gets Traefik's own certificate instead of no handshake.")["spec"];
  spec["minVersion"] = "VersionTLS12";
  spec["sniStrict"] = true;
  spec["cipherSuites"] = emit::list(std::vector<std::string>{
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"});
}

std::string secret_name(const plan::Plan& plan, const plan::Certificate& certificate) {
  if (const auto* existing = std::get_if<plan::Existing>(&*certificate.from))
    return plan[existing->secret].name;
  return plan[certificate.stored_as].name;
}

}  // namespace

std::string host_space(const plan::Plan& plan, const plan::Host& host) {
  return host.routes.empty() ? *plan.site.name_space : host.routes.front().name_space;
}

std::string secret_in(const Context& context, const plan::Host& host,
                      const std::string& name_space) {
  if (!host.tls || context.certificate_spaces[(**host.tls).index] != name_space) return {};
  return secret_name(context.plan, context.plan[**host.tls]);
}

void certificates(Context& context) {
  bool tls = false;
  context.certificate_spaces.assign(context.plan.certificates.size(),
                                    *context.plan.site.name_space);
  std::vector<bool> placed(context.plan.certificates.size());
  for (const plan::Host& host : context.plan.hosts) {
    if (!host.tls) continue;
    tls = true;
    uint32_t index = (**host.tls).index;
    if (!placed[index]) context.certificate_spaces[index] = host_space(context.plan, host);
    placed[index] = true;
  }
  if (tls) tls_option(context);
  for (size_t at = 0; at < context.plan.certificates.size(); ++at) {
    const plan::Certificate& certificate = context.plan.certificates[at];
    const auto* id = std::get_if<plan::IssuerId>(&*certificate.from);
    if (id == nullptr) continue;
    Yaml& spec = context.out.add(Folder::site, "cert-manager.io/v1", "Certificate",
                                 context.certificate_spaces[at], certificate.object,
                                 certificate.from.at)["spec"];
    spec["secretName"] = secret_name(context.plan, certificate);
    for (const auto& name : certificate.names) spec["dnsNames"].push(*name);
    spec["privateKey"] = emit::map({{"algorithm", "ECDSA"}, {"size", 256}});
    spec["issuerRef"] = emit::map({{"name", issuer_name(context.plan[*id])},
                                   {"kind", "ClusterIssuer"},
                                   {"group", "cert-manager.io"}});
  }
}

}  // namespace sluice::targets::traefik
