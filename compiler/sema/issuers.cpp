#include "compiler/sema/issuers.h"

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

using model::Node;

constexpr std::string_view kProduction = "https://acme-v02.api.letsencrypt.org/directory";
constexpr std::string_view kStaging = "https://acme-staging-v02.api.letsencrypt.org/directory";
constexpr std::string_view kZeroSsl = "https://acme.zerossl.com/v2/DV90";

FeatureId feature_of(plan::ChallengeKind kind) {
  switch (kind) {
    case plan::ChallengeKind::http01:
      return FeatureId::acme_http01;
    case plan::ChallengeKind::tls_alpn01:
      return FeatureId::acme_tls_alpn01;
    case plan::ChallengeKind::dns01:
      return FeatureId::acme_dns01;
  }
  return FeatureId::acme_http01;
}

std::optional<plan::Field<std::string>> directory(Building& b, Node node) {
  auto value = b.groups(node).front().next();
  if (!value) return {};
  if (value->text == "production")
    return plan::Field<std::string>(std::string(kProduction), value->use);
  if (value->text == "staging") return plan::Field<std::string>(std::string(kStaging), value->use);
  if (value->text == "zerossl") return plan::Field<std::string>(std::string(kZeroSsl), value->use);
  if (value->secret || value->text.find("://") == std::string::npos) {
    return wrong_type(*value, "production, staging, zerossl or a directory's URL", "", b.diags),
           std::nullopt;
  }
  auto url = read_url(*value, b.diags);
  if (!url) return {};
  if (url->scheme != "https") return wrong_type(*value, "an https URL", "", b.diags), std::nullopt;
  return plan::Field<std::string>(value->text, value->use);
}

std::optional<plan::Field<plan::Challenge>> challenge(Building& b, Node node) {
  constexpr std::string_view kShape = "challenge http-01|tls-alpn-01|dns-01 PROVIDER [{ … }]";
  const Span at = b.model[node].span;
  Words words = b.groups(node).front();
  plan::Challenge result;
  auto kind = words.next();
  if (!kind) return {};
  if (kind->text == "http-01")
    result.kind = plan::ChallengeKind::http01;
  else if (kind->text == "tls-alpn-01")
    result.kind = plan::ChallengeKind::tls_alpn01;
  else if (kind->text == "dns-01")
    result.kind = plan::ChallengeKind::dns01;
  else
    return wrong_type(*kind, "http-01, tls-alpn-01 or dns-01", "", b.diags), std::nullopt;
  bool dns = result.kind == plan::ChallengeKind::dns01;
  if (words.done() == dns || b.model[node].has_block > dns)
    return b.wrong_arguments("challenge", kShape, at), std::nullopt;
  if (dns) {
    auto provider = words.next();
    auto name = provider ? read_name(*provider, b.diags) : std::nullopt;
    if (!name) return {};
    result.provider = *name;
    uint32_t id = find_child(b.model.ast(node), node.statement, "credentials");
    if (id != syntax::kNone) {
      auto value = b.groups({node.file, id}).front().next();
      if (!value) return {};
      if (!value->secret) return wrong_type(*value, "secret(\"NAME\")", "", b.diags), std::nullopt;
      result.credentials =
          b.secret(value->secret->name, value->secret->key, plan::SecretUse::token, value->use);
    }
  }
  return plan::Field<plan::Challenge>(std::move(result), at);
}

}  // namespace

std::optional<PlannedIssuer> read_issuer(Building& b, model::DeclarationId id) {
  const model::Declaration& declared = b.model.declarations[id];
  std::string name(declared.name);
  if (declared.node.statement == syntax::kNone) {
    if (name == "local")
      return PlannedIssuer{
          {name, {plan::IssuerKind(plan::InternalCa{}), {}}}, FeatureId::internal_ca, {}};
    plan::Acme acme{{std::string(kProduction), {}}, {}, {plan::Challenge{}, {}}};
    return PlannedIssuer{{name, {plan::IssuerKind(acme), {}}}, FeatureId::acme_http01, {}};
  }
  const syntax::Ast& ast = b.model.ast(declared.node);
  auto child = [&](std::string_view word) {
    return Node{declared.node.file, find_child(ast, declared.node.statement, word)};
  };
  auto has = [&](std::string_view word) { return child(word).statement != syntax::kNone; };
  auto make = [&](plan::IssuerKind kind, FeatureId feature, std::string_view word) {
    Span at = b.model[child(word)].span;
    return PlannedIssuer{{name, {std::move(kind), at}}, feature, at};
  };
  if (has("internal_ca")) return make(plan::InternalCa{}, FeatureId::internal_ca, "internal_ca");
  if (has("acm")) return make(plan::Acm{}, FeatureId::acm, "acm");
  if (has("installed")) {
    Words words = b.groups(child("installed")).front();
    std::string there = name;
    if (!words.done()) {
      auto value = words.next();
      auto read = value ? read_name(*value, b.diags) : std::nullopt;
      if (!read) return {};
      there = *read;
    }
    return make(plan::Installed{there}, FeatureId::issuer_installed, "installed");
  }
  if (!has("acme")) return {};
  auto url = directory(b, child("acme"));
  if (!url) return {};
  plan::Acme acme{*url, {}, {plan::Challenge{}, b.model[child("acme")].span}};
  if (has("email")) {
    auto value = b.groups(child("email")).front().next();
    auto email = value ? read_email(*value, b.diags) : std::nullopt;
    if (!email) return {};
    acme.email = plan::Field<std::string>(*email, value->use);
  }
  std::string_view asks = "acme";
  if (has("challenge")) {
    auto read = challenge(b, child("challenge"));
    if (!read) return {};
    acme.challenge = *read;
    asks = "challenge";
  }
  FeatureId feature = feature_of(acme.challenge.peek().kind);
  return make(std::move(acme), feature, asks);
}

}  // namespace sluice::sema
