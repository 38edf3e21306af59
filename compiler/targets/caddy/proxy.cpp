#include <algorithm>
#include <numeric>

#include "compiler/targets/caddy/parts.h"
#include "runtime/base/check.h"

namespace sluice::targets::caddy {
namespace {

struct Target {
  std::string dial;
  uint64_t weight = 1;
};

std::string dial(const plan::Member& member, plan::Protocol protocol) {
  std::string scheme = protocol == plan::Protocol::https ? "https://" : "";
  if (member.port == 0) return "unix/" + member.host;
  bool v6 = member.host.find(':') != std::string::npos;
  return scheme + (v6 ? "[" + member.host + "]" : member.host) + ":" + std::to_string(member.port);
}

const std::vector<plan::Member>& members(const plan::Upstream& upstream) {
  const auto* list = std::get_if<std::vector<plan::Member>>(&*upstream.reach);
  SLUICE_CHECK(list != nullptr, "a site without Kubernetes dials members");
  return *list;
}

// Shares of upstreams times weights within each, as the smallest whole numbers that keep the ratio.
std::vector<Target> targets(const plan::Plan& plan, const plan::Pool& pool) {
  uint64_t common = 1;
  for (const plan::Share& share : pool.shares) {
    uint64_t sum = 0;
    for (const plan::Member& member : members(plan[*share.upstream])) sum += member.weight;
    common = std::lcm(common, std::max<uint64_t>(sum, 1));
  }
  std::vector<Target> result;
  uint64_t divisor = 0;
  for (const plan::Share& share : pool.shares) {
    const plan::Upstream& upstream = plan[*share.upstream];
    uint64_t sum = 0;
    for (const plan::Member& member : members(upstream)) sum += member.weight;
    for (const plan::Member& member : members(upstream)) {
      uint64_t weight = *share.weight * member.weight * (common / std::max<uint64_t>(sum, 1));
      if (weight == 0) continue;
      divisor = std::gcd(divisor, weight);
      result.push_back({dial(member, *upstream.protocol), weight});
    }
  }
  for (Target& target : result) target.weight /= divisor;
  return result;
}

void request_edits(emit::Blocks& out, const plan::Plan& plan, const plan::Route& route) {
  bool password = false;
  bool own_authorization = false;
  for (const auto& id : route.chain) {
    const plan::Action& action = plan[*id].action;
    if (std::holds_alternative<plan::BasicAuth>(action)) password = true;
    if (const auto* strip = std::get_if<plan::StripPrefix>(&action)) {
      out.line({"header_up", "X-Forwarded-Prefix", *strip->prefix});
    }
    const auto* edits = std::get_if<plan::HeaderEdits>(&action);
    if (edits == nullptr) continue;
    for (const auto& edit : edits->request) {
      std::string lower = edit->name;
      for (char& c : lower) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c + 32) : c;
      own_authorization = own_authorization || lower == "authorization";
      std::string name = (edit->op == plan::EditOp::add      ? "+"
                          : edit->op == plan::EditOp::remove ? "-"
                                                             : "") +
                         edit->name;
      if (edit->op == plan::EditOp::remove) {
        out.line({"header_up", name});
      } else {
        out.line({"header_up", name, emit::literal(edit->value)});
      }
    }
  }
  if (password && !own_authorization) out.line({"header_up", "-Authorization"});
}

}  // namespace

emit::Blocks proxy(const plan::Plan& plan, const plan::Route& route, const plan::Pool& pool) {
  std::vector<Target> all = targets(plan, pool);
  std::vector<std::string> words = {"reverse_proxy"};
  std::vector<std::string> weights = {"lb_policy", "weighted_round_robin"};
  bool even = true;
  for (const Target& target : all) {
    words.push_back(target.dial);
    weights.push_back(std::to_string(target.weight));
    even = even && target.weight == all.front().weight;
  }
  emit::Blocks out;
  out.open(words);
  if (all.size() > 1 && even) out.line({"lb_policy", "round_robin"});
  if (!even) out.line(weights);
  out.line({"import", "sluice_upstream"});
  if (*plan[*pool.shares.front().upstream].protocol == plan::Protocol::https) {
    out.line({"header_up", "Host", "{hostport}"});
  }
  request_edits(out, plan, route);
  out.close();
  return out;
}

emit::Blocks front(const plan::Plan& plan, const plan::Front& front) {
  const plan::Upstream& upstream = plan[*front.via];
  emit::Blocks out;
  std::vector<std::string> words = {"reverse_proxy"};
  for (const plan::Member& member : members(upstream)) {
    std::string to = dial(member, *upstream.protocol);
    words.push_back(member.port != 0 && *upstream.protocol == plan::Protocol::http ? "http://" + to
                                                                                   : to);
  }
  out.open(words);
  if (words.size() > 2) out.line({"lb_policy", "round_robin"});
  out.line({"import", "sluice_front"});
  if (*upstream.protocol == plan::Protocol::https) out.line({"header_up", "Host", "{hostport}"});
  out.close();
  return out;
}

}  // namespace sluice::targets::caddy
