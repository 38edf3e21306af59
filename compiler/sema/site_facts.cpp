#include "compiler/sema/site_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/catalog.gen.h"
#include "compiler/model/nearest.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

using model::Node;

constexpr std::string_view kPlannedTargets[] = {"alb", "gateway", "openshift", "ingress"};

void option(SiteScope& scope, Node node, const TargetFacts& target, plan::Site& site,
            diag::Sink& diags) {
  const model::Model& model = scope.model();
  const syntax::Ast& ast = model.ast(node);
  const syntax::Range items = ast.groups[model[node].head.groups.begin].items;
  const syntax::Item& word = ast.items[items.begin];
  const OptionRow* row = nullptr;
  model::Nearest nearest(word.spelling);
  for (const OptionRow& other : target.options) {
    nearest.offer(other.name);
    if (other.name == word.spelling) row = &other;
  }
  if (row == nullptr) {
    diags.emit(
        diag::UnknownOption{
            .option = word.spelling, .target = target.name, .suggestion = nearest.best()},
        word.whole);
    return;
  }
  for (const auto& known : site.options) {
    if (known.peek().name == row->name)
      diags.emit(diag::Repeated{.word = row->name}, word.span).note("first here", known.at);
  }
  std::string expected(row->name);
  if (row->kind == OptionRow::Kind::choice) expected += fmt::format(" {}", row->choices);
  if (row->kind == OptionRow::Kind::text) expected += " TEXT";
  std::string value;
  bool right = (items.size() == 2) == (row->kind != OptionRow::Kind::flag);
  if (right && items.size() == 2) {
    auto read = scope.values().one(node.file, ast.items[items.begin + 1]);
    if (!read) return;
    if (read->secret) return void(wrong_type(*read, "text", "", diags));
    value = read->text;
    if (row->kind == OptionRow::Kind::choice) {
      right = value.find('|') == std::string::npos &&
              fmt::format("|{}|", row->choices).find('|' + value + '|') != std::string::npos;
    }
  }
  if (!right)
    diags.emit(diag::BadOption{.option = row->name, .expected = expected}, model[node].span);
  else
    site.options.emplace_back(plan::Option{std::string(row->name), value}, model[node].span);
}

void degrade(Building& b, Node node) {
  const Span at = b.model[node].span;
  Words words = b.groups(node).front();
  const syntax::Item& word = words.take();
  plan::Gap gap{};
  gap.at = at;
  bool known = false;
  model::Nearest nearest(word.spelling);
  for (size_t i = 0; i < features().size(); ++i) {
    nearest.offer(features()[i].name);
    if (features()[i].name != word.spelling) continue;
    gap.feature = static_cast<FeatureId>(i);
    known = true;
  }
  if (!known) {
    b.diags.emit(diag::UnknownFeature{.name = word.spelling, .suggestion = nearest.best()},
                 word.span);
    return;
  }
  if (words.skip("on") && !words.done()) {
    auto value = words.next();
    auto host = value ? read_host(*value, b.diags) : std::nullopt;
    if (!host) return;
    gap.host = plan::to_string(*host);
  }
  if (words.done() || words.peek().kind == syntax::ItemKind::word) {
    b.wrong_arguments("degrade", "degrade FEATURE [on HOST] \"why\"", at);
    return;
  }
  auto reason = words.next();
  if (!reason) return;
  if (reason->secret) return void(wrong_type(*reason, "text", "", b.diags));
  gap.reason = reason->text;
  if (gap.reason.empty() || !words.done())
    b.wrong_arguments("degrade", "degrade FEATURE [on HOST] \"why\"", at);
  else
    b.plan.gaps.push_back(std::move(gap));
}

void listeners(Building& b) {
  for (Node node : b.scope.all("listen")) {
    Words words = b.groups(node).front();
    bool https = words.is("https");
    if (!https && !words.is("http")) {
      b.wrong_arguments("listen", "listen http|https PORT", words.peek().whole);
      continue;
    }
    words.take();
    auto value = words.next();
    auto port = value ? read_int(*value, 1, 65535, b.diags) : std::nullopt;
    if (!port) continue;
    for (const plan::Listener& other : b.plan.listeners) {
      if (other.port.peek() == *port)
        b.diags.emit(diag::Repeated{.word = fmt::format("port {}", *port)}, value->use)
            .note("first here", other.port.at);
    }
    b.plan.listeners.push_back({https ? plan::Scheme::https : plan::Scheme::http,
                                {static_cast<uint16_t>(*port), b.model[node].span}});
  }
  if (b.scope.all("listen").empty()) {
    b.plan.listeners = {{plan::Scheme::http, {uint16_t{80}, {}}},
                        {plan::Scheme::https, {uint16_t{443}, {}}}};
  }
  std::stable_sort(b.plan.listeners.begin(), b.plan.listeners.end(),
                   [](const auto& x, const auto& y) { return x.scheme < y.scheme; });
}

}  // namespace

const TargetFacts* read_target(SiteScope& scope, std::span<const TargetFacts* const> targets,
                               plan::Site& site, diag::Sink& diags) {
  const model::Model& model = scope.model();
  Node node = scope.first("target");
  std::string name = "table";
  Span at = scope.at();
  if (node.statement != syntax::kNone) {
    const syntax::Ast& ast = model.ast(node);
    const syntax::Range items = ast.groups[model[node].head.groups.begin].items;
    if (items.size() != 2) return nullptr;
    auto value = scope.values().one(node.file, ast.items[items.begin + 1]);
    if (!value) return nullptr;
    name = value->text;
    at = value->use;
  }
  site.target = {name, at};
  model::Nearest nearest(name);
  for (const TargetFacts* target : targets) {
    nearest.offer(target->name);
    if (target->name != name) continue;
    if (node.statement != syntax::kNone) {
      for (uint32_t id : syntax::children(model.ast(node), model[node].first_child))
        option(scope, {node.file, id}, *target, site, diags);
    }
    return target;
  }
  if (std::find(std::begin(kPlannedTargets), std::end(kPlannedTargets), name) !=
      std::end(kPlannedTargets)) {
    diags.emit(diag::TargetNotBuilt{.name = name}, at);
  } else {
    diags.emit(diag::UnknownTarget{.name = name, .suggestion = nearest.best()}, at);
  }
  return nullptr;
}

void read_site(Building& b) {
  b.plan.site.name = b.scope.name();
  b.plan.site.name_space = {plan::Name("default"), b.scope.at()};
  auto one = [&](std::string_view word) -> std::optional<Value> {
    Node node = b.scope.first(word);
    if (node.statement == syntax::kNone) return {};
    return b.groups(node).front().next();
  };
  if (auto value = one("namespace")) {
    if (auto name = read_name(*value, b.diags)) b.plan.site.name_space = {*name, value->use};
  }
  if (auto value = one("service_domain")) {
    auto domain = read_host(*value, b.diags);
    if (domain && domain->kind == plan::HostKind::exact)
      b.plan.site.service_domain = plan::Field<std::string>(domain->name, value->use);
    else if (domain)
      wrong_type(*value, "a domain", "", b.diags);
  }
  listeners(b);
  for (Node node : b.scope.all("degrade")) degrade(b, node);
}

std::optional<plan::Field<plan::CidrList>> read_ranges(Building& b, Node block,
                                                       std::string_view word) {
  if (!b.model[block].has_block) return {};
  uint32_t id = find_child(b.model.ast(block), block.statement, word);
  if (id == syntax::kNone) return {};
  Node node{block.file, id};
  plan::CidrList list;
  for (const Value& value : b.list(node)) {
    if (auto cidr = read_cidr(value, b.diags)) list.push_back(*cidr);
  }
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return plan::Field<plan::CidrList>(std::move(list), b.model[node].span);
}

bool read_edges(Building& b) {
  bool ended = false;
  for (Node node : b.scope.all("behind")) {
    const syntax::Ast& ast = b.model.ast(node);
    Words words = b.groups(node).front();
    auto value = words.next();
    auto name = value ? read_name(*value, b.diags) : std::nullopt;
    auto trust = read_ranges(b, node, "trust");
    if (!trust || trust->peek().empty()) {
      if (!trust)
        b.diags.emit(diag::Missing{.block = fmt::format("`behind {}`", name.value_or("")),
                                   .word = "`trust`, the addresses that the edge connects from"},
                     b.model[node].span);
      continue;
    }
    uint32_t tls = find_child(ast, node.statement, "tls");
    bool here = tls != syntax::kNone;
    if (here) {
      const syntax::Range items = ast.groups[ast.statements[tls].head.groups.begin].items;
      if (items.size() != 2 || ast.items[items.begin + 1].spelling != "ended") {
        b.wrong_arguments("tls", "tls ended", ast.statements[tls].span);
        continue;
      }
    }
    if (!name) continue;
    b.plan.edges.push_back(
        {*name, *trust, {here, here ? ast.statements[tls].span : b.model[node].span}, false});
    b.need(FeatureId::trusted_edge, b.model[node].span, {});
    ended = ended || here;
  }
  return ended;
}

}  // namespace sluice::sema
