#include <variant>

#include "compiler/targets/caddy/parts.h"

namespace sluice::targets::caddy {
namespace {

constexpr size_t kPerLine = 4;

// `@name not remote_ip A B`, or a block with four ranges a line when there are many.
void address_matcher(emit::Blocks& out, const std::string& name, bool negate, std::string_view kind,
                     const plan::CidrList& ranges) {
  std::vector<std::string> head = {"@" + name};
  if (negate) head.push_back("not");
  if (ranges.size() <= kPerLine) {
    head.emplace_back(kind);
    head.insert(head.end(), ranges.begin(), ranges.end());
    out.line(head);
    return;
  }
  out.open(head);
  for (size_t at = 0; at < ranges.size(); at += kPerLine) {
    std::vector<std::string> words = {std::string(kind)};
    for (size_t i = at; i < ranges.size() && i < at + kPerLine; ++i) words.push_back(ranges[i]);
    out.line(words);
  }
  out.close();
}

std::string edit_name(const plan::HeaderEdit& edit) {
  switch (edit.op) {
    case plan::EditOp::set:
      return edit.name;
    case plan::EditOp::add:
      return "+" + edit.name;
    case plan::EditOp::remove:
      return "-" + edit.name;
  }
  return edit.name;
}

struct Write {
  const plan::Plan& plan;
  const std::string& name;
  emit::Blocks& out;

  void refuse(bool negate, std::string_view kind, const plan::CidrList& ranges) const {
    address_matcher(out, name, negate, kind, ranges);
    out.line({"respond", "@" + name, "403"});
  }
  void operator()(const plan::AllowPeers& policy) const { refuse(true, "remote_ip", *policy.from); }
  void operator()(const plan::AllowIps& policy) const { refuse(true, "client_ip", *policy.from); }
  void operator()(const plan::DenyIps& policy) const { refuse(false, "client_ip", *policy.from); }
  void operator()(const plan::BasicAuth& policy) const {
    out.comment("lines of `NAME HASH`, the hash by bcrypt");
    out.open({"basic_auth", "bcrypt", emit::literal(*policy.realm)});
    out.line({"import", "/run/secrets/" + plan[*policy.users].name});
    out.close();
  }
  void operator()(const plan::HeaderEdits& policy) const {
    out.open({"header"});
    for (const auto& edit : policy.response) {
      if (edit->op == plan::EditOp::remove) {
        out.line({edit_name(*edit)});
      } else {
        out.line({edit_name(*edit), emit::literal(edit->value)});
      }
    }
    out.line({"defer"});
    out.close();
  }
  void operator()(const plan::RateLimit&) const {}    // refused by the capability check
  void operator()(const plan::StripPrefix&) const {}  // stands in its route
};

}  // namespace

bool edits_answer(const plan::Policy& policy) {
  const auto* edits = std::get_if<plan::HeaderEdits>(&policy.action);
  return edits != nullptr && !edits->response.empty();
}

bool has_snippet(const plan::Policy& policy) {
  return edits_answer(policy) || std::holds_alternative<plan::AllowPeers>(policy.action) ||
         std::holds_alternative<plan::AllowIps>(policy.action) ||
         std::holds_alternative<plan::DenyIps>(policy.action) ||
         std::holds_alternative<plan::BasicAuth>(policy.action);
}

emit::Blocks policy_snippets(const plan::Plan& plan) {
  emit::Blocks out;
  for (const plan::Policy& policy : plan.policies) {
    if (!has_snippet(policy)) continue;
    out.open({"(" + policy.object + ")"});
    std::visit(Write{plan, policy.object, out}, policy.action);
    out.close().blank();
  }
  return out;
}

}  // namespace sluice::targets::caddy
