#include "compiler/sema/plan_index.h"

namespace sluice::sema {

PlanIndex::PlanIndex(const std::vector<const plan::Plan*>& plans) : plans_(plans) {
  for (const plan::Plan* plan : plans) {
    sites_.emplace(plan->site.name, plan);
    auto& hosts = hosts_[plan];
    for (uint32_t i = 0; i < plan->hosts.size(); ++i)
      hosts.emplace(plan::to_string(plan->hosts[i].pattern.peek()), i);
  }
}

const plan::Plan* PlanIndex::site(const std::string& name) const {
  auto found = sites_.find(name);
  return found == sites_.end() ? nullptr : found->second;
}

const plan::Host* PlanIndex::host(const plan::Plan& plan, const std::string& name) const {
  const auto& hosts = hosts_.at(&plan);
  auto get = [&](const std::string& key) -> const plan::Host* {
    auto found = hosts.find(key);
    return found == hosts.end() ? nullptr : &plan.hosts[found->second];
  };
  if (const plan::Host* exact = get(name)) return exact;
  size_t first = name.find('.');
  for (size_t dot = first; dot != std::string::npos; dot = name.find('.', dot + 1)) {
    std::string tail = name.substr(dot + 1);
    if (dot == first) {
      if (const plan::Host* one = get("*." + tail)) return one;
    }
    if (const plan::Host* deep = get("**." + tail)) return deep;
  }
  return get("*");
}

const plan::Front* PlanIndex::handed_on(const plan::Plan& plan, const std::string& name) const {
  const plan::Host* found = host(plan, name);
  if (found == nullptr || found->routes.size() != 1) return nullptr;
  const auto* front = std::get_if<plan::FrontId>(&found->routes.front().to.peek());
  return front == nullptr ? nullptr : &plan[*front];
}

const plan::Plan* PlanIndex::before(const plan::Plan& plan, const std::string& name) const {
  for (const plan::Plan* outer : plans_) {
    const plan::Front* front = handed_on(*outer, name);
    if (front != nullptr && front->inner == plan.site.name && outer != &plan) return outer;
  }
  return nullptr;
}

std::vector<const plan::Plan*> PlanIndex::hops(const plan::Plan& plan,
                                               const std::string& name) const {
  std::vector<const plan::Plan*> result{&plan};
  while (result.size() <= plans_.size()) {
    const plan::Front* front = handed_on(*result.back(), name);
    const plan::Plan* next = front == nullptr ? nullptr : site(front->inner);
    if (next == nullptr) break;
    result.push_back(next);
  }
  return result;
}

}  // namespace sluice::sema
