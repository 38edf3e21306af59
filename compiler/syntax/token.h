// Tokens of the grammar, in the numbers that grammar/Sluice.g4 gives them (antlr_parser.cpp holds
// that).
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::syntax {

enum class TokenKind : uint8_t {
  end = 0,      // behind the last token
  newline = 1,  // also a missing last line end: then of no length
  comment = 2,  // from `#` to before the line end; the parser does not see it
  lbrace = 4,
  rbrace = 5,
  lparen = 6,
  rparen = 7,
  comma = 8,
  is = 9,
  to = 10,
  name_is = 11,  // `rate:`
  text = 12,
  raw = 13,
  word = 14,
  stray = 15,  // one character that fits nowhere
};

// Bytes [begin, end) of its source.
struct Token {
  TokenKind kind = TokenKind::end;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool operator==(const Token&) const = default;
};

inline bool begins_item(TokenKind kind) {
  return kind == TokenKind::word || kind == TokenKind::text || kind == TokenKind::raw ||
         kind == TokenKind::name_is;
}

inline std::string_view spelling(std::string_view text, const Token& token) {
  return text.substr(token.begin, token.end - token.begin);
}

// `word`, `newline`…: as `sluice dump tokens` prints it.
std::string_view token_name(TokenKind kind);

}  // namespace sluice::syntax
