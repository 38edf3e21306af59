#include "compiler/sema/routes.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

using model::Node;
using plan::PathKind;

uint64_t key_of(Node node) { return static_cast<uint64_t>(node.file) << 32 | node.statement; }
bool silent(const Layer& layer) { return layer.acts.empty() && layer.without.empty(); }

// Exact paths, regexes as written, prefixes with the longest first; SL0502 for equal ones.
void order(std::vector<RouteDraft>& routes, diag::Sink& diags) {
  auto rank = [](const RouteDraft& r) {
    return r.path.peek().kind == PathKind::exact   ? 0
           : r.path.peek().kind == PathKind::regex ? 1
                                                   : 2;
  };
  auto before = [&](const RouteDraft& a, const RouteDraft& b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    const std::string& x = a.path.peek().text;
    const std::string& y = b.path.peek().text;
    if (rank(a) == 1) return false;
    if (rank(a) == 2 && x.size() != y.size()) return x.size() > y.size();
    return x < y;
  };
  std::stable_sort(routes.begin(), routes.end(), before);
  std::unordered_map<std::string_view, const RouteDraft*>
      regexes;  // they keep their order, so equal ones may lie apart
  auto tie = [&](const RouteDraft& one, const RouteDraft& other) {
    diags.emit(diag::RouteTie{.path = one.path.peek().text}, one.path.at)
        .note("the other one", other.path.at);
  };
  for (size_t i = 0; i < routes.size(); ++i) {
    const plan::PathMatch& path = routes[i].path.peek();
    if (path.kind == PathKind::regex) {
      auto [entry, fresh] = regexes.try_emplace(path.text, &routes[i]);
      if (!fresh) tie(routes[i], *entry->second);
    } else if (i > 0 && routes[i - 1].path.peek() == path) {
      tie(routes[i], routes[i - 1]);
    }
  }
}

}  // namespace

const Layer& RouteReader::zone_layer(Node zone) {
  auto [entry, fresh] = zones_.try_emplace(key_of(zone));
  if (fresh) {
    entry->second = ActReader(b_).read(zone);
    check_without(b_, {&site_}, entry->second);
  }
  return entry->second;
}

const Chain& RouteReader::plain_chain(const Layer* zone) {
  auto [entry, fresh] = plain_.try_emplace(zone);
  if (fresh) {
    std::vector<const Layer*> layers{&site_};
    if (zone != nullptr) layers.push_back(zone);
    entry->second = compose(b_, layers, {});
  }
  return entry->second;
}

std::optional<plan::Field<std::string>> RouteReader::strip(Node route,
                                                           const plan::PathMatch& path) {
  const syntax::Ast& ast = b_.model.ast(route);
  uint32_t id = find_child(ast, route.statement, "strip_prefix");
  if (id == syntax::kNone) return {};
  Node node{route.file, id};
  const Span at = b_.model[node].span;
  Words words = b_.groups(node).front();
  std::string prefix = path.text;
  if (words.done()) {
    if (path.kind != PathKind::regex && prefix != "/") return plan::Field<std::string>(prefix, at);
    b_.diags.emit(diag::BadStrip{.prefix = prefix,
                                 .why = path.kind == PathKind::regex
                                            ? "a regex has no path of its own; write which prefix"
                                            : "nothing would be left off"},
                  at);
    return {};
  }
  auto value = words.next();
  auto said = value ? read_path(*value, true, b_.diags) : std::nullopt;
  if (!said) return {};
  bool whole =
      path.text == *said || (path.text.starts_with(*said) && path.text[said->size()] == '/');
  if (path.kind == PathKind::regex) whole = path.text.starts_with('^' + *said);
  if (*said != "/" && whole) return plan::Field<std::string>(*said, value->use);
  b_.diags.emit(
      diag::BadStrip{.prefix = *said,
                     .why = *said == "/" ? std::string("nothing would be left off")
                                         : fmt::format("`{}` does not begin with it", path.text)},
      value->use);
  return {};
}

void RouteReader::route(Node node, const Layer& host, const Layer* zone,
                        const std::optional<Destination>& fallback, std::vector<RouteDraft>& out) {
  const syntax::Statement& s = b_.model[node];
  const syntax::Ast& ast = b_.model.ast(node);
  std::optional<Destination> to =
      s.sign == syntax::Sign::to ? read_destination(b_, node) : fallback;
  if (s.sign == syntax::Sign::none && !fallback) {
    b_.diags.emit(diag::NoDestination{.what = "this route"}, ast.first_item(s.head).span);
  }
  Layer own = s.has_block ? ActReader(b_).read(node) : Layer{};
  std::vector<const Layer*> layers{&site_};
  if (zone != nullptr) layers.push_back(zone);
  layers.push_back(&host);
  check_without(b_, layers, own);
  layers.push_back(&own);
  bool plain = silent(host) && silent(own);
  Node name;
  if (s.has_block) name = {node.file, find_child(ast, node.statement, "name")};
  bool strips = s.has_block && find_child(ast, node.statement, "strip_prefix") != syntax::kNone;
  for (uint32_t g = s.head.groups.begin; g < s.head.groups.end; ++g) {
    syntax::Range items = ast.groups[g].items;
    if (g == s.head.groups.begin) ++items.begin;
    Words words(b_.values, node.file, items, nullptr);
    PathKind kind = PathKind::prefix;
    if (items.size() == 2) {
      if (words.skip("exact"))
        kind = PathKind::exact;
      else if (words.skip("regex"))
        kind = PathKind::regex;
      else {
        b_.wrong_arguments("route", "route [exact|regex] PATH, … [-> DESTINATION] [{ … }]",
                           words.peek().whole);
        continue;
      }
    }
    Values paths;
    words.next(paths);
    for (const Value& value : paths) {
      auto text = kind == PathKind::regex ? read_regex(value, b_.diags)
                                          : read_path(value, kind == PathKind::prefix, b_.diags);
      if (!text || !to) continue;
      plan::PathMatch path{kind, std::move(*text)};
      auto stripped = strips ? strip(node, path) : std::nullopt;
      Chain chain = plain && !stripped ? plain_chain(zone) : compose(b_, layers, stripped);
      out.push_back(
          {{std::move(path), value.use}, to->answer, std::move(chain), to->needs, name, s.span});
    }
  }
}

std::vector<RouteDraft>& RouteReader::read(const HostDraft& host) {
  if (host.alone) {
    alone_.clear();
    read_block(host, alone_);
    return alone_;
  }
  auto [entry, fresh] = blocks_.try_emplace(key_of(host.block));
  if (fresh) read_block(host, entry->second);
  return entry->second;
}

void RouteReader::read_block(const HostDraft& host, std::vector<RouteDraft>& out) {
  const syntax::Statement& s = b_.model[host.block];
  const Layer* zone = host.zone.statement == syntax::kNone ? nullptr : &zone_layer(host.zone);
  Layer own = s.has_block ? ActReader(b_).read(host.block) : Layer{};
  std::vector<const Layer*> around{&site_};
  if (zone != nullptr) around.push_back(zone);
  check_without(b_, around, own);
  std::optional<Destination> whole;
  if (s.sign == syntax::Sign::to) {
    whole = read_destination(b_, host.block);
    if (whole) {
      Chain chain;
      if (silent(own))
        chain = plain_chain(zone);
      else {
        around.push_back(&own);
        chain = compose(b_, around, {});
      }
      out.push_back({{plan::PathMatch{PathKind::prefix, "/"}, b_.model[host.block].sign_span},
                     whole->answer,
                     std::move(chain),
                     whole->needs,
                     {},
                     s.span});
    }
  }
  const syntax::Ast& ast = b_.model.ast(host.block);
  bool any = s.sign == syntax::Sign::to;
  for (uint32_t id : syntax::children(ast, s.first_child)) {
    if (word_of(ast, id) != "route") continue;
    route({host.block.file, id}, own, zone, whole, out);
    any = true;
  }
  if (!any)
    b_.diags.emit(
        diag::NoDestination{.what = fmt::format("the host `{}`", plan::to_string(host.pattern))},
        host.at);
  order(out, b_.diags);
}

}  // namespace sluice::sema
