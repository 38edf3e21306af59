// Text to tokens, by exactly the rules of grammar/Sluice.g4: the lexer that ANTLR generates from it
// is the judge of this one (tests/unit/syntax). Written by hand because it is twenty times faster.
// Never fails: what fits no rule is a `stray` token, and its reporting is mend.h's business.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/syntax/token.h"

namespace sluice::syntax {

struct Tokens {
  std::vector<Token> all;  // comments too; the last one is `end`
  bool has_strays = false;
};

// `text` is valid UTF-8 of less than 4 GiB. A missing last line end is added as a token without
// length.
Tokens scan(std::string_view text);

// `${name}` or `${name.field}` that begins at `at`: the offset behind it, or 0.
size_t scan_reference(std::string_view text, size_t at);

}  // namespace sluice::syntax
