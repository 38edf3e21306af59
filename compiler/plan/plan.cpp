#include "compiler/plan/plan.h"

namespace sluice::plan {

Phase phase(const Action& action) {
  struct Of {
    Phase operator()(const AllowPeers&) const { return Phase::peers; }
    Phase operator()(const AllowIps&) const { return Phase::client_ips; }
    Phase operator()(const DenyIps&) const { return Phase::client_ips; }
    Phase operator()(const RateLimit& limit) const {
      return limit.by.peek() == LimitBy::client_ip ? Phase::limits_by_client
                                                   : Phase::limits_by_other;
    }
    Phase operator()(const BasicAuth&) const { return Phase::authentication; }
    Phase operator()(const HeaderEdits&) const { return Phase::request_headers; }
    Phase operator()(const StripPrefix&) const { return Phase::path; }
  };
  return std::visit(Of{}, action);
}

std::string to_string(const HostPattern& pattern) {
  switch (pattern.kind) {
    case HostKind::exact:
      return pattern.name;
    case HostKind::one_label:
      return "*." + pattern.name;
    case HostKind::any_depth:
      return "**." + pattern.name;
    case HostKind::any:
      return "*";
  }
  return {};
}

}  // namespace sluice::plan
