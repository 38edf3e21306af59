// ANTLR's parser over our tokens; nothing outside antlr_parser.cpp sees ANTLR.
// One pass: our error strategy costs nothing until a token does not fit, and there it says what is
// wrong and mends (takes a token as read, leaves one out, skips the rest of the statement), so the
// pass always ends. No tree of ANTLR's is built: the token stream hands what the parser accepts to
// a Builder.
#pragma once

#include "compiler/syntax/ast.h"
#include "compiler/syntax/lexer.h"
#include "compiler/syntax/report.h"

namespace sluice::syntax {

// `tokens`: brackets pair up (brackets.h), no strays, at most kMaxDepth deep.
Ast run_parser(const Tokens& tokens, SourceId source, Report& report);

}  // namespace sluice::syntax
