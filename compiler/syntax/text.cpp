#include "compiler/syntax/text.h"

#include "compiler/diag/catalog.gen.h"
#include "compiler/syntax/lexer.h"

namespace sluice::syntax {
namespace {

void append_utf8(std::string& out, uint32_t code) {
  auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view inside(const Item& item) {
  if (item.kind == ItemKind::word || item.spelling.size() < 2) return item.spelling;
  // A text that was not closed has had its error, and no quote at its end.
  bool closed = item.spelling.back() == item.spelling.front();
  return item.spelling.substr(1, item.spelling.size() - (closed ? 2 : 1));
}

class Reader {
 public:
  Reader(const Item& item, diag::Sink& diags)
      : text_(inside(item)), escapes_(item.kind == ItemKind::text), diags_(diags) {
    source_ = item.span.source;
    offset_ = item.span.begin + static_cast<uint32_t>(text_.data() - item.spelling.data());
  }

  std::vector<Piece> run() {
    while (at_ < text_.size()) {
      size_t from = at_;
      if (text_.substr(at_, 2) == "${") {
        reference();
      } else if (escapes_ && text_[at_] == '\\') {
        escape();
      } else {
        while (at_ < text_.size() && text_[at_] != '\\' && text_[at_] != '$') ++at_;
        if (at_ == from) ++at_;  // a `$` alone; a `\` of a word cannot be
        literal(from).append(text_.substr(from, at_ - from));
      }
      if (!pieces_.empty()) pieces_.back().span.end = offset_ + static_cast<uint32_t>(at_);
    }
    return std::move(pieces_);
  }

 private:
  Span span(size_t begin, size_t end) const {
    return {source_, offset_ + static_cast<uint32_t>(begin), offset_ + static_cast<uint32_t>(end)};
  }

  std::string& literal(size_t from) {
    if (pieces_.empty() || pieces_.back().is_reference) {
      pieces_.emplace_back();
      pieces_.back().span = span(from, from);
    }
    return pieces_.back().literal;
  }

  void reference() {
    size_t behind = scan_reference(text_, at_);
    size_t close = text_.find('}', at_);
    if (behind == 0 && close == std::string_view::npos) {
      // In a word the lexer has said so.
      if (escapes_) diags_.emit(diag::UnclosedReference{}, span(at_, at_ + 2));
      at_ = text_.size();
      return;
    }
    std::string_view name = text_.substr(at_ + 2, close - at_ - 2);
    size_t dot = name.find('.');
    bool deep = dot != std::string_view::npos && name.find('.', dot + 1) != std::string_view::npos;
    if (deep || (behind == 0 && escapes_)) {
      diags_.emit(diag::BadReference{name.empty() ? "nothing" : "`" + std::string(name) + "`"},
                  span(at_, close + 1));
    } else if (behind != 0) {
      Piece piece;
      piece.is_reference = true;
      piece.name = name.substr(0, dot);
      if (dot != std::string_view::npos) piece.field = name.substr(dot + 1);
      piece.span = span(at_, close + 1);
      pieces_.push_back(std::move(piece));
    }
    at_ = close + 1;
  }

  void escape() {
    size_t from = at_;
    char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    at_ = std::min(at_ + 2, text_.size());
    switch (c) {
      case '"':
      case '\\':
      case '$':
        literal(from) += c;
        return;
      case 'n':
        literal(from) += '\n';
        return;
      case 't':
        literal(from) += '\t';
        return;
      case 'u':
        if (at_ < text_.size() && text_[at_] == '{') return code_point(from);
        break;
      default:
        break;
    }
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) ++at_;
    diags_.emit(diag::UnknownEscape{"`" + std::string(text_.substr(from, at_ - from)) + "`"},
                span(from, at_));
  }

  void code_point(size_t from) {
    size_t close = text_.find('}', at_);
    size_t end = close == std::string_view::npos ? text_.size() : close + 1;
    std::string_view digits = text_.substr(at_ + 1, end - at_ - 2);
    uint32_t code = 0;
    bool good = close != std::string_view::npos && !digits.empty() && digits.size() <= 6;
    for (char digit : digits.substr(0, 6)) {
      int value = hex_digit(digit);
      good = good && value >= 0;
      code = code << 4 | static_cast<uint32_t>(value & 15);
    }
    good = good && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
    at_ = end;
    if (good)
      append_utf8(literal(from), code);
    else
      diags_.emit(diag::BadCodePoint{"`" + std::string(text_.substr(from, end - from)) + "`"},
                  span(from, end));
  }

  std::string_view text_;
  bool escapes_;
  diag::Sink& diags_;
  SourceId source_ = kNoSource;
  uint32_t offset_ = 0;
  size_t at_ = 0;
  std::vector<Piece> pieces_;
};

// A raw text stands as it is, but for line ends: they are \n whatever the file has.
std::vector<Piece> read_raw(const Item& item) {
  std::string_view text = inside(item);
  if (text.empty()) return {};
  Piece piece;
  piece.span = item.span;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || text.substr(i + 1, 1) != "\n") piece.literal += text[i];
  }
  return {std::move(piece)};
}

}  // namespace

std::vector<Piece> read_pieces(const Item& item, diag::Sink& diags) {
  if (item.kind == ItemKind::raw) return read_raw(item);
  return Reader(item, diags).run();
}

std::optional<std::string_view> plain(const Item& item) {
  std::string_view text = inside(item);
  bool as_is = item.kind == ItemKind::raw ? text.find('\r') == std::string_view::npos
                                          : text.find("${") == std::string_view::npos;
  if (item.kind == ItemKind::text) as_is = as_is && text.find('\\') == std::string_view::npos;
  return as_is ? std::optional(text) : std::nullopt;
}

bool is_single_reference(const Item& item) {
  return item.kind == ItemKind::word && !item.spelling.empty() &&
         scan_reference(item.spelling, 0) == item.spelling.size();
}

std::string quote(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string result = "\"";
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      result += {'\\', c};
    else if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else if (c == '$' && text.substr(i + 1, 1) == "{")
      result += "\\$";
    else if (byte < 0x20 || byte == 0x7f)
      result += {'\\', 'u', '{', kHex[byte >> 4], kHex[byte & 15], '}'};
    else
      result += c;
  }
  return result + "\"";
}

}  // namespace sluice::syntax
