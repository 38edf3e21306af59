// TLS of a host: which certificate, from whom, kept under which names (D30, D36, D37).
#pragma once

#include "compiler/sema/building.h"
#include "compiler/sema/hosts.h"

namespace sluice::sema {

class Certificates {
 public:
  explicit Certificates(Building& b) : b_(b) {}

  // `off`: the host is plain HTTP. Nothing after an error, too.
  std::optional<plan::Field<plan::CertificateId>> of(const HostDraft& host, plan::HostId id);
  // `tls off`, or a host that no certificate can cover and no `tls` speaks of.
  bool wants_tls(const HostDraft& host);
  // Looks the names up where the site does not end TLS for the host, so that a mistake is found all
  // the same.
  void look(const HostDraft& host);
  // Secrets that several certificates would share: SL0606. After the last host.
  void finish();

 private:
  struct Choice {
    model::Node statement;  // kNone: unwritten
    std::optional<Value> value;
  };
  Choice choice(const HostDraft& host);
  std::optional<plan::IssuerId> issuer(model::DeclarationId id, Span at, plan::HostId host);
  plan::CertificateId own(const HostDraft& host, plan::HostId id, plan::IssuerId issuer,
                          model::Node statement, Span at);
  std::optional<plan::CertificateId> shared(model::DeclarationId id, const HostDraft& host,
                                            plan::HostId at_host, Span at);
  bool issuable(const plan::HostPattern& pattern, plan::IssuerId issuer, Span at);
  std::string pattern(model::Node tls, std::string_view word, const HostDraft& host, Span& at);

  Building& b_;
  std::unordered_map<model::DeclarationId, uint32_t> declared_;
  struct Kept {
    Span at;
    std::vector<uint32_t> certificates;
  };
  std::unordered_map<std::string, Kept> kept_;            // by Secret
  std::vector<std::pair<FeatureId, Span>> issuer_needs_;  // as plan.issuers
};

}  // namespace sluice::sema
