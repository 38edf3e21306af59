#include <set>
#include <variant>

#include "compiler/targets/caddy/parts.h"

namespace sluice::targets::caddy {
namespace {

void acme(emit::Blocks& out, std::string_view directive, const plan::Acme& issuer) {
  out.open({directive, "acme"});
  out.line({"dir", *issuer.directory});
  if (issuer.email) out.line({"email", **issuer.email});
  bool http = issuer.challenge->kind == plan::ChallengeKind::http01;
  out.line({http ? "disable_tlsalpn_challenge" : "disable_http_challenge"});
  out.close();
}

}  // namespace

const plan::Issuer* only_acme(const plan::Plan& plan) {
  const plan::Issuer* found = nullptr;
  for (const plan::Certificate& certificate : plan.certificates) {
    const auto* id = std::get_if<plan::IssuerId>(&*certificate.from);
    if (id == nullptr) continue;
    const plan::Issuer& issuer = plan[*id];
    if (!std::holds_alternative<plan::Acme>(*issuer.kind) ||
        (found != nullptr && found != &issuer)) {
      return nullptr;
    }
    found = &issuer;
  }
  return found;
}

emit::Blocks issuer_options(const plan::Plan& plan) {
  emit::Blocks out;
  if (const plan::Issuer* issuer = only_acme(plan)) {
    acme(out, "cert_issuer", std::get<plan::Acme>(*issuer->kind));
  }
  for (const plan::Issuer& issuer : plan.issuers) {
    if (!std::holds_alternative<plan::InternalCa>(*issuer.kind)) continue;
    out.line({"skip_install_trust"});  // who trusts the internal CA is for its users to say
    break;
  }
  return out;
}

emit::Blocks tls_part(const plan::Plan& plan, const plan::Host& host, const plan::Issuer* only) {
  emit::Blocks out;
  if (!host.tls) return out;
  const plan::Certificate& certificate = plan[**host.tls];
  if (const auto* files = std::get_if<plan::FilePair>(&*certificate.from)) {
    out.line({"tls", files->certificate, files->key});
  } else if (const auto* existing = std::get_if<plan::Existing>(&*certificate.from)) {
    std::string folder = "/run/secrets/" + plan[existing->secret].name;
    out.line({"tls", folder + "/tls.crt", folder + "/tls.key"});
  } else if (const auto* id = std::get_if<plan::IssuerId>(&*certificate.from)) {
    const plan::Issuer& issuer = plan[*id];
    if (std::holds_alternative<plan::InternalCa>(*issuer.kind)) out.line({"tls", "internal"});
    const auto* from_acme = std::get_if<plan::Acme>(&*issuer.kind);
    if (from_acme != nullptr && only == nullptr) {
      out.open({"tls"});
      acme(out, "issuer", *from_acme);
      out.close();
    }
  }
  return out;
}

}  // namespace sluice::targets::caddy
