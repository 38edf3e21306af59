// Finds in the plans of all sites: a site by name, a host by the name that a request asks, the way
// that a request takes from the outermost site in.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/plan/plan.h"

namespace sluice::sema {

class PlanIndex {
 public:
  explicit PlanIndex(const std::vector<const plan::Plan*>& plans);

  const plan::Plan* site(const std::string& name) const;
  // The host that answers for `name`: exact, else the longest wildcard (H2); nullptr: none.
  const plan::Host* host(const plan::Plan& plan, const std::string& name) const;
  // The site in front of `plan` that hands this host on to it; nullptr: none.
  const plan::Plan* before(const plan::Plan& plan, const std::string& host) const;
  // The sites from `plan` in, as far as the host is handed on.
  std::vector<const plan::Plan*> hops(const plan::Plan& plan, const std::string& host) const;

 private:
  const plan::Front* handed_on(const plan::Plan& plan, const std::string& host) const;

  std::vector<const plan::Plan*> plans_;
  std::unordered_map<std::string, const plan::Plan*> sites_;
  std::unordered_map<const plan::Plan*, std::unordered_map<std::string, uint32_t>> hosts_;
};

}  // namespace sluice::sema
