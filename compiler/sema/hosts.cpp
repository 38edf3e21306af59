#include "compiler/sema/hosts.h"

#include <algorithm>
#include <tuple>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

using model::Node;

class Collector {
 public:
  Collector(SiteScope& site, diag::Sink& diags)
      : site_(site), model_(site.model()), diags_(diags) {}

  std::vector<HostDraft> run() {
    for (Node node : model_.hosts) {
      const syntax::List& head = model_[node].head;
      for (uint32_t g = head.groups.begin; g < head.groups.end; ++g) names(node, {}, g, "");
    }
    for (Node zone : model_.zones) zone_lines(zone);
    if (Node serve = site_.first("serve"); serve.statement != syntax::kNone) narrow(serve);
    std::stable_sort(drafts_.begin(), drafts_.end(), [](const HostDraft& a, const HostDraft& b) {
      return std::tie(a.pattern.name, a.pattern.kind) < std::tie(b.pattern.name, b.pattern.kind);
    });
    std::vector<HostDraft> unique;
    unique.reserve(drafts_.size());
    for (HostDraft& draft : drafts_) {
      if (unique.empty() || unique.back().pattern != draft.pattern) {
        unique.push_back(std::move(draft));
        continue;
      }
      Span first = unique.back().at,
           again = draft.at;  // zones were read after hosts, wherever they stand
      if (std::tie(again.source, again.begin) < std::tie(first.source, first.begin))
        std::swap(first, again);
      diags_.emit(diag::DuplicateHost{.host = plan::to_string(draft.pattern)}, again)
          .note("first here", first);
    }
    return unique;
  }

 private:
  void names(Node node, Node zone, uint32_t group, const std::string& domain) {
    const syntax::Ast& ast = model_.ast(node);
    const syntax::Item& item = ast.items[ast.groups[group].items.end - 1];
    Values values;
    site_.values().append(node.file, item, nullptr, values);
    for (Value& value : values) {
      std::string label = value.text;
      if (zone.statement != syntax::kNone)
        value.text = label == "@" ? domain : label + '.' + domain;
      if (auto pattern = read_host(value, diags_)) {
        const syntax::Range all = model_[node].head.groups;
        bool alone = all.size() == 1 && values.size() == 1;
        drafts_.push_back({std::move(*pattern), value.use, node, zone, std::move(label), alone});
      }
    }
  }

  void zone_lines(Node zone) {
    const syntax::Ast& ast = model_.ast(zone);
    const syntax::Range items = ast.groups[model_[zone].head.groups.begin].items;
    if (items.size() != 2) return;
    auto domain = site_.values().one(zone.file, ast.items[items.begin + 1]);
    if (!domain) return;
    auto pattern = read_host(*domain, diags_);
    if (!pattern) return;
    if (pattern->kind != plan::HostKind::exact) {
      diags_.emit(diag::BadHost{.name = domain->text, .why = "a zone is one domain"}, domain->use);
      return;
    }
    for (uint32_t id : syntax::children(ast, model_[zone].first_child)) {
      Node line{zone.file, id};
      if (model_[line].sign != syntax::Sign::to) continue;
      const syntax::List& head = model_[line].head;
      for (uint32_t g = head.groups.begin; g < head.groups.end; ++g)
        names(line, zone, g, pattern->name);
    }
  }

  void narrow(Node serve) {
    const syntax::Ast& ast = model_.ast(serve);
    const syntax::List& head = model_[serve].head;
    std::vector<plan::HostPattern> patterns;
    Values values;
    for (uint32_t g = head.groups.begin; g < head.groups.end; ++g) {
      site_.values().append(serve.file, ast.items[ast.groups[g].items.end - 1], nullptr, values);
    }
    for (const Value& value : values) {
      auto pattern = read_host(value, diags_);
      if (!pattern) continue;
      bool any = std::any_of(drafts_.begin(), drafts_.end(),
                             [&](const HostDraft& d) { return covers(*pattern, d.pattern); });
      if (!any)
        diags_.emit(diag::TestHostUnserved{.host = value.text, .where = "by this source"},
                    value.use);
      patterns.push_back(std::move(*pattern));
    }
    std::erase_if(drafts_, [&](const HostDraft& draft) {
      return std::none_of(patterns.begin(), patterns.end(),
                          [&](const auto& p) { return covers(p, draft.pattern); });
    });
  }

  SiteScope& site_;
  const model::Model& model_;
  diag::Sink& diags_;
  std::vector<HostDraft> drafts_;
};

}  // namespace

std::vector<HostDraft> collect_hosts(SiteScope& site, diag::Sink& diags) {
  return Collector(site, diags).run();
}

bool covers(const plan::HostPattern& pattern, const plan::HostPattern& host) {
  using enum plan::HostKind;
  if (pattern == host || pattern.kind == any) return true;
  if (pattern.kind == exact || host.kind == any) return false;
  // What stands before `.x`, a wildcard counting as a label of its own.
  if (host.name.size() <= pattern.name.size()) {
    return host.name == pattern.name && pattern.kind == any_depth && host.kind != exact;
  }
  if (!host.name.ends_with(pattern.name) ||
      host.name[host.name.size() - pattern.name.size() - 1] != '.')
    return false;
  if (pattern.kind == any_depth) return true;
  std::string_view before =
      std::string_view(host.name).substr(0, host.name.size() - pattern.name.size() - 1);
  return host.kind == exact && before.find('.') == std::string_view::npos;
}

}  // namespace sluice::sema
