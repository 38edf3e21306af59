#include "compiler/sema/site_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "compiler/diag/catalog.gen.h"
#include "compiler/model/nearest.h"
#include "compiler/sema/check_schema.h"

namespace sluice::sema {
namespace {

using model::Kind;
using model::Node;

// What a later statement replaces of an earlier one; "" for statements that add up.
std::string replaces(const model::Model& model, Node node) {
  const syntax::Ast& ast = model.ast(node);
  const syntax::Range items = ast.groups[model[node].head.groups.begin].items;
  std::string_view word = ast.items[items.begin].spelling;
  if (word == "use" || word == "without") return "";
  std::string key(word);
  if (items.size() < 2) return key;
  bool keyed =
      word == "set" || word == "listen" || word == "front" || word == "behind" || word == "degrade";
  if (keyed) key += fmt::format(" {}", ast.items[items.begin + 1].spelling);
  if (word == "degrade" && items.size() == 5)
    key += fmt::format(" {}", ast.items[items.begin + 3].spelling);
  return key;
}

}  // namespace

SiteScope::SiteScope(const model::Model& model, std::string_view name, diag::Sink& diags)
    : model_(model), diags_(diags), name_(name), values_(model, diags) {
  auto found = model.scopes[0].names[static_cast<size_t>(Kind::site)].find(name);
  if (found == model.scopes[0].names[static_cast<size_t>(Kind::site)].end()) return;
  at_ = model.declarations[found->second].at;
  std::vector<model::DeclarationId> path;
  collect(found->second, path);
  apply_sets();
}

void SiteScope::collect(model::DeclarationId site, std::vector<model::DeclarationId>& path) {
  const model::Declaration& declared = model_.declarations[site];
  if (auto again = std::find(path.begin(), path.end(), site); again != path.end()) {
    const model::Declaration& first = model_.declarations[*std::min_element(again, path.end())];
    diags_.emit(diag::SiteCycle{.name = first.name}, first.at);
    return;
  }
  path.push_back(site);
  const syntax::Ast& ast = model_.ast(declared.node);
  const syntax::Range items = ast.groups[model_[declared.node].head.groups.begin].items;
  if (items.size() == 4 && ast.items[items.begin + 2].spelling == "like") {
    const syntax::Item& like = ast.items[items.begin + 3];
    model::DeclarationId other = model_.lookup(declared.node.file, Kind::site, like.spelling);
    if (other == model::kNoDeclaration)
      unknown_name(model_, declared.node.file, Kind::site, like.spelling, like.span, diags_);
    else
      collect(other, path);
  } else if (items.size() != 2) {
    diags_.emit(diag::WrongArguments{.word = "site", .shape = "site NAME [like NAME] { … }"},
                ast.items[items.begin + 2].whole);
  }
  std::vector<Node> own;
  std::set<std::string> keys;
  for (uint32_t id : syntax::children(ast, model_[declared.node].first_child)) {
    Node node{declared.node.file, id};
    if (model_[node].head.groups.empty()) continue;
    own.push_back(node);
    std::string key = replaces(model_, node);
    if (!key.empty() && !keys.insert(key).second && key.find(' ') != std::string::npos) {
      diags_.emit(diag::Repeated{.word = key}, model_[node].span);
    }
  }
  std::erase_if(statements_, [&](Node node) { return keys.contains(replaces(model_, node)); });
  statements_.insert(statements_.end(), own.begin(), own.end());
}

void SiteScope::apply_sets() {
  for (Node node : all("set")) {
    const syntax::Ast& ast = model_.ast(node);
    const syntax::Range items = ast.groups[model_[node].head.groups.begin].items;
    if (items.size() != 2) continue;
    const syntax::Item& name = ast.items[items.begin + 1];
    const auto& values = model_.scopes[0].names[static_cast<size_t>(Kind::value)];
    auto found = values.find(name.spelling);
    if (found == values.end()) {
      model::Nearest nearest(name.spelling);
      for (const auto& [key, id] : values) {
        if (model_.declarations[id].settable) nearest.offer(key);
      }
      diags_.emit(
          diag::NotSettable{
              .name = name.spelling, .why = "there is no such param", .suggestion = nearest.best()},
          name.span);
    } else if (!model_.declarations[found->second].settable) {
      diags_
          .emit(
              diag::NotSettable{
                  .name = name.spelling, .why = "it is a `let`, a constant", .suggestion = ""},
              name.span)
          .note("declared here", model_.declarations[found->second].at);
    } else {
      values_.set(found->second, node);
    }
  }
}

std::vector<Node> SiteScope::all(std::string_view word) const {
  std::vector<Node> result;
  for (Node node : statements_) {
    if (word_of(model_.ast(node), node.statement) == word) result.push_back(node);
  }
  return result;
}

Node SiteScope::first(std::string_view word) const {
  for (Node node : statements_) {
    if (word_of(model_.ast(node), node.statement) == word) return node;
  }
  return {};
}

}  // namespace sluice::sema
