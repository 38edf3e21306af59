#include "compiler/diag/diagnostic.h"

#include <algorithm>
#include <tuple>

namespace sluice::diag {

Diagnostic& Diagnostic::note(std::string note_text, Span note_span) {
  notes.push_back({std::move(note_text), note_span});
  return *this;
}

Diagnostic& Diagnostic::fix(std::string help, Span fix_span, std::string fix_text) {
  fixes.push_back({std::move(help), fix_span, std::move(fix_text)});
  return *this;
}

Diagnostic& Sink::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  all_.push_back(std::move(diagnostic));
  return all_.back();
}

std::vector<Diagnostic> Sink::sorted() const {
  std::vector<Diagnostic> result = all_;
  auto key = [](const Diagnostic& d) {
    return std::tie(d.span.source, d.span.begin, d.span.end, d.code, d.text);
  };
  std::stable_sort(result.begin(), result.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  auto same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
  result.erase(std::unique(result.begin(), result.end(), same), result.end());
  return result;
}

std::string format_message(
    std::string_view text,
    std::initializer_list<std::pair<std::string_view, std::string_view>> args) {
  std::string result;
  size_t at = 0;
  while (at < text.size()) {
    size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      result += text[at++];
      continue;
    }
    std::string_view name = text.substr(at + 1, close - at - 1);
    bool optional = !name.empty() && name.back() == '?';
    if (optional) name.remove_suffix(1);
    auto known = [&](const auto& arg) { return arg.first == name; };
    if (std::none_of(args.begin(), args.end(), known)) {  // braces that the text is about
      result += text[at++];
      continue;
    }
    for (const auto& [key, value] : args) {
      if (key != name || (optional && value.empty())) continue;
      if (optional) result += "; did you mean `";
      result += value;
      if (optional) result += "`?";
    }
    at = close + 1;
  }
  return result;
}

}  // namespace sluice::diag
