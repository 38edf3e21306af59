#include "runtime/http/edits.h"

#include <algorithm>

namespace sluice::http {
namespace {

bool same_name(const EditList::Edit& edit, HeaderId id, std::string_view name) noexcept {
  return edit.id == id && (is_exact(id) || equal_ignoring_case(edit.name, name));
}
bool removes_lines(EditOp op) noexcept { return op == EditOp::set || op == EditOp::remove; }

constexpr IdSet kNotEditable = kHopByHop | id_set(HeaderId::content_length, HeaderId::expect);

}  // namespace

bool EditList::edit(EditOp op, std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_field_value(value)) return false;
  const HeaderId id = header_id(name);
  if (contains(kNotEditable, id)) return false;

  const auto same = [&](const Edit& edit) { return same_name(edit, id, name); };
  if (op == EditOp::set_if_absent) {
    if (writes(id, name)) return true;
    // Behind a remove it is absent for certain.
    if (removes(id, name)) op = EditOp::set;
  }
  if (removes_lines(op))
    edits_.erase(std::remove_if(edits_.begin(), edits_.end(), same), edits_.end());
  Edit added{op, id, std::string(name), {}};
  if (op != EditOp::remove) {
    added.line.append(name).append(": ").append(value).append("\r\n");
  }
  edits_.push_back(std::move(added));
  prepare();
  return true;
}

bool EditList::find(HeaderId id, std::string_view name, bool removing) const noexcept {
  return std::any_of(edits_.begin(), edits_.end(), [&](const Edit& edit) {
    return (removing ? removes_lines(edit.op) : edit.op != EditOp::remove) &&
           same_name(edit, id, name);
  });
}

void EditList::prepare() {
  block_.clear();
  removed_ids_ = 0;
  removed_sizes_ = 0;
  size_ = 0;
  conditional_ = false;
  for (const Edit& edit : edits_) {
    size_ += edit.line.size();
    if (edit.op == EditOp::set_if_absent)
      conditional_ = true;
    else
      block_ += edit.line;
    if (!removes_lines(edit.op)) continue;
    if (is_exact(edit.id))
      removed_ids_ |= id_set(edit.id);
    else
      removed_sizes_ |= uint64_t{1} << (edit.name.size() & 63);
  }
}

}  // namespace sluice::http
