// Reads the items of a model as values: literals, `${x}` through frames (a middleware's
// parameters), the site's `set`, `let` and `param`. One evaluator a site; each value is computed
// once.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/model/model.h"
#include "compiler/sema/value.h"

namespace sluice::sema {

// Names seen before those of the file: a middleware's parameters, `host` and `label` of a name
// pattern.
struct Frame {
  const Frame* outer = nullptr;
  std::vector<std::pair<std::string_view, Values>> values;
};

class Evaluator {
 public:
  Evaluator(const model::Model& model, diag::Sink& diags);

  // `set NAME = …` of the site: the tail of that statement holds instead of the declaration's.
  void set(model::DeclarationId value, model::Node statement);

  // One item, where several may stand: an item that is only `${x}` splices x. False and nothing
  // after an error, which may have been told before.
  bool append(uint32_t file, const syntax::Item& item, const Frame* frame, Values& out);
  // One item, where one value stands; nothing after an error (SL0402).
  std::optional<Value> one(uint32_t file, const syntax::Item& item, const Frame* frame = nullptr);
  // `let` and `param`: nullptr after an error. Checked against the declaration's type.
  const Values* value(model::DeclarationId id, Span use);

  const model::Model& model() const { return model_; }
  diag::Sink& diags() const { return diags_; }

 private:
  const Values* find(uint32_t file, std::string_view name, const Frame* frame, Span use);

  const model::Model& model_;
  diag::Sink& diags_;
  enum class Progress : uint8_t { none, running, done, failed };
  struct Memo {
    Progress progress = Progress::none;
    model::Node from;  // the statement whose tail gives the value
    Values values;
  };
  std::vector<Memo> memo_;  // by DeclarationId
};

// Holds a value to a declared type: `rate`, `issuer`, … False after an error; unknown types are
// reported where they are declared.
bool check_type(std::string_view type, const Value& value, const model::Model& model,
                diag::Sink& diags);
bool is_type(std::string_view name);
std::string_view nearest_type(std::string_view name);
// The kind that a type names, for `issuer certificate upstream middleware`.
std::optional<model::Kind> kind_of_type(std::string_view type);

// SL0301 with the nearest declared name. `use` is the place.
void unknown_name(const model::Model& model, uint32_t file, model::Kind kind, std::string_view name,
                  Span use, diag::Sink& diags);

}  // namespace sluice::sema
