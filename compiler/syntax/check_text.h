// Before the lexer: is this text a source at all (D10)? UTF-8, of at most 16 MiB, without
// characters that cannot be seen. Only what makes lexing pointless returns false.
#pragma once

#include "compiler/syntax/report.h"

namespace sluice::syntax {

inline constexpr size_t kMaxFileSize = size_t{16} << 20;

bool check_text(Report& report);

}  // namespace sluice::syntax
