#include "compiler/syntax/lexer.h"

#include <algorithm>
#include <array>

namespace sluice::syntax {
namespace {

// Bits that a byte may have. Bytes of a character beyond ASCII are all plain.
constexpr uint8_t kPlain = 1;      // fragment PLAIN
constexpr uint8_t kLater = 2;      // fragment LATER: `/` and `?`
constexpr uint8_t kMark = 4;       // fragment MARK: `=` and `#`
constexpr uint8_t kNameFirst = 8;  // fragment NAME, its first
constexpr uint8_t kNameRest = 16;  // and the others

constexpr std::array<uint8_t, 256> make_classes() {
  std::array<uint8_t, 256> classes{};
  for (unsigned c = 0x21; c < 256; ++c) {
    if (c != 0x7f && std::string_view("{}(),;\"'`=<>|\\$#/?-").find(static_cast<char>(c)) ==
                         std::string_view::npos) {
      classes[c] |= kPlain;
    }
  }
  classes['/'] |= kLater;
  classes['?'] |= kLater;
  classes['='] |= kMark;
  classes['#'] |= kMark;
  for (unsigned c = 'a'; c <= 'z'; ++c) classes[c] |= kNameFirst | kNameRest;
  for (unsigned c = 'A'; c <= 'Z'; ++c) classes[c] |= kNameFirst | kNameRest;
  for (unsigned c = '0'; c <= '9'; ++c) classes[c] |= kNameRest;
  classes['_'] |= kNameFirst | kNameRest;
  classes['-'] |= kNameRest;
  return classes;
}
constexpr std::array<uint8_t, 256> kClasses = make_classes();

uint8_t class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }

// The length of the character that begins here.
size_t character_length(char first) {
  auto c = static_cast<unsigned char>(first);
  return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

// Offset behind the word that begins at `at`, or `at`. A `-` counts only when the word goes on
// after it.
size_t scan_word(std::string_view text, size_t at) {
  bool later = false;
  size_t end = at;
  for (size_t p = at; p < text.size();) {
    while (p < text.size() && text[p] == '-') ++p;
    if (p == text.size()) break;
    uint8_t bits = class_of(text[p]);
    if ((bits & (later ? kPlain | kLater | kMark : kPlain | kLater)) != 0) {
      later = later || (bits & kLater) != 0;
      ++p;
    } else if (size_t behind = text[p] == '$' ? scan_reference(text, p) : 0) {
      p = behind;
    } else {
      break;
    }
    end = p;
  }
  return end;
}

// `name:` and nothing more.
bool is_name_is(std::string_view word) {
  if (word.back() != ':' || !(class_of(word.front()) & kNameFirst)) return false;
  for (char c : word.substr(0, word.size() - 1)) {
    if (!(class_of(c) & kNameRest)) return false;
  }
  return true;
}

// Offset behind the text or raw text that begins at `at`, or `at` when it is not closed.
size_t scan_text(std::string_view text, size_t at) {
  for (size_t p = at + 1; p < text.size(); ++p) {
    if (text[p] == '"') return p + 1;
    if (text[p] == '\\' && p + 1 < text.size()) ++p;
    if (text[p] == '\n' || text[p] == '\r') break;
  }
  return at;
}

size_t scan_raw(std::string_view text, size_t at) {
  size_t close = text.find('`', at + 1);
  return close == std::string_view::npos ? at : close + 1;
}

}  // namespace

size_t scan_reference(std::string_view text, size_t at) {
  if (text.substr(at, 2) != "${") return 0;
  size_t p = at + 2;
  while (p < text.size() && (class_of(text[p]) & kNameFirst)) {
    while (p < text.size() && (class_of(text[p]) & kNameRest)) ++p;
    if (p == text.size()) return 0;
    if (text[p] == '}') return p + 1;
    if (text[p] != '.') return 0;
    ++p;
  }
  return 0;
}

Tokens scan(std::string_view text) {
  Tokens tokens;
  tokens.all.reserve(text.size() / 4 + 16);
  auto push = [&](TokenKind kind, size_t begin, size_t end) {
    tokens.all.push_back({kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    return end;
  };
  auto next_is = [&](size_t at, char c) { return at + 1 < text.size() && text[at + 1] == c; };
  size_t no_text_before =
      0;  // from an open quote on, no text can close on its line: keeps this linear
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    switch (text[at]) {
      case ' ':
      case '\t':
        ++at;
        continue;
      case '\n':
        at = push(TokenKind::newline, at, at + 1);
        continue;
      case '{':
        at = push(TokenKind::lbrace, at, at + 1);
        continue;
      case '}':
        at = push(TokenKind::rbrace, at, at + 1);
        continue;
      case '(':
        at = push(TokenKind::lparen, at, at + 1);
        continue;
      case ')':
        at = push(TokenKind::rparen, at, at + 1);
        continue;
      case ',':
        at = push(TokenKind::comma, at, at + 1);
        continue;
      case '=':
        at = push(TokenKind::is, at, at + 1);
        continue;
      case '\r':
        if (!next_is(at, '\n')) break;
        at = push(TokenKind::newline, at, at + 2);
        continue;
      case '#':
        end = text.find_first_of("\r\n", at);
        at = push(TokenKind::comment, at, end == std::string_view::npos ? text.size() : end);
        continue;
      case '"':
        if (at < no_text_before) break;
        if ((end = scan_text(text, at)) == at) {
          no_text_before = std::min(text.find_first_of("\r\n", at), text.size());
          break;
        }
        at = push(TokenKind::text, at, end);
        continue;
      case '`':
        if ((end = scan_raw(text, at)) == at) break;
        at = push(TokenKind::raw, at, end);
        continue;
      case '-':
        if (next_is(at, '>')) {
          at = push(TokenKind::to, at, at + 2);
          continue;
        }
        [[fallthrough]];
      default:
        if ((end = scan_word(text, at)) == at) break;
        at = push(is_name_is(text.substr(at, end - at)) ? TokenKind::name_is : TokenKind::word, at,
                  end);
        continue;
    }
    tokens.has_strays = true;
    // Dashes that no word follows: all at once, or each would look for the end of the rest.
    while (text.substr(at, 2) == "--") at = push(TokenKind::stray, at, at + 1);
    if (text.substr(at, 2) == "->") continue;
    at = push(TokenKind::stray, at, std::min(at + character_length(text[at]), text.size()));
  }
  auto size = text.size();
  if (!tokens.all.empty() && tokens.all.back().kind != TokenKind::newline)
    push(TokenKind::newline, size, size);
  push(TokenKind::end, size, size);
  return tokens;
}

std::string_view token_name(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return "end";
    case TokenKind::newline:
      return "newline";
    case TokenKind::comment:
      return "comment";
    case TokenKind::lbrace:
      return "{";
    case TokenKind::rbrace:
      return "}";
    case TokenKind::lparen:
      return "(";
    case TokenKind::rparen:
      return ")";
    case TokenKind::comma:
      return ",";
    case TokenKind::is:
      return "=";
    case TokenKind::to:
      return "->";
    case TokenKind::name_is:
      return "name:";
    case TokenKind::text:
      return "text";
    case TokenKind::raw:
      return "raw";
    case TokenKind::word:
      return "word";
    case TokenKind::stray:
      return "stray";
  }
  return "";
}

}  // namespace sluice::syntax
