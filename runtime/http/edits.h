// What middleware does to headers, prepared once (when a table is loaded) and applied to many
// heads while they are written. An EditList is immutable after it was built and may be shared
// between threads. It is the wall against header injection: it takes no name or value that is
// outside the grammar, and none that decides framing or the connection.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/http/header_id.h"

namespace sluice::http {

enum class EditOp : uint8_t {
  set,            // exactly this line
  add,            // one line more
  remove,         // no such line
  set_if_absent,  // this line when the message has none of its name
};

class EditList {
 public:
  // Edits act in the order they are added. False, and nothing added, when the name is not a token,
  // the value holds a control character, or the name is hop-by-hop, Content-Length or Expect.
  [[nodiscard]] bool edit(EditOp op, std::string_view name, std::string_view value = {});

  bool empty() const noexcept { return edits_.empty(); }
  // Upper bound of the bytes it writes into a head.
  size_t size() const noexcept { return size_; }

  // Below: for the writers.

  // Contradictions within the list are resolved: at most one set or remove of a name, and it
  // stands before the adds of that name.
  struct Edit {
    EditOp op;
    HeaderId id;
    std::string name;
    std::string line;  // `Name: value\r\n`; empty for remove
  };
  std::span<const Edit> edits() const noexcept { return edits_; }
  // All lines of a list without set_if_absent, as they are written; one copy instead of many.
  std::string_view block() const noexcept { return block_; }
  bool is_conditional() const noexcept { return conditional_; }
  bool removes_unlisted() const noexcept { return removed_sizes_ != 0; }
  IdSet removed_ids() const noexcept { return removed_ids_; }
  // Whether lines of this name that stand in the message are taken away (to be set anew or not).
  bool removes(HeaderId id, std::string_view name) const noexcept {
    if (is_exact(id)) return contains(removed_ids_, id);
    return (removed_sizes_ >> (name.size() & 63) & 1) && find(id, name, true);
  }
  bool writes(HeaderId id, std::string_view name) const noexcept { return find(id, name, false); }

 private:
  bool find(HeaderId id, std::string_view name, bool removing) const noexcept;
  void prepare();

  std::vector<Edit> edits_;
  std::string block_;
  IdSet removed_ids_ = 0;
  uint64_t removed_sizes_ = 0;  // sizes, modulo 64, of removed names that have no exact id
  size_t size_ = 0;
  bool conditional_ = false;
};

}  // namespace sluice::http
