#include "runtime/http/head.h"

namespace sluice::http {

size_t HeaderBlock::find(HeaderId id, size_t from) const noexcept {
  if (!has(id)) return npos;
  for (size_t i = from; i < count; ++i)
    if (lines[i].id == id && !is_dropped(i)) return i;
  return npos;
}

size_t HeaderBlock::find(std::string_view wanted, size_t from) const noexcept {
  const HeaderId id = header_id(wanted);
  if (is_exact(id)) return find(id, from);
  for (size_t i = from; i < count; ++i)
    if (lines[i].id == id && !is_dropped(i) && equal_ignoring_case(name(i), wanted)) return i;
  return npos;
}

std::string_view HeaderBlock::get(HeaderId id) const noexcept {
  const size_t line = find(id);
  return line == npos ? std::string_view() : value(line);
}

std::string_view HeaderBlock::get(std::string_view wanted) const noexcept {
  const size_t line = find(wanted);
  return line == npos ? std::string_view() : value(line);
}

void HeaderBlock::drop_all(IdSet set) noexcept {
  for (size_t i = 0; i < count; ++i)
    if (contains(set, lines[i].id)) drop(i);
  ids &= ~set;
}

}  // namespace sluice::http
