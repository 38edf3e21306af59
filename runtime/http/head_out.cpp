#include "runtime/http/head_out.h"

namespace sluice::http {
namespace {

bool has_line(const HeaderBlock& head, const LineFilter& filter,
              const EditList::Edit& edit) noexcept {
  for (size_t i = 0; i < head.count; ++i) {
    if (head.lines[i].id != edit.id || filter.takes(head, i)) continue;
    if (is_exact(edit.id) || equal_ignoring_case(head.name(i), edit.name)) return true;
  }
  return false;
}

bool written_before(Edits edits, size_t list, std::span<const ExtraLine> extra,
                    const EditList::Edit& edit) noexcept {
  for (const ExtraLine& line : extra)
    if (line.id == edit.id && (is_exact(edit.id) || equal_ignoring_case(line.name, edit.name)))
      return true;
  for (size_t i = 0; i < list; ++i)
    if (edits[i]->writes(edit.id, edit.name)) return true;
  return false;
}

}  // namespace

bool LineFilter::takes_name(HeaderId id, std::string_view name) const noexcept {
  for (const EditList* list : edits_)
    if (list->removes(id, name)) return true;
  for (const ExtraLine& line : extra_)
    if (line.op == EditOp::set && line.id == id && equal_ignoring_case(line.name, name))
      return true;
  return false;
}

bool removed_later(Edits edits, size_t first, HeaderId id, std::string_view name) noexcept {
  for (size_t i = first; i < edits.size(); ++i)
    if (edits[i]->removes(id, name)) return true;
  return false;
}

void put_edits(const HeaderBlock& head, Edits edits, std::span<const ExtraLine> extra,
               const LineFilter& filter, Out& out) noexcept {
  for (const ExtraLine& line : extra) {
    if (!is_token(line.name) || !is_field_value(line.value)) continue;
    if (!removed_later(edits, 0, line.id, line.name)) out.line(line.name, line.value);
  }
  for (size_t i = 0; i < edits.size(); ++i) {
    const EditList& list = *edits[i];
    // The usual case: the last or only list, nothing conditional.
    if (i + 1 == edits.size() && !list.is_conditional()) {
      out.put(list.block());
      continue;
    }
    for (const EditList::Edit& edit : list.edits()) {
      if (edit.op == EditOp::remove || removed_later(edits, i + 1, edit.id, edit.name)) continue;
      if (edit.op == EditOp::set_if_absent &&
          (has_line(head, filter, edit) || written_before(edits, i, extra, edit)))
        continue;
      out.put(edit.line);
    }
  }
}

}  // namespace sluice::http
