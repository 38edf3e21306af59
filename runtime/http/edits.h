// What middleware does to headers, prepared once (when a table is loaded) and applied to many
// heads while they are written. An EditList is immutable after it was built and may be shared
// between threads. It is the wall against header injection: it takes no name or value that is
// outside the grammar, and none that decides framing or the connection.
#pragma once

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
  // Whether a line of this name is taken away by this list (to be set anew or not).
  bool removes(HeaderId id, std::string_view name) const noexcept {
    if (is_exact(id)) return contains(removed_ids_, id);
    return (removed_sizes_ >> (name.size() & 63) & 1) && removes_by_name(name);
  }
  IdSet removed_ids() const noexcept { return removed_ids_; }
  bool removes_other_names() const noexcept { return removed_sizes_ != 0; }
  // Upper bound of the bytes it writes.
  size_t size() const noexcept { return text_.size(); }

  struct Edit {
    EditOp op;
    HeaderId id;
    uint32_t at;         // its line `Name: value\r\n` in the text; for remove `Name` alone
    uint32_t size;
    uint32_t name_size;
  };
  const std::vector<Edit>& edits() const noexcept { return edits_; }
  std::string_view line(const Edit& e) const noexcept { return {text_.data() + e.at, e.size}; }
  std::string_view name(const Edit& e) const noexcept { return {text_.data() + e.at, e.name_size}; }
  bool writes(HeaderId id, std::string_view name) const noexcept;
  // When every edit sets or adds unconditionally, or removes: all lines in order, one copy.
  bool is_plain() const noexcept { return plain_; }
  std::string_view all_lines() const noexcept { return text_; }

 private:
  bool removes_by_name(std::string_view name) const noexcept;
  bool same_name(const Edit& e, HeaderId id, std::string_view name) const noexcept;
  void rebuild(std::vector<Edit> edits, std::string_view old_text);

  std::string text_;
  std::string names_;  // names of removes, kept apart so that text_ is only lines
  std::vector<Edit> edits_;
  IdSet removed_ids_ = 0;
  uint64_t removed_sizes_ = 0;  // sizes, modulo 64, of removed names without an id
  bool plain_ = true;
};

}  // namespace sluice::http
