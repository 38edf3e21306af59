// Brackets pair up before the parser sees them. Where a brace is missing or too many is told by
// indentation (D14); the error stands there, and the tokens are mended so that the parser has
// nothing left to say. Sources whose brackets pair up are not looked at any further, however they
// are indented.
#pragma once

#include "compiler/syntax/lexer.h"
#include "compiler/syntax/report.h"

namespace sluice::syntax {

inline constexpr size_t kMaxDepth = 64;

// False: deeper than kMaxDepth, or hopeless; then there is nothing to parse.
bool match_brackets(Tokens& tokens, Report& report);

}  // namespace sluice::syntax
