// A diagnostic: a mistake in the user's source (or a file it names), at a place, with a stable
// code. Raised by `diags.emit(diag::UnknownUpstream{.name = ...}, span)`, where the struct is
// generated from its page in catalog/, so that a missing argument does not compile. Diagnostics
// never stop a phase: it returns a value with holes, and its caller asks has_errors().
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/support/source.h"

namespace sluice::diag {

enum class Severity : uint8_t { error, warning, note };

// An argument of a message: no default constructor, so that forgetting one does not compile.
class Arg {
 public:
  Arg(std::string text) : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  Arg(std::string_view text) : text_(text) {}        // NOLINT(google-explicit-constructor)
  Arg(const char* text) : text_(text) {}             // NOLINT(google-explicit-constructor)
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

struct Note {
  std::string text;
  Span span;  // unknown: a note about the whole
};

// A change that mends the mistake: replace `span` by `text`. Shown as the help line, applied by
// editors.
struct Fix {
  std::string help;
  Span span;
  std::string text;
};

struct Diagnostic {
  std::string_view code;  // "SL0301"
  std::string_view name;  // "UnknownName"
  Severity severity = Severity::error;
  std::string text;
  Span span;
  std::vector<Note> notes;
  std::vector<Fix> fixes;

  Diagnostic& note(std::string text, Span span = {});
  Diagnostic& fix(std::string help, Span span, std::string text);
  Diagnostic& help(std::string help) { return fix(std::move(help), {}, {}); }  // advice, no edit
};

// Where phases put what they find. Order of arrival is kept; renderers sort by place.
class Sink {
 public:
  template <class D>
  Diagnostic& emit(const D& d, Span span) {
    return add({D::kCode, D::kName, D::kSeverity, d.text(), span, {}, {}});
  }
  Diagnostic& add(Diagnostic diagnostic);

  bool has_errors() const { return errors_ != 0; }
  size_t errors() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  // By file, place and code, exact repetitions once.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> all_;
  size_t errors_ = 0;
};

// One page of the catalog, as `sluice explain` prints it.
struct Page {
  std::string_view code;
  std::string_view name;
  Severity severity;
  std::string_view text;  // the message with its {arguments}
  std::string_view body;  // Markdown: why, and the two examples
};
// All pages, sorted by code.
const std::vector<Page>& catalog();

// Used by the generated structs: puts arguments into `{name}` places; `{name?}` with an empty
// argument vanishes, and otherwise reads "; did you mean `name`?".
std::string format_message(
    std::string_view text,
    std::initializer_list<std::pair<std::string_view, std::string_view>> args);

}  // namespace sluice::diag
