#include "compiler/syntax/report.h"

#include <algorithm>

namespace sluice::syntax {

bool Report::claim(uint32_t at) {
  if (deaf(at) || !lines_.insert(line(at)).second) return false;
  ++errors_;
  last_begin_ = at;
  last_end_ = static_cast<uint32_t>(std::min(text().find('\n', at), text().size()));
  return true;
}

diag::Diagnostic& Report::last(diag::Diagnostic& diagnostic) const {
  if (errors_ == kMaxErrors) diagnostic.note("this file may have more errors; they are not shown");
  return diagnostic;
}

std::string quoted(std::string_view spelling) {
  if (spelling.empty() || spelling[0] == '\n' || spelling[0] == '\r') return "the end of the line";
  size_t cut = std::min(spelling.find_first_of("\r\n"), size_t{40});
  if (cut >= spelling.size()) return "`" + std::string(spelling) + "`";
  while ((static_cast<unsigned char>(spelling[cut]) & 0xC0) == 0x80) --cut;  // whole characters
  return "`" + std::string(spelling.substr(0, cut)) + "…`";
}

}  // namespace sluice::syntax
