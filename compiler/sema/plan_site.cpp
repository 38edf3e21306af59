#include "compiler/sema/plan_site.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/catalog.gen.h"
#include "compiler/plan/check.h"
#include "compiler/sema/acts.h"
#include "compiler/sema/certificates.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/check_sites.h"
#include "compiler/sema/fronts.h"
#include "compiler/sema/routes.h"
#include "compiler/sema/site_facts.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

using model::Node;

const plan::CidrList kPrivate = {"10.0.0.0/8",     "127.0.0.0/8", "172.16.0.0/12",
                                 "192.168.0.0/16", "::1/128",     "fc00::/7"};

class Planner {
 public:
  Planner(const model::Model& model, std::string_view site, Targets targets,
          const std::vector<FrontLine>& lines, Usage& usage, diag::Sink& diags)
      : model_(model),
        lines_(lines),
        errors_before_(diags.errors()),
        scope_(model, site, diags),
        facts_(read_target(scope_, targets, site_, diags)),
        b_(scope_, facts_, usage, diags),
        certificates_(b_) {
    b_.plan.site = std::move(site_);
  }

  plan::Plan run() {
    read_site(b_);
    tls_ended_ = read_edges(b_);
    std::vector<HostDraft> drafts = collect_hosts(scope_, b_.diags);
    inner_edges(drafts);
    outer_fronts(drafts);
    Layer site = ActReader(b_).read(use_statements());
    if (!passed_.empty() && !site.uses.empty()) {
      b_.diags.emit(diag::FrontActs{.site = scope_.name()}, site.uses.front().second);
    }
    RouteReader routes(b_, site);
    b_.plan.hosts.reserve(drafts.size());
    for (const HostDraft& draft : drafts) host(draft, routes);
    certificates_.finish();
    http01_port();
    list_is_trust(site);
    values_of_nobody();
    if (facts_ != nullptr && b_.diags.errors() == errors_before_)
      plan::check_capabilities(b_.plan, *facts_, b_.diags);
    return std::move(b_.plan);
  }

 private:
  std::vector<Node> use_statements() const {
    std::vector<Node> result;
    for (Node node : scope_.statements()) {
      std::string_view word = word_of(model_.ast(node), node.statement);
      if (word == "use" || word == "without") result.push_back(node);
    }
    return result;
  }

  // Other sites that hand hosts on to this one: an edge each, and their hosts end no TLS here.
  void inner_edges(const std::vector<HostDraft>& drafts) {
    for (const FrontLine& line : lines_) {
      if (line.inner != scope_.name() || line.outer == line.inner) continue;
      auto names = served_names(model_, line.outer);
      size_t common = 0;
      for (const HostDraft& draft : drafts) {
        if (!names.contains(plan::to_string(draft.pattern))) continue;
        handed_in_.insert(plan::to_string(draft.pattern));
        ++common;
      }
      if (common == 0) continue;
      const Span at = model_[line.statement].span;
      auto from = read_ranges(b_, line.statement, "from");
      b_.plan.edges.push_back(
          {line.outer, from ? *from : plan::Field<plan::CidrList>(kPrivate, at), {true, at}, true});
      b_.need(FeatureId::trusted_edge, at, {});
    }
  }

  void outer_fronts(const std::vector<HostDraft>& drafts) {
    for (Node node : scope_.all("front")) {
      Words words = b_.groups(node).front();
      const syntax::Item inner = words.take();
      auto bad = [&](std::string why) {
        b_.diags.emit(diag::BadFront{.site = inner.spelling, .why = std::move(why)}, inner.span);
      };
      if (model_.lookup(node.file, model::Kind::site, inner.spelling) == model::kNoDeclaration) {
        unknown_name(model_, node.file, model::Kind::site, inner.spelling, inner.span, b_.diags);
        continue;
      }
      if (in_circle(lines_, scope_.name())) {
        bad("the sites hand on to each other in a circle");
        continue;
      }
      if (!words.skip("via") || words.done()) {
        b_.wrong_arguments("front", "front SITE via DESTINATION [{ from CIDR, … }]",
                           model_[node].span);
        continue;
      }
      std::vector<std::pair<FeatureId, Span>> needs;
      auto via = read_upstream(b_, words, node.file, needs);
      if (!via) continue;
      if (!words.done())
        b_.wrong_arguments("front", "front SITE via DESTINATION [{ from CIDR, … }]",
                           words.peek().whole);
      auto id = static_cast<uint32_t>(b_.plan.fronts.size());
      auto names = served_names(model_, inner.spelling);
      bool any = false;
      for (const HostDraft& draft : drafts) {
        std::string name = plan::to_string(draft.pattern);
        if (!names.contains(name)) continue;
        any = true;
        if (!passed_.try_emplace(name, id).second)
          bad(fmt::format("`{}` is handed on to another site already", name));
      }
      if (!any && b_.diags.errors() == errors_before_) bad("no host is served by both");
      read_ranges(b_, node, "from");  // its mistakes; its meaning is the inner site's
      b_.plan.fronts.push_back({std::string(inner.spelling), {*via, model_[node].span}});
      b_.need(FeatureId::front, model_[node].span, {});
      for (const auto& [feature, at] : needs) b_.need(feature, at, {});
    }
  }

  void host(const HostDraft& draft, RouteReader& routes) {
    plan::HostId id{static_cast<uint32_t>(b_.plan.hosts.size())};
    const std::string name = plan::to_string(draft.pattern);
    plan::Host host;
    host.pattern = {draft.pattern, draft.at};
    host.at = model_[draft.block].span;
    name_host(draft, name, host);
    host_need(draft, id);
    end_tls(draft, name, id, host);
    auto front = passed_.find(name);
    if (front != passed_.end()) {
      const Span at = b_.plan.fronts[front->second].via.at;
      host.routes.push_back({{plan::PathMatch{plan::PathKind::prefix, "/"}, draft.at},
                             {},
                             {plan::Answer(plan::FrontId{front->second}), at},
                             b_.route_names.given(host.object, name + " front"),
                             b_.plan.site.name_space.peek(),
                             at});
      b_.need(FeatureId::route_prefix, at, id);
    } else {
      std::vector<RouteDraft>& drafts = routes.read(draft);
      host.routes.reserve(drafts.size());
      for (RouteDraft& route : drafts) add_route(draft, name, id, host, route);
    }
    b_.plan.hosts.push_back(std::move(host));
  }

  void name_host(const HostDraft& draft, const std::string& name, plan::Host& host) {
    Node pattern = named_by(draft.block), of = draft.block;
    if (pattern.statement == syntax::kNone && draft.zone.statement != syntax::kNone) {
      pattern = named_by(draft.zone);
      of = draft.zone;
    }
    std::string written;
    Span at;
    if (pattern.statement != syntax::kNone) written = expand(pattern, draft, at);
    // Hosts of one block that share its written name are one object; a zone's name is each host's
    // own.
    bool block_name = of == draft.block;
    std::string content = written.empty() || !block_name
                              ? name
                              : fmt::format("block {}:{}", draft.block.file, draft.block.statement);
    host.object = written.empty() ? b_.host_names.given(dashed(draft.pattern), content)
                                  : b_.host_names.written(written, content, at, b_.diags);
    uint64_t block = static_cast<uint64_t>(draft.block.file) << 32 | draft.block.statement;
    host.group = draft.alone ? host.object : groups_.try_emplace(block, host.object).first->second;
    named_together_ = !written.empty() && block_name;
  }

  Node named_by(Node block) const {
    if (!model_[block].has_block) return {};
    return {block.file, find_child(model_.ast(block), block.statement, "name")};
  }

  std::string expand(Node pattern, const HostDraft& draft, Span& at) {
    Frame frame;
    frame.values.push_back({"host", {{dashed(draft.pattern), draft.at, draft.at, nullptr}}});
    frame.values.push_back({"label", {{dashed_label(draft.label), draft.at, draft.at, nullptr}}});
    auto value = b_.groups(pattern, &frame).front().next();
    at = model_[pattern].span;
    if (!value) return "";
    at = value->use;
    if (value->text.size() > kNameLimit) return value->text;  // told apart as too long
    return read_name(*value, b_.diags).value_or("");
  }

  void host_need(const HostDraft& draft, plan::HostId id) {
    static constexpr FeatureId kFeatures[] = {FeatureId::host_exact, FeatureId::host_wildcard,
                                              FeatureId::host_deep_wildcard, FeatureId::host_any};
    b_.need(kFeatures[static_cast<size_t>(draft.pattern.kind)], draft.at, id);
  }

  bool listens(plan::Scheme scheme) const {
    return std::any_of(b_.plan.listeners.begin(), b_.plan.listeners.end(),
                       [&](const auto& l) { return l.scheme == scheme; });
  }

  void end_tls(const HostDraft& draft, const std::string& name, plan::HostId id, plan::Host& host) {
    host.plain_http = {plan::PlainHttp::serve, draft.at};
    if (tls_ended_ || handed_in_.contains(name)) return certificates_.look(draft);
    if (!certificates_.wants_tls(draft)) return;
    if (!listens(plan::Scheme::https)) {
      Node listen = b_.scope.first("listen");
      // Once a site; and a site that should stand in front may be what is wrong.
      if (b_.diags.has_errors()) return certificates_.look(draft);
      b_.diags
          .emit(diag::NoHttpsListener{.site = scope_.name(), .host = name},
                listen.statement == syntax::kNone ? scope_.at() : model_[listen].span)
          .note("the host", draft.at);
      certificates_.look(draft);
      return;
    }
    host.tls = certificates_.of(draft, id);
    if (!host.tls) return;
    b_.need(FeatureId::tls, host.tls->at, id);
    host.plain_http = plain_http(draft);
    if (!listens(plan::Scheme::http)) {
      host.plain_http = {plan::PlainHttp::refuse, host.plain_http.at};
      return;
    }
    static constexpr FeatureId kFeatures[] = {
        FeatureId::plain_http_redirect, FeatureId::plain_http_serve, FeatureId::plain_http_refuse};
    b_.need(kFeatures[static_cast<size_t>(host.plain_http.peek())], host.plain_http.at, id);
  }

  plan::Field<plan::PlainHttp> plain_http(const HostDraft& draft) {
    for (Node block : {draft.block, draft.zone}) {
      if (block.statement == syntax::kNone || !model_[block].has_block) continue;
      uint32_t child = find_child(model_.ast(block), block.statement, "plain_http");
      if (child == syntax::kNone) continue;
      auto value = b_.groups({block.file, child}).front().next();
      if (!value) break;
      if (value->text == "redirect") return {plan::PlainHttp::redirect, value->use};
      if (value->text == "serve") return {plan::PlainHttp::serve, value->use};
      if (value->text == "refuse") return {plan::PlainHttp::refuse, value->use};
      wrong_type(*value, "redirect, serve or refuse", "", b_.diags);
      break;
    }
    return {plan::PlainHttp::redirect, draft.at};
  }

  void add_route(const HostDraft& draft, const std::string& name, plan::HostId id, plan::Host& host,
                 RouteDraft& route) {
    const plan::PathMatch& path = route.path.peek();
    static constexpr FeatureId kFeatures[] = {FeatureId::route_exact, FeatureId::route_regex,
                                              FeatureId::route_prefix};
    b_.need(kFeatures[static_cast<size_t>(path.kind)], route.path.at, id);
    for (const auto& [feature, at] : route.needs) b_.need(feature, at, id);
    for (const auto& [feature, at] : route.chain.needs) b_.need(feature, at, id);
    plan::Name name_space = b_.plan.site.name_space.peek();
    if (const auto* pool = std::get_if<plan::Pool>(&route.answer)) {
      const auto& service = b_.plan[pool->shares.front().upstream.peek()].service;
      if (service) name_space = service->name_space;
    }
    // Hosts under one written name share the objects of their routes.
    std::string& identity = scratch_;
    identity = named_together_ ? host.group : name;
    identity += static_cast<char>('0' + static_cast<int>(path.kind));
    identity += path.text;
    std::string object;
    if (route.name.statement != syntax::kNone) {
      Span at;
      std::string written = expand(route.name, draft, at);
      if (!written.empty()) object = b_.route_names.written(written, identity, at, b_.diags);
    }
    if (object.empty()) object = b_.route_names.given(default_name(host.object, path), identity);
    plan::Route planned{{}, {}, {}, std::move(object), std::move(name_space), route.at};
    if (draft.alone) {
      planned.path = std::move(route.path);
      planned.chain = std::move(route.chain.policies);
      planned.to = {std::move(route.answer), route.at};
    } else {
      planned.path = route.path;
      planned.chain = route.chain.policies;
      planned.to = {route.answer, route.at};
    }
    host.routes.push_back(std::move(planned));
  }

  static std::string default_name(const std::string& host, const plan::PathMatch& path) {
    if (path.kind == plan::PathKind::regex) return host + "-regex-" + hash8(path.text);
    std::string tail = dashed(path.text);
    std::string name = tail.empty() ? host : host + '-' + tail;
    return path.kind == plan::PathKind::exact ? name + "-exact" : name;
  }

  // An HTTP-01 challenge comes to port 80 (meaning-certificates).
  void http01_port() {
    bool on_80 = !b_.plan.edges.empty() ||
                 std::any_of(b_.plan.listeners.begin(), b_.plan.listeners.end(), [](const auto& l) {
                   return l.scheme == plan::Scheme::http && l.port.peek() == 80;
                 });
    if (on_80) return;
    for (const plan::Issuer& issuer : b_.plan.issuers) {
      const auto* acme = std::get_if<plan::Acme>(&issuer.kind.peek());
      if (acme == nullptr || acme->challenge.peek().kind != plan::ChallengeKind::http01) continue;
      Span at = model_[b_.scope.first("listen")].span;
      auto& d = b_.diags.emit(diag::Http01Port{.issuer = issuer.name, .site = scope_.name()}, at);
      if (issuer.kind.at.known()) d.note("the issuer", issuer.kind.at);
    }
  }

  // D34: behind an edge, a list of the edge's own addresses refuses every client.
  void list_is_trust(const Layer&) {
    for (const plan::Policy& policy : b_.plan.policies) {
      const auto* list = std::get_if<plan::AllowIps>(&policy.action);
      if (list == nullptr) continue;
      for (const plan::Edge& edge : b_.plan.edges) {
        if (list->from.peek() != edge.trust.peek()) continue;
        b_.diags.emit(diag::AllowIpsIsTrust{.edge = edge.name}, list->from.at)
            .note("the edge", edge.trust.at)
            .help("write allow_peers");
      }
    }
  }

  // Values that nothing here reads are read all the same, so that their mistakes are found.
  void values_of_nobody() {
    for (model::DeclarationId id = 0; id < model_.declarations.size(); ++id) {
      if (model_.declarations[id].kind == model::Kind::value)
        b_.values.value(id, model_.declarations[id].at);
    }
  }

  const model::Model& model_;
  const std::vector<FrontLine>& lines_;
  size_t errors_before_;
  SiteScope scope_;
  plan::Site site_;
  const TargetFacts* facts_;
  Building b_;
  Certificates certificates_;
  bool tls_ended_ = false;
  bool named_together_ = false;
  std::string scratch_;
  std::unordered_set<std::string> handed_in_;  // hosts that an outer site hands in
  std::unordered_map<std::string, uint32_t>
      passed_;  // hosts that this site hands on, and by which front
  std::unordered_map<uint64_t, std::string> groups_;  // by block
};

}  // namespace

std::vector<SiteSummary> site_summaries(const model::Model& model) {
  std::vector<SiteSummary> result;
  if (model.sites.empty()) return {{"local", "table", {}, {}}};
  std::vector<FrontLine> lines = front_lines(model);
  for (model::DeclarationId id : model.sites) {
    diag::Sink quiet;
    SiteScope site(model, model.declarations[id].name, quiet);
    SiteSummary summary{std::string(site.name()), "table", {}, site.at()};
    if (Node target = site.first("target"); target.statement != syntax::kNone) {
      const syntax::Range items = model.ast(target).groups[model[target].head.groups.begin].items;
      if (items.size() == 2) summary.target = model.ast(target).items[items.begin + 1].spelling;
    }
    for (const FrontLine& line : lines) {
      if (line.outer == summary.name) summary.inner.push_back(line.inner);
    }
    result.push_back(std::move(summary));
  }
  return result;
}

std::vector<std::string> site_names(const model::Model& model) {
  std::vector<std::string> names;
  for (model::DeclarationId id : model.sites) names.emplace_back(model.declarations[id].name);
  if (names.empty()) names.emplace_back("local");
  return names;
}

plan::Plan plan_site(const model::Model& model, std::string_view site, Targets targets,
                     diag::Sink& diags) {
  Usage usage(model.declarations.size());
  std::vector<FrontLine> lines = front_lines(model);
  return Planner(model, site, targets, lines, usage, diags).run();
}

std::vector<plan::Plan> plan_sites(const model::Model& model, Targets targets, diag::Sink& diags) {
  Usage usage(model.declarations.size());
  std::vector<FrontLine> lines = front_lines(model);
  std::vector<plan::Plan> plans;
  for (const std::string& site : site_names(model))
    plans.push_back(Planner(model, site, targets, lines, usage, diags).run());
  if (!diags.has_errors()) check_usage(model, usage, diags);
  return plans;
}

void check_sites(const model::Model& model, Targets targets, diag::Sink& diags) {
  plan_sites(model, targets, diags);
}

}  // namespace sluice::sema
