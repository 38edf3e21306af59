// Any bytes as a source: lexer, parser, texts, dumps and formatter neither crash nor hang, every
// place they name lies in the source, and what the formatter writes parses to itself.
#include <cstdint>
#include <cstdlib>

#include "compiler/syntax/dump.h"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/text.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_places(const sluice::diag::Sink& diags, size_t size) {
  for (const auto& d : diags.all()) {
    require(d.span.known() && d.span.begin <= d.span.end && d.span.end <= size);
    for (const auto& note : d.notes) require(!note.span.known() || note.span.end <= size);
    for (const auto& fix : d.fixes) {
      require(!fix.span.known() || (fix.span.begin <= fix.span.end && fix.span.end <= size));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluice;
  SourceMap sources;
  diag::Sink diags;
  SourceId id = sources.add("fuzz.sluice", std::string(reinterpret_cast<const char*>(data), size));
  syntax::Ast ast = syntax::parse(sources, id, diags);
  check_places(diags, size);
  bool parsed = !diags.has_errors();
  for (const auto& statement : ast.statements) {
    require(statement.span.begin <= statement.span.end && statement.span.end <= size);
    require(!statement.head.groups.empty());
  }
  for (const auto& item : ast.items) {
    require(item.span.begin <= item.span.end && item.span.end <= size);
    syntax::read_pieces(item, diags);
    syntax::plain(item);
  }
  check_places(diags, size);
  syntax::dump_tokens(sources, id);
  syntax::dump_syntax(sources, ast);

  diag::Sink layout;
  auto once = syntax::format(sources, id, layout);
  require(once.has_value() == parsed);
  if (!once) return 0;
  SourceId again = sources.add("fuzz.sluice", *once);
  require(syntax::format(sources, again, layout) == once);
  return 0;
}
