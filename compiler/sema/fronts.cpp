#include "compiler/sema/fronts.h"

#include "compiler/sema/hosts.h"

namespace sluice::sema {

std::vector<FrontLine> front_lines(const model::Model& model) {
  std::vector<FrontLine> lines;
  for (model::DeclarationId id : model.sites) {
    diag::Sink quiet;
    SiteScope site(model, model.declarations[id].name, quiet);
    for (model::Node node : site.all("front")) {
      const syntax::Ast& ast = model.ast(node);
      const syntax::Range items = ast.groups[model[node].head.groups.begin].items;
      if (items.size() < 2) continue;
      const syntax::Item& inner = ast.items[items.begin + 1];
      lines.push_back({std::string(site.name()), std::string(inner.spelling), node, inner.span});
    }
  }
  return lines;
}

std::unordered_set<std::string> served_names(const model::Model& model, std::string_view name) {
  diag::Sink quiet;
  SiteScope site(model, name, quiet);
  std::unordered_set<std::string> names;
  for (const HostDraft& draft : collect_hosts(site, quiet))
    names.insert(plan::to_string(draft.pattern));
  return names;
}

bool in_circle(const std::vector<FrontLine>& lines, std::string_view site) {
  std::vector<std::string_view> open{site};
  std::unordered_set<std::string_view> seen;
  while (!open.empty()) {
    std::string_view at = open.back();
    open.pop_back();
    for (const FrontLine& line : lines) {
      if (line.outer != at) continue;
      if (line.inner == site) return true;
      if (seen.insert(line.inner).second) open.push_back(line.inner);
    }
  }
  return false;
}

}  // namespace sluice::sema
