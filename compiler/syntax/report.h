// Where the lexical and syntactic phases say what is wrong. One mistake should be one error, so of
// several on one line the first phase to speak is heard: characters, then strays, then brackets,
// then the grammar. After kMaxErrors the file is not worth reading on: the last error says so.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "compiler/diag/diagnostic.h"

namespace sluice::syntax {

class Report {
 public:
  static constexpr size_t kMaxErrors = 20;

  Report(const SourceMap& sources, SourceId source, diag::Sink& sink)
      : sources_(sources), source_(source), sink_(sink) {}

  // Null when this line has had its error; so `if (auto* d = report.emit(…)) d->fix(…)`.
  template <class D>
  diag::Diagnostic* emit(const D& d, uint32_t begin, uint32_t end) {
    return claim(begin) ? &last(sink_.emit(d, span(begin, end))) : nullptr;
  }
  // Would an error at `at` not be heard? Quick, for phases that may find millions.
  bool deaf(uint32_t at) const {
    return errors_ == kMaxErrors || (at >= last_begin_ && at < last_end_);
  }

  Span span(uint32_t begin, uint32_t end) const { return {source_, begin, end}; }
  uint32_t line(uint32_t at) const { return sources_.line_number(source_, at); }
  std::string_view text() const { return sources_.text(source_); }
  size_t errors() const { return errors_; }

 private:
  bool claim(uint32_t at);
  diag::Diagnostic& last(diag::Diagnostic& diagnostic) const;

  const SourceMap& sources_;
  SourceId source_;
  diag::Sink& sink_;
  std::unordered_set<uint32_t> lines_;
  size_t errors_ = 0;
  uint32_t last_begin_ = 0, last_end_ = 0;  // from the last error to the end of its line
};

// How a message names what stands there: "`->`", "the line's end", a long text cut.
std::string quoted(std::string_view spelling);

}  // namespace sluice::syntax
