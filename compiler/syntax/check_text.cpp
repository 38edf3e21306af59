#include "compiler/syntax/check_text.h"

#include <cstdio>

#include "compiler/diag/catalog.gen.h"

namespace sluice::syntax {
namespace {

struct Character {
  uint32_t code = 0;
  uint32_t length = 0;  // 0: no UTF-8
};

// One character of two to four bytes; overlong forms, surrogates and what lies beyond 10FFFF are
// none.
Character decode(std::string_view text, size_t at) {
  auto byte = [&](size_t i) -> uint32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  uint32_t first = byte(0);
  uint32_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return {};
  uint32_t code = first & (0x7fU >> length);
  for (uint32_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  if (code < (length == 3 ? 0x800U : length == 4 ? 0x10000U : 0x80U)) return {};
  if ((code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return {};
  return {code, length};
}

// C0 and C1 controls, and the characters that turn the direction of text.
bool is_control(uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e ||
         code == 0x200f || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

bool is_foreign_blank(uint32_t code) {
  return code == 0xa0 || code == 0x1680 || code == 0x180e || (code >= 0x2000 && code <= 0x200b) ||
         code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x2060 ||
         code == 0x3000 || code == 0xfeff;
}

std::string hex(const char* format, uint32_t value) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

void check_character(Report& report, uint32_t code, uint32_t at, uint32_t length) {
  if (report.deaf(at)) return;
  if (is_control(code)) {
    report.emit(diag::ControlCharacter{hex("U+%04X", code)}, at, at + length);
  } else if (is_foreign_blank(code)) {
    if (auto* d = report.emit(diag::ForeignBlank{hex("U+%04X", code)}, at, at + length)) {
      d->fix("write a blank", report.span(at, at + length), " ");
    }
  }
}

}  // namespace

bool check_text(Report& report) {
  std::string_view text = report.text();
  if (text.size() > kMaxFileSize) {
    report.emit(diag::FileTooLarge{std::to_string((text.size() + (1U << 20) - 1) >> 20)}, 0, 0);
    return false;
  }
  uint32_t at = 0;
  if (text.substr(0, 3) == "\xef\xbb\xbf") {
    if (auto* d = report.emit(diag::ByteOrderMark{}, 0, 3)) {
      d->fix("leave it out", report.span(0, 3), "");
    }
    at = 3;
  }
  while (at < text.size()) {
    auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c < 0x7f) {
      ++at;
    } else if (c < 0x80) {
      bool layout = c == '\n' || c == '\t' || (c == '\r' && text.substr(at + 1, 1) == "\n");
      if (!layout) check_character(report, c, at, 1);
      ++at;
    } else {
      Character character = decode(text, at);
      if (character.length == 0) {
        report.emit(diag::InvalidUtf8{hex("0x%02x", c)}, at, at + 1);
        return false;
      }
      check_character(report, character.code, at, character.length);
      at += character.length;
    }
  }
  return true;
}

}  // namespace sluice::syntax
