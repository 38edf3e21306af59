#include "compiler/sema/chains.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/diag/catalog.gen.h"

namespace sluice::sema {
namespace {

using plan::Action;
using plan::HeaderEdit;

// The whole content of an action: its identity, and what its default name is hashed from.
std::string content_of(const Action& action) {
  struct Of {
    std::string operator()(const plan::AllowPeers& a) const {
      return fmt::format("allow_peers {}", fmt::join(a.from.peek(), ","));
    }
    std::string operator()(const plan::AllowIps& a) const {
      return fmt::format("allow_ips {}", fmt::join(a.from.peek(), ","));
    }
    std::string operator()(const plan::DenyIps& a) const {
      return fmt::format("deny_ips {}", fmt::join(a.from.peek(), ","));
    }
    std::string operator()(const plan::RateLimit& a) const {
      return fmt::format("rate_limit {}/{} {} {} {}", a.count.peek(), a.period_seconds.peek(),
                         a.burst.peek(), static_cast<int>(a.by.peek()),
                         a.header ? a.header->peek() : "");
    }
    std::string operator()(const plan::BasicAuth& a) const {
      return fmt::format("basic_auth {} {}", a.users.peek().index, a.realm.peek());
    }
    std::string operator()(const plan::HeaderEdits& a) const {
      std::string text = "headers";
      for (const auto* list : {&a.request, &a.response}) {
        text += '\n';
        for (const auto& edit : *list)
          text += fmt::format("{} {}={}\n", static_cast<int>(edit.peek().op), edit.peek().name,
                              edit.peek().value);
      }
      return text;
    }
    std::string operator()(const plan::StripPrefix& a) const {
      return "strip_prefix " + a.prefix.peek();
    }
  };
  return std::visit(Of{}, action);
}

std::string_view kind_of(const Action& action) {
  static constexpr std::string_view kNames[] = {
      "allow-peers", "allow-ips", "deny-ips", "rate-limit", "basic-auth", "headers", "strip"};
  return kNames[action.index()];
}

std::string default_object(const Action& action, const std::string& content,
                           const std::vector<GroupRef>& groups) {
  if (!groups.empty()) {
    const Group& group = *groups.back();
    return group.policies == 1 ? group.object : fmt::format("{}-{}", group.object, kind_of(action));
  }
  if (const auto* strip = std::get_if<plan::StripPrefix>(&action)) {
    std::string path = dashed(strip->prefix.peek());
    if ('/' + path == strip->prefix.peek()) return "strip-" + path;
  }
  return fmt::format("{}-{}", kind_of(action), hash8(content));
}

plan::PolicyId intern(Building& b, Action action, const std::vector<GroupRef>& groups,
                      const std::string& object_group_content, Span at) {
  std::string content = content_of(action);
  std::string identity = content;
  std::vector<plan::Name> names;
  for (const GroupRef& group : groups) names.push_back(group->qualified);
  for (const plan::Name& name : names) identity += '\n' + name;
  auto [id, fresh] = b.policies.add(identity, static_cast<uint32_t>(b.plan.policies.size()));
  if (fresh) {
    std::string wanted = object_group_content.empty() ? default_object(action, content, groups)
                                                      : object_group_content;
    std::string object = b.policy_names.given(wanted, identity);
    b.plan.policies.push_back({std::move(object), std::move(action), std::move(names), at});
  }
  return {id};
}

std::string lower(std::string_view text) {
  std::string result;
  for (char c : text) result += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return result;
}

// One header: the edits of the innermost layer that names it, with who brought them.
struct Edited {
  size_t depth =
      0;  // layer, and within it how far the group is from the block: smaller is further out
  std::vector<const Act*> acts;
  size_t order = 0;
};

class Composer {
 public:
  Composer(Building& b, const std::vector<const Layer*>& layers) : b_(b), layers_(layers) {}

  Chain run(const std::optional<plan::Field<std::string>>& strip) {
    std::set<std::string> seen;  // groups of layers further out
    for (size_t l = 0; l < layers_.size(); ++l) {
      std::set<std::string> here;
      std::map<std::string, const void*>
          instance;  // a group used twice in one layer acts once, too
      for (const Act& act : layers_[l]->acts) {
        if (taken_off(l, act)) continue;
        bool again = false;
        for (const GroupRef& group : act.groups) {
          again = again || seen.contains(group->identity);
          auto [entry, fresh] = instance.try_emplace(group->identity, group.get());
          again = again || entry->second != group.get();
          here.insert(group->identity);
        }
        if (again) continue;
        chain_.needs.emplace_back(act.feature, act.at);
        if (const auto* edit = std::get_if<EditAct>(&act.what))
          add_edit(l, act, *edit);
        else
          add(std::get<Action>(act.what), act.groups, "", act.at);
      }
      seen.insert(here.begin(), here.end());
    }
    merge_edits();
    if (strip) {
      chain_.needs.emplace_back(FeatureId::strip_prefix, strip->at);
      add(plan::StripPrefix{*strip}, {}, "", strip->at);
    }
    std::stable_sort(chain_.policies.begin(), chain_.policies.end(),
                     [&](const auto& a, const auto& b) {
                       return phase(b_.plan[a.peek()].action) < phase(b_.plan[b.peek()].action);
                     });
    return std::move(chain_);
  }

 private:
  bool taken_off(size_t layer, const Act& act) const {
    for (size_t l = layer; l < layers_.size(); ++l) {
      for (const auto& [id, at] : layers_[l]->without) {
        for (const GroupRef& group : act.groups) {
          if (group->middleware == id) return true;
        }
      }
    }
    return false;
  }

  void add(Action action, const std::vector<GroupRef>& groups, const std::string& object, Span at) {
    plan::PolicyId id = intern(b_, std::move(action), groups, object, at);
    for (const auto& known : chain_.policies) {
      if (known.peek() == id) return;
    }
    chain_.policies.emplace_back(id, at);
  }

  void add_edit(size_t layer, const Act& act, const EditAct& edit) {
    // A group further from the block is further out; the block's own edits are innermost.
    size_t depth = layer * 1000 + (999 - std::min<size_t>(act.groups.size(), 999));
    std::string key = (edit.response ? "<" : ">") + lower(edit.edit.name);
    auto [entry, fresh] = edits_.try_emplace(key);
    Edited& edited = entry->second;
    if (fresh) edited.order = edits_.size();
    if (!fresh && depth < edited.depth) return;
    if (!fresh && depth == edited.depth) {
      const EditAct& last = std::get<EditAct>(edited.acts.back()->what);
      bool both_add = last.edit.op == plan::EditOp::add && edit.edit.op == plan::EditOp::add;
      bool same_group = act.groups == edited.acts.back()->groups;
      if (!both_add && same_group) {
        if (last.edit.op == edit.edit.op && last.edit.value == edit.edit.value) return;
        b_.diags.emit(diag::EditedTwice{.header = edit.edit.name}, act.at)
            .note("first here", edited.acts.back()->at);
        return;
      }
      if (!both_add) edited.acts.clear();  // of two groups used side by side, the later one
    } else {
      edited.acts.clear();
    }
    edited.depth = depth;
    edited.acts.push_back(&act);
  }

  void merge_edits() {
    if (edits_.empty()) return;
    std::vector<const Edited*> ordered;
    for (const auto& [key, edited] : edits_) ordered.push_back(&edited);
    std::sort(ordered.begin(), ordered.end(),
              [](const Edited* a, const Edited* b) { return a->order < b->order; });
    plan::HeaderEdits merged;
    std::vector<GroupRef> groups;
    bool direct = false;
    Span at;
    for (const Edited* edited : ordered) {
      for (const Act* act : edited->acts) {
        const EditAct& edit = std::get<EditAct>(act->what);
        (edit.response ? merged.response : merged.request).emplace_back(edit.edit, act->at);
        if (!at.known()) at = act->at;
        direct = direct || act->groups.empty();
        for (const GroupRef& group : act->groups) {
          bool known = std::any_of(groups.begin(), groups.end(), [&](const GroupRef& g) {
            return g->identity == group->identity;
          });
          if (!known) groups.push_back(group);
        }
      }
    }
    bool one = !direct && std::all_of(ordered.begin(), ordered.end(), [&](const Edited* edited) {
      return std::all_of(edited->acts.begin(), edited->acts.end(), [&](const Act* act) {
        return act->groups == ordered.front()->acts.front()->groups;
      });
    });
    std::string object;
    if (!one) object = "headers-" + hash8(content_of(Action(merged)));
    add(std::move(merged), one ? ordered.front()->acts.front()->groups : groups, object, at);
  }

  Building& b_;
  const std::vector<const Layer*>& layers_;
  std::map<std::string, Edited> edits_;
  Chain chain_;
};

}  // namespace

Chain compose(Building& b, const std::vector<const Layer*>& layers,
              const std::optional<plan::Field<std::string>>& strip) {
  return Composer(b, layers).run(strip);
}

void check_without(Building& b, const std::vector<const Layer*>& around, const Layer& layer) {
  for (const auto& [id, at] : layer.without) {
    auto brings = [&, id = id](const Layer* other) {
      return std::any_of(other->acts.begin(), other->acts.end(), [&](const Act& act) {
        return std::any_of(act.groups.begin(), act.groups.end(),
                           [&](const GroupRef& g) { return g->middleware == id; });
      });
    };
    if (std::none_of(around.begin(), around.end(), brings)) {
      b.diags.emit(diag::WithoutNothing{.name = b.model.sources->text(at)}, at);
    }
  }
}

}  // namespace sluice::sema
