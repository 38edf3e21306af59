// One site as the source says it: its statements after `like` (D41), and an evaluator that holds
// its `set`s.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/sema/evaluate.h"

namespace sluice::sema {

class SiteScope {
 public:
  // `name` is a declared site, or `local` in a source without sites.
  SiteScope(const model::Model& model, std::string_view name, diag::Sink& diags);

  std::string_view name() const { return name_; }
  Span at() const { return at_; }
  const std::vector<model::Node>& statements() const { return statements_; }
  // Those that begin with `word`, in order.
  std::vector<model::Node> all(std::string_view word) const;
  // The one, or statement kNone.
  model::Node first(std::string_view word) const;
  Evaluator& values() { return values_; }
  const model::Model& model() const { return model_; }

 private:
  void collect(model::DeclarationId site, std::vector<model::DeclarationId>& path);
  void apply_sets();

  const model::Model& model_;
  diag::Sink& diags_;
  std::string_view name_;
  Span at_;
  std::vector<model::Node> statements_;
  Evaluator values_;
};

}  // namespace sluice::sema
