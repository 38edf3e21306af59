// A cursor over the items of one group: `rate_limit 100/m burst 200 by client_ip`, word by word.
#pragma once

#include <optional>

#include "compiler/sema/evaluate.h"

namespace sluice::sema {

class Words {
 public:
  Words(Evaluator& values, uint32_t file, syntax::Range items, const Frame* frame)
      : values_(values),
        ast_(values.model().files[file].ast),
        file_(file),
        items_(items),
        frame_(frame) {}

  bool done() const { return items_.begin == items_.end; }
  // The next item as written; only when not done().
  const syntax::Item& peek() const { return ast_.items[items_.begin]; }
  const syntax::Item& take() { return ast_.items[items_.begin++]; }
  // Steps over the word when it is the next one, bare and without a call.
  bool skip(std::string_view word) {
    if (done() || !is(word)) return false;
    ++items_.begin;
    return true;
  }
  bool is(std::string_view word) const {
    const syntax::Item& item = peek();
    return item.kind == syntax::ItemKind::word && !item.has_call && item.label.empty() &&
           item.spelling == word;
  }
  // The next item's one value; nothing after an error. Only when not done().
  std::optional<Value> next() {
    const syntax::Item& item = ast_.items[items_.begin++];
    return values_.one(file_, item, frame_);
  }
  // All that the next item gives, spliced.
  void next(Values& out) { values_.append(file_, ast_.items[items_.begin++], frame_, out); }

 private:
  Evaluator& values_;
  const syntax::Ast& ast_;
  uint32_t file_;
  syntax::Range items_;
  const Frame* frame_;
};

}  // namespace sluice::sema
