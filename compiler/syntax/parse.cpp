#include "compiler/syntax/parse.h"

#include "compiler/syntax/antlr_parser.h"
#include "compiler/syntax/brackets.h"
#include "compiler/syntax/check_text.h"
#include "compiler/syntax/lexer.h"
#include "compiler/syntax/mend.h"

namespace sluice::syntax {

Ast parse(const SourceMap& sources, SourceId source, diag::Sink& diags) {
  Report report(sources, source, diags);
  Ast empty;
  empty.source = source;
  if (!check_text(report)) return empty;
  Tokens tokens = scan(report.text());
  mend_strays(tokens, report);
  if (!match_brackets(tokens, report)) return empty;
  return run_parser(tokens, source, report);
}

}  // namespace sluice::syntax
