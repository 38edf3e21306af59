#include "compiler/sema/plan_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/expectations.h"
#include "compiler/sema/plan_index.h"
#include "compiler/sema/types.h"
#include "compiler/sema/words.h"

namespace sluice::sema {
namespace {

using model::Node;

constexpr std::string_view kClient = "198.51.100.7";  // TEST-NET-2: nobody's

bool same_header(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           auto lower = [](char c) {
             return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
           };
           return lower(x) == lower(y);
         });
}

// An address inside a range: the one after its first.
std::string address_in(const plan::Cidr& range) {
  std::string address = range.substr(0, range.find('/'));
  if (range.ends_with("/32") || range.ends_with("/128")) return address;
  size_t dot = address.rfind('.');
  if (dot == std::string::npos) return address + '1';  // "2001:db8::" and one
  return address.substr(0, dot + 1) + std::to_string(std::stoi(address.substr(dot + 1)) + 1);
}

struct Request {
  PlannedRequest planned;
  bool from = false;
  std::vector<const plan::Plan*> hops;
  std::vector<Node> expects;
};

class TestPlanner {
 public:
  TestPlanner(const model::Model& model, const std::vector<const plan::Plan*>& plans,
              diag::Sink& diags)
      : model_(model), plans_(plans), diags_(diags), index_(plans) {}

  std::vector<PlannedTest> run() {
    for (Node test : model_.tests) at_its_sites(test);
    return std::move(result_);
  }

 private:
  SiteScope& scope(const plan::Plan& plan) {
    auto& scope = scopes_[&plan];
    if (!scope) scope = std::make_unique<SiteScope>(model_, plan.site.name, diags_);
    return *scope;
  }

  void at_its_sites(Node test) {
    const syntax::Ast& ast = model_.ast(test);
    uint32_t only = find_child(ast, test.statement, "site");
    if (only != syntax::kNone) {
      const syntax::Range items = ast.groups[ast.statements[only].head.groups.begin].items;
      const syntax::Item& name = ast.items[items.end - 1];
      const plan::Plan* plan = index_.site(std::string(name.spelling));
      if (plan == nullptr)
        return unknown_name(model_, test.file, model::Kind::site, name.spelling, name.span, diags_);
      run_at(test, *plan, true);
      return;
    }
    bool any = false;
    size_t before = diags_.errors();
    for (const plan::Plan* plan : plans_) any = run_at(test, *plan, false) || any;
    if (!any && diags_.errors() == before) unserved(test);
  }

  void unserved(Node test) {
    for (const auto& [host, at] : asked_) {
      bool served = std::any_of(
          plans_.begin(), plans_.end(),
          [&, h = host](const plan::Plan* plan) { return index_.host(*plan, h) != nullptr; });
      if (!served)
        return void(diags_.emit(diag::TestHostUnserved{.host = host, .where = "at any site"}, at));
    }
    diags_.emit(diag::TestShape{.why = "no site serves all the hosts that it asks"},
                model_.ast(test).first_item(model_[test].head).span);
  }

  // Plans the test with the values of one site; false when that site does not serve what it asks,
  // or another one in front of it does.
  bool run_at(Node test, const plan::Plan& plan, bool named) {
    asked_.clear();
    std::vector<Request> requests;
    const syntax::Ast& ast = model_.ast(test);
    for (uint32_t id : syntax::children(ast, model_[test].first_child)) {
      std::string_view word = word_of(ast, id);
      if (word == "expect" && !requests.empty()) requests.back().expects.push_back({test.file, id});
      if (word != "request") continue;
      auto request = read_request(scope(plan), {test.file, id});
      if (!request) return false;
      asked_.emplace_back(request->planned.host, request->planned.at);
      if (index_.host(plan, request->planned.host) == nullptr) {
        if (named)
          diags_.emit(
              diag::TestHostUnserved{.host = request->planned.host,
                                     .where = fmt::format("at the site `{}`", plan.site.name)},
              request->planned.at);
        return false;
      }
      const plan::Plan* entry = &plan;
      while (!request->from) {
        const plan::Plan* outer = index_.before(*entry, request->planned.host);
        if (outer == nullptr) break;
        if (!named) return false;
        entry = outer;
      }
      request->hops = index_.hops(*entry, request->planned.host);
      arrive(*request, *entry);
      requests.push_back(std::move(*request));
    }
    add(test, plan, requests);
    return true;
  }

  void add(Node test, const plan::Plan& plan, std::vector<Request>& requests) {
    const syntax::Ast& ast = model_.ast(test);
    const syntax::Range items = ast.groups[model_[test].head.groups.begin].items;
    auto name = scope(plan).values().one(test.file, ast.items[items.end - 1]);
    std::vector<const plan::Plan*> last;
    for (Request& request : requests) {
      for (Node expect : request.expects) {
        auto read = read_expectation(scope(plan), expect, request.hops, diags_);
        if (read) request.planned.expects.push_back(std::move(*read));
      }
      if (last.empty() || request.hops != last) {
        PlannedTest planned{name ? name->text : "", {}, {}, ast.first_item(model_[test].head).span};
        for (const plan::Plan* hop : request.hops) planned.hops.push_back(hop->site.name);
        result_.push_back(std::move(planned));
        last = request.hops;
      }
      result_.back().requests.push_back(std::move(request.planned));
    }
  }

  std::optional<Request> read_request(SiteScope& site, Node node) {
    const syntax::Ast& ast = model_.ast(node);
    syntax::Range items = ast.groups[model_[node].head.groups.begin].items;
    ++items.begin;
    Words words(site.values(), node.file, items, nullptr);
    auto method = words.next(), url = words.next();
    if (!method || !url) return {};
    Request request;
    request.planned.at = url->use;
    request.planned.method = method->text;
    if (method->text.empty() ||
        method->text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != std::string::npos) {
      return wrong_type(*method, "a method such as GET", "", diags_), std::nullopt;
    }
    auto parts = read_url(*url, diags_);
    if (!parts) return {};
    request.planned.url = url->text;
    request.planned.scheme = parts->scheme == "https" ? plan::Scheme::https : plan::Scheme::http;
    request.planned.host = parts->host;
    request.planned.target = parts->rest.starts_with('/') ? parts->rest : '/' + parts->rest;
    request.planned.peer = kClient;
    if (!words.done()) {
      bool from = words.skip("from") && !words.done();
      auto address = from ? words.next() : std::nullopt;
      auto peer = address ? read_ip(*address, diags_) : std::nullopt;
      if (!from || (peer && !words.done())) {
        diags_.emit(diag::WrongArguments{.word = "request",
                                         .shape = "request METHOD URL [from ADDRESS] [{ … }]"},
                    model_[node].span);
      }
      if (!peer) return {};
      request.planned.peer = *peer;
      request.from = true;
    }
    for (uint32_t id : syntax::children(ast, model_[node].first_child)) {
      if (word_of(ast, id) == "header" && !header(site, {node.file, id}, request.planned))
        return {};
    }
    return request;
  }

  bool header(SiteScope& site, Node node, PlannedRequest& request) {
    syntax::Range items = model_.ast(node).groups[model_[node].head.groups.begin].items;
    ++items.begin;
    Words words(site.values(), node.file, items, nullptr);
    auto name = words.next(), text = words.next();
    if (!name || !text) return false;
    auto read = read_header_name(*name, diags_);
    if (!read) return false;
    if (text->secret) return wrong_type(*text, "text", "", diags_), false;
    request.headers.push_back({*read, text->text, model_[node].span});
    return true;
  }

  // Through a foreign edge: its address connects, its headers name the client (D45).
  static void arrive(Request& request, const plan::Plan& entry) {
    if (request.from) return;
    for (const plan::Edge& edge : entry.edges) {
      if (edge.is_site || edge.trust.peek().empty()) continue;
      PlannedRequest& planned = request.planned;
      planned.peer = address_in(edge.trust.peek().front());
      auto forward = [&](std::string name, std::string value) {
        bool written = std::any_of(planned.headers.begin(), planned.headers.end(),
                                   [&](const TestHeader& h) { return same_header(h.name, name); });
        if (!written) planned.headers.push_back({std::move(name), std::move(value), {}});
      };
      forward("X-Forwarded-For", std::string(kClient));
      forward("X-Forwarded-Proto", planned.scheme == plan::Scheme::https ? "https" : "http");
      forward("X-Forwarded-Host", planned.host);
      if (edge.tls_ended.peek()) planned.scheme = plan::Scheme::http;
      return;
    }
  }

  const model::Model& model_;
  const std::vector<const plan::Plan*>& plans_;
  diag::Sink& diags_;
  PlanIndex index_;
  std::unordered_map<const plan::Plan*, std::unique_ptr<SiteScope>> scopes_;
  std::vector<std::pair<std::string, Span>> asked_;
  std::vector<PlannedTest> result_;
};

}  // namespace

std::vector<PlannedTest> plan_tests(const model::Model& model,
                                    const std::vector<const plan::Plan*>& plans,
                                    diag::Sink& diags) {
  return TestPlanner(model, plans, diags).run();
}

}  // namespace sluice::sema
