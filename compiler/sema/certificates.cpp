#include "compiler/sema/certificates.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/issuers.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

using model::Kind;
using model::Node;
using plan::HostKind;

// Names that no public issuer signs for (D37).
bool is_public(const plan::HostPattern& host) {
  size_t dot = host.name.rfind('.');
  if (dot == std::string::npos) return false;
  std::string_view last = std::string_view(host.name).substr(dot + 1);
  return last != "localhost" && last != "local" && last != "internal" && last != "test" &&
         !host.name.ends_with(".home.arpa");
}

}  // namespace

Certificates::Choice Certificates::choice(const HostDraft& host) {
  for (Node block : {host.block, host.zone}) {
    if (block.statement == syntax::kNone) continue;
    uint32_t id = find_child(b_.model.ast(block), block.statement, "tls");
    if (id == syntax::kNone) continue;
    Node statement{block.file, id};
    Words words = b_.groups(statement).front();
    if (words.done()) break;
    return {statement, words.next()};
  }
  return {};
}

bool Certificates::wants_tls(const HostDraft& host) {
  Choice chosen = choice(host);
  if (chosen.statement.statement == syntax::kNone) {
    return host.pattern.kind == HostKind::exact || host.pattern.kind == HostKind::one_label;
  }
  return chosen.value && !(chosen.value->text == "off" && !chosen.value->secret);
}

void Certificates::look(const HostDraft& host) {
  Choice chosen = choice(host);
  if (!chosen.value || chosen.value->text == "off") return;
  auto file = b_.model.file_of_source.find(chosen.value->at.source);
  if (chosen.value->secret || file == b_.model.file_of_source.end()) {
    wrong_type(*chosen.value, "an issuer or a certificate", "", b_.diags);
    return;
  }
  bool known =
      b_.model.lookup(file->second, Kind::certificate, chosen.value->text) !=
          model::kNoDeclaration ||
      b_.model.lookup(file->second, Kind::issuer, chosen.value->text) != model::kNoDeclaration;
  if (!known)
    unknown_name(b_.model, file->second, Kind::issuer, chosen.value->text, chosen.value->use,
                 b_.diags);
}

std::optional<plan::Field<plan::CertificateId>> Certificates::of(const HostDraft& host,
                                                                 plan::HostId id) {
  Choice chosen = choice(host);
  Span at = host.at;
  model::DeclarationId issuer_name = model::kNoDeclaration;
  if (chosen.statement.statement == syntax::kNone) {
    Value unwritten{is_public(host.pattern) ? "letsencrypt" : "local", host.at, host.at, nullptr};
    issuer_name = b_.model.lookup(host.block.file, Kind::issuer, unwritten.text);
    b_.usage[issuer_name] = true;
  } else {
    if (!chosen.value) return {};
    at = chosen.value->use;
    auto file = b_.model.file_of_source.find(chosen.value->at.source);
    if (chosen.value->secret || file == b_.model.file_of_source.end()) {
      wrong_type(*chosen.value, "an issuer or a certificate", "", b_.diags);
      return {};
    }
    model::DeclarationId certificate =
        b_.model.lookup(file->second, Kind::certificate, chosen.value->text);
    if (certificate != model::kNoDeclaration) {
      b_.usage[certificate] = true;
      if (b_.model[chosen.statement].has_block) {
        b_.wrong_arguments("tls", "tls CERTIFICATE, without a block: its names are its own",
                           b_.model[chosen.statement].block);
      }
      auto result = shared(certificate, host, id, at);
      if (!result) return {};
      return plan::Field<plan::CertificateId>(*result, at);
    }
    issuer_name = b_.named(Kind::issuer, *chosen.value);
    if (issuer_name == model::kNoDeclaration) return {};
  }
  auto planned = issuer(issuer_name, at, id);
  if (!planned || !issuable(host.pattern, *planned, at)) return {};
  return plan::Field<plan::CertificateId>(own(host, id, *planned, chosen.statement, at), at);
}

std::string Certificates::pattern(Node tls, std::string_view word, const HostDraft& host,
                                  Span& at) {
  if (tls.statement == syntax::kNone || !b_.model[tls].has_block) return "";
  uint32_t id = find_child(b_.model.ast(tls), tls.statement, word);
  if (id == syntax::kNone) return "";
  Frame frame;
  frame.values.push_back({"host", {{dashed(host.pattern), host.at, host.at, nullptr}}});
  frame.values.push_back({"label", {{dashed_label(host.label), host.at, host.at, nullptr}}});
  Words words = b_.groups({tls.file, id}, &frame).front();
  if (words.done()) return "";
  auto value = words.next();
  auto name = value ? read_name(*value, b_.diags) : std::nullopt;
  if (!name) return "";
  at = value->use;
  return *name;
}

plan::CertificateId Certificates::own(const HostDraft& host, plan::HostId, plan::IssuerId issuer,
                                      Node statement, Span at) {
  std::string identity = plan::to_string(host.pattern);
  Span secret_at, object_at;
  std::string secret = pattern(statement, "secret", host, secret_at);
  std::string object = pattern(statement, "certificate", host, object_at);
  auto index = static_cast<uint32_t>(b_.plan.certificates.size());
  if (secret.empty()) {
    secret = b_.certificate_names.given("tls-" + dashed(host.pattern), "Secret of " + identity,
                                        kCertificateNameLimit);
  } else {
    Kept& kept = kept_[secret];
    if (!kept.at.known()) kept.at = secret_at;
    kept.certificates.push_back(index);
  }
  if (object.empty())
    object = secret;
  else
    b_.certificate_names.written(object, identity, object_at, b_.diags);
  plan::SecretId stored = b_.secret(secret, {}, plan::SecretUse::tls, at);
  plan::Certificate certificate;
  certificate.object = object;
  certificate.names.emplace_back(identity, host.at);
  certificate.from = {plan::CertificateSource(issuer), at};
  certificate.stored_as = stored;
  b_.plan.certificates.push_back(std::move(certificate));
  return {index};
}

void Certificates::finish() {
  std::vector<const std::pair<const std::string, Kept>*> doubled;
  for (const auto& entry : kept_) {
    if (entry.second.certificates.size() > 1) doubled.push_back(&entry);
  }
  std::sort(doubled.begin(), doubled.end(), [](auto* a, auto* b) { return a->first < b->first; });
  for (const auto* entry : doubled) {
    b_.diags
        .emit(diag::SharedSecret{.secret = entry->first,
                                 .count = std::to_string(entry->second.certificates.size())},
              entry->second.at)
        .help("write ${host} in the pattern");
  }
}

bool Certificates::issuable(const plan::HostPattern& pattern, plan::IssuerId issuer, Span at) {
  const plan::Issuer& from = b_.plan[issuer];
  auto refuse = [&](std::string_view why) {
    b_.diags.emit(
        diag::NotIssuable{.host = plan::to_string(pattern), .issuer = from.name, .why = why}, at);
    return false;
  };
  if (pattern.kind == HostKind::any) return refuse("no certificate covers every host");
  if (pattern.kind == HostKind::any_depth) return refuse("a certificate's wildcard is one label");
  const auto* acme = std::get_if<plan::Acme>(&from.kind.peek());
  if (acme == nullptr) return true;
  if (!is_public(pattern)) return refuse("it is no public name");
  if (pattern.kind == HostKind::one_label &&
      acme->challenge.peek().kind != plan::ChallengeKind::dns01) {
    return refuse("a wildcard needs challenge dns-01");
  }
  return true;
}

std::optional<plan::IssuerId> Certificates::issuer(model::DeclarationId id, Span at,
                                                   plan::HostId host) {
  auto known = b_.issuers.find(id);
  if (known == b_.issuers.end()) {
    auto planned = read_issuer(b_, id);
    auto index = static_cast<uint32_t>(b_.plan.issuers.size());
    if (planned) {
      b_.plan.issuers.push_back(std::move(planned->issuer));
      issuer_needs_.emplace_back(planned->feature, planned->at);
    }
    known = b_.issuers.emplace(id, planned ? index : UINT32_MAX).first;
  }
  if (known->second == UINT32_MAX) return {};
  const auto& [feature, asked] = issuer_needs_[known->second];
  b_.need(feature, asked.known() ? asked : at, host);
  return plan::IssuerId{known->second};
}

std::optional<plan::CertificateId> Certificates::shared(model::DeclarationId id,
                                                        const HostDraft& host, plan::HostId at_host,
                                                        Span at) {
  const model::Declaration& declared = b_.model.declarations[id];
  const syntax::Ast& ast = b_.model.ast(declared.node);
  auto child = [&](std::string_view word) {
    return Node{declared.node.file, find_child(ast, declared.node.statement, word)};
  };
  auto value_of = [&](Node node) { return b_.groups(node).front().next(); };
  std::string identity = fmt::format("declared {}", id);
  auto [entry, fresh] = declared_.try_emplace(id, UINT32_MAX);
  Node from = child("issuer"), secret = child("secret"), files = child("files");
  if (fresh) {
    plan::Certificate certificate;
    certificate.shared = true;
    std::string stored(declared.name);
    Span stored_at = declared.at;
    if (secret.statement != syntax::kNone) {
      auto value = value_of(secret);
      auto name = value ? read_name(*value, b_.diags) : std::nullopt;
      if (!name) return {};
      stored = *name;
      stored_at = value->use;
    }
    certificate.object = b_.certificate_names.written(stored, identity, stored_at, b_.diags);
    certificate.stored_as = b_.secret(stored, {}, plan::SecretUse::tls, stored_at);
    Kept& kept = kept_[stored];
    if (!kept.at.known()) kept.at = stored_at;
    kept.certificates.push_back(static_cast<uint32_t>(b_.plan.certificates.size()));
    if (from.statement != syntax::kNone) {
      auto name = value_of(from);
      model::DeclarationId issuer_id = name ? b_.named(Kind::issuer, *name) : model::kNoDeclaration;
      if (issuer_id == model::kNoDeclaration) return {};
      auto planned = issuer(issuer_id, name->use, at_host);
      if (!planned) return {};
      bool right = true;
      for (const Value& value : b_.list(child("hosts"))) {
        auto pattern = read_host(value, b_.diags);
        right = pattern && issuable(*pattern, *planned, value.use) && right;
        if (pattern) certificate.names.emplace_back(plan::to_string(*pattern), value.use);
      }
      if (!right) return {};
      certificate.from = {plan::CertificateSource(*planned), name->use};
      b_.need(FeatureId::certificate_shared, declared.at, at_host);
    } else if (files.statement != syntax::kNone) {
      Words words = b_.groups(files).front();
      auto pem = words.next(), key = words.next();
      if (!pem || !key) return {};
      if (pem->secret || key->secret)
        return wrong_type(pem->secret ? *pem : *key, "a file's path", "", b_.diags), std::nullopt;
      certificate.from = {plan::CertificateSource(plan::FilePair{pem->text, key->text}),
                          b_.model[files].span};
      b_.need(FeatureId::certificate_files, b_.model[files].span, at_host);
    } else {
      certificate.from = {plan::CertificateSource(plan::Existing{certificate.stored_as}),
                          b_.model[secret].span};
      b_.need(FeatureId::certificate_secret, b_.model[secret].span, at_host);
    }
    entry->second = static_cast<uint32_t>(b_.plan.certificates.size());
    b_.plan.certificates.push_back(std::move(certificate));
  }
  if (entry->second == UINT32_MAX) return {};
  plan::Certificate& certificate = b_.plan.certificates[entry->second];
  if (!std::holds_alternative<plan::IssuerId>(certificate.from.peek())) {
    certificate.names.emplace_back(plan::to_string(host.pattern), host.at);
    return plan::CertificateId{entry->second};
  }
  for (const auto& name : certificate.names) {
    if (covers(*parse_host(name.peek()).first, host.pattern))
      return plan::CertificateId{entry->second};
  }
  b_.diags
      .emit(diag::NotCovered{.certificate = declared.name, .host = plan::to_string(host.pattern)},
            at)
      .note("the host", host.at)
      .note("its names", b_.model[child("hosts")].span);
  return {};
}

}  // namespace sluice::sema
