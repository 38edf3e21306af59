// Strays of the lexer: each is one error, and what can be told of its meaning goes to the parser: a
// text that is not closed ends with its line, a damaged `${…}` stays part of its word, anything
// else is left out.
#pragma once

#include "compiler/syntax/lexer.h"
#include "compiler/syntax/report.h"

namespace sluice::syntax {

void mend_strays(Tokens& tokens, Report& report);

}  // namespace sluice::syntax
