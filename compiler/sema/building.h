// What the parts of planning share while one site's plan grows.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/sema/names.h"
#include "compiler/sema/site_scope.h"
#include "compiler/sema/words.h"

namespace sluice::sema {

// Which declarations any site has used, by DeclarationId.
using Usage = std::vector<bool>;

struct Building {
  Building(SiteScope& site, const TargetFacts* target, Usage& usage_of_all, diag::Sink& sink)
      : model(site.model()),
        scope(site),
        values(site.values()),
        facts(target),
        usage(usage_of_all),
        diags(sink) {}

  const model::Model& model;
  SiteScope& scope;
  Evaluator& values;
  const TargetFacts* facts;  // nullptr: the target is unknown
  Usage& usage;
  diag::Sink& diags;
  plan::Plan plan;
  Names host_names, route_names, upstream_names, policy_names, certificate_names;
  IdTable upstreams, policies, secrets;  // by content
  std::unordered_map<model::DeclarationId, uint32_t> issuers, named_upstreams;

  bool kubernetes() const { return facts != nullptr && facts->kubernetes; }
  // First use of a feature, and with a `degrade … on HOST` the first for each host.
  void need(FeatureId feature, Span at, std::optional<plan::HostId> host);
  plan::SecretId secret(std::string name, std::optional<std::string> key, plan::SecretUse use,
                        Span at);
  // The groups of a statement's list: its first item, the statement's word, left out.
  std::vector<Words> groups(model::Node node, const Frame* frame = nullptr);
  // All values of a statement's list, spliced.
  Values list(model::Node node, const Frame* frame = nullptr);
  // A declared thing by a value's text, looked up where its words stand; marks it used.
  model::DeclarationId named(model::Kind kind, const Value& value);
  void wrong_arguments(std::string_view word, std::string_view shape, Span at);

 private:
  std::unordered_set<uint64_t> needs_;
};

}  // namespace sluice::sema
