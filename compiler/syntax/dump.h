// `sluice dump tokens|syntax`: what the lexer and the parser made of a source, as stable text.
#pragma once

#include <string>

#include "compiler/support/source.h"
#include "compiler/syntax/ast.h"

namespace sluice::syntax {

// A line a token: `3:5 word api.example.com`. As lexed, strays and comments included.
std::string dump_tokens(const SourceMap& sources, SourceId source);

// A line a statement, each item in brackets: `3:3 [route] [/v1] -> [api] {`.
std::string dump_syntax(const SourceMap& sources, const Ast& ast);

}  // namespace sluice::syntax
