#include "compiler/syntax/brackets.h"

#include "compiler/diag/catalog.gen.h"

namespace sluice::syntax {
namespace {

struct Balance {
  bool parens = true;
  bool braces = true;
  const Token* too_deep = nullptr;
};

Balance weigh(const std::vector<Token>& tokens) {
  Balance balance;
  size_t braces = 0, parens = 0;
  TokenKind before = TokenKind::newline;
  for (const Token& token : tokens) {
    switch (token.kind) {
      case TokenKind::lbrace:
        ++braces;
        break;
      case TokenKind::rbrace:
        if (braces == 0)
          balance.braces = false;
        else
          --braces;
        break;
      case TokenKind::lparen:
        if (before != TokenKind::word) balance.parens = false;
        ++parens;
        break;
      case TokenKind::rparen:
        if (parens == 0)
          balance.parens = false;
        else
          --parens;
        break;
      case TokenKind::comment:
        continue;
      default:
        break;
    }
    bool brace = token.kind == TokenKind::lbrace || token.kind == TokenKind::rbrace;
    if (parens != 0 && (brace || token.kind == TokenKind::end)) {
      balance.parens = false;
      parens = 0;
    }
    if (braces + parens > kMaxDepth && balance.too_deep == nullptr) balance.too_deep = &token;
    before = token.kind;
  }
  if (braces != 0) balance.braces = false;
  return balance;
}

Token empty_token(TokenKind kind, uint32_t at) { return {kind, at, at}; }

// Drops parentheses that stand where none may, closes those that are open.
class Parens {
 public:
  Parens(const std::vector<Token>& in, Report& report) : in_(in), report_(report) {
    out_.reserve(in.size() + 16);
  }

  std::vector<Token> run() {
    TokenKind before = TokenKind::newline;
    for (const Token& token : in_) {
      switch (token.kind) {
        case TokenKind::lparen:
          if (before != TokenKind::word) {
            surplus(token, "`(`", before == TokenKind::lparen);
            open_.push_back(kDropped);
            continue;
          }
          open_.push_back(out_.size());
          break;
        case TokenKind::rparen: {
          bool keep = !open_.empty() && open_.back() != kDropped;
          if (open_.empty())
            surplus(token, "`)`", true);
          else
            open_.pop_back();
          if (!keep) continue;
          break;
        }
        case TokenKind::lbrace:
        case TokenKind::rbrace:
        case TokenKind::end:
          close_all();
          break;
        default:
          break;
      }
      out_.push_back(token);
      if (token.kind != TokenKind::comment) before = token.kind;
    }
    return std::move(out_);
  }

 private:
  static constexpr size_t kDropped = SIZE_MAX;

  void surplus(const Token& token, const char* paren, bool alone) {
    if (auto* d = report_.emit(diag::SurplusParen{paren}, token.begin, token.end); d && alone) {
      d->fix("leave it out", report_.span(token.begin, token.end), "");
    }
  }

  // A block begins or ends, so every call has ended: each at the end of its line.
  void close_all() {
    for (size_t i = 0; i < open_.size(); ++i) {
      if (open_[i] == kDropped) continue;
      const Token open = out_[open_[i]];
      size_t place = end_of_call(open_[i]);
      uint32_t at = out_[place - 1].end;
      if (auto* d = report_.emit(diag::UnclosedParen{}, open.begin, open.end)) {
        d->fix("close it", report_.span(at, at), ")");
      }
      out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(place),
                  empty_token(TokenKind::rparen, at));
      for (size_t& later : open_) {
        if (later != kDropped && later >= place) ++later;
      }
    }
    open_.clear();
  }

  size_t end_of_call(size_t open) const {
    int depth = 0;
    for (size_t i = open + 1; i < out_.size(); ++i) {
      TokenKind kind = out_[i].kind, before = out_[i - 1].kind;
      if (kind == TokenKind::lparen) ++depth;
      if (kind == TokenKind::rparen) --depth;
      if (depth == 0 && kind == TokenKind::to) return i;
      if (depth == 0 && kind == TokenKind::comment) return i;
      if (depth == 0 && kind == TokenKind::newline && before != TokenKind::comma &&
          before != TokenKind::lparen && before != TokenKind::is && before != TokenKind::newline) {
        return i;
      }
    }
    return out_.size();
  }

  const std::vector<Token>& in_;
  Report& report_;
  std::vector<Token> out_;
  std::vector<size_t> open_;  // in `out_`
};

// Pairs braces up by indentation. A block's lines stand deeper than the line that began it, and its
// `}` as deep as that line; a block whose first line does not is `flat`, and left alone.
class Braces {
 public:
  Braces(const std::vector<Token>& in, Report& report)
      : in_(in), report_(report), text_(report.text()) {
    out_.reserve(in.size() + 16);
  }

  std::vector<Token> run() {
    while (at_ < in_.size() && in_[at_].kind != TokenKind::end) {
      if (report_.errors() == Report::kMaxErrors) return {};
      line();
    }
    while (!open_.empty()) missing_close(true);
    out_.push_back(in_.back());
    return std::move(out_);
  }

 private:
  struct Open {
    Token brace;
    size_t indent = 0;
    size_t line = 0;    // in `lines_`
    bool fresh = true;  // no line of its block has been seen
    bool flat = false;
  };
  struct Line {
    size_t indent = 0;
    size_t begin = 0, end = 0;  // in `out_`; empty when all of it was left out
    bool closed = false;        // a block was ended behind it
  };

  size_t column(uint32_t at) const {
    size_t begin = at == 0 ? 0 : text_.rfind('\n', at - 1) + 1;
    return at - begin;
  }

  // The end of the statement's line that begins at token `i`: its newline.
  size_t line_end(size_t i) const {
    int parens = 0;
    TokenKind before = TokenKind::newline;
    for (;; ++i) {
      TokenKind kind = in_[i].kind;
      if (kind == TokenKind::end) return i;
      if (kind == TokenKind::newline && parens == 0 && before != TokenKind::comma) return i;
      if (kind == TokenKind::lparen) ++parens;
      if (kind == TokenKind::rparen) --parens;
      if (kind != TokenKind::comment && kind != TokenKind::newline) before = kind;
    }
  }

  // The first token from `i` on that is neither a line end nor a comment.
  const Token& content(size_t i) const {
    while (in_[i].kind == TokenKind::newline || in_[i].kind == TokenKind::comment) ++i;
    return in_[i];
  }

  void line() {
    if (in_[at_].kind == TokenKind::newline || in_[at_].kind == TokenKind::comment) {
      out_.push_back(in_[at_++]);
      return;
    }
    const Token first = in_[at_];
    size_t end = line_end(at_);
    indent_ = column(first.begin);
    close_what_ended(first);
    lines_.push_back({indent_, out_.size(), 0, false});
    for (; at_ < end; ++at_) {
      const Token& token = in_[at_];
      if (token.kind == TokenKind::lbrace)
        open(token);
      else if (token.kind == TokenKind::rbrace)
        close(token, token.begin == first.begin, end);
      else
        out_.push_back(token);
    }
    lines_.back().end = out_.size();
    if (end < in_.size() && in_[end].kind == TokenKind::newline) {
      out_.push_back(in_[end]);
      at_ = end + 1;
    }
  }

  // Blocks that must have ended before this line.
  void close_what_ended(const Token& first) {
    bool closes = first.kind == TokenKind::rbrace;
    if (!open_.empty() && open_.back().fresh) {
      open_.back().fresh = false;
      open_.back().flat = !closes && indent_ <= open_.back().indent && !opens_in_line(open_.back());
    }
    while (!open_.empty() && !open_.back().flat &&
           (closes ? open_.back().indent > indent_ : open_.back().indent >= indent_)) {
      missing_close(false);
    }
  }

  // Its block begins behind the `{`, on the same line.
  bool opens_in_line(const Open& open) const {
    size_t next = text_.find_first_not_of(" \t", open.brace.end);
    return next != std::string_view::npos && text_[next] != '\n' && text_[next] != '\r' &&
           text_[next] != '#';
  }

  void open(const Token& token) {
    if (!out_.empty() && out_.back().kind == TokenKind::lbrace) {  // doubled
      if (auto* d = report_.emit(diag::StatementBegin{"`{`"}, token.begin, token.end)) {
        d->fix("leave it out", report_.span(token.begin, token.end), "");
      }
      return;
    }
    open_.push_back({token, indent_, lines_.size() - 1, true, false});
    out_.push_back(token);
  }

  void close(const Token& token, bool first, size_t end) {
    bool same_line = !open_.empty() && open_.back().line == lines_.size() - 1;
    bool keep = same_line || (first ? closes_as_first(token) : closes_behind(end));
    if (keep) {
      open_.pop_back();
      out_.push_back(token);
      return;
    }
    report_surplus(token);
  }

  void report_surplus(const Token& token) {
    if (auto* d = report_.emit(diag::SurplusBrace{}, token.begin, token.end)) {
      d->fix("leave it out", report_.span(token.begin, token.end), "");
    }
  }

  // A `}` that begins its line.
  bool closes_as_first(const Token&) {
    if (!open_.empty() && (open_.back().flat || open_.back().indent == indent_)) return true;
    return missing_open();
  }

  // A `}` behind something else, of a block that began on an earlier line: only if the lines that
  // follow stand outside of that block.
  bool closes_behind(size_t end) const {
    if (open_.empty() || out_.back().kind == TokenKind::rbrace) return false;
    const Token& next = content(end);
    if (next.kind == TokenKind::end) return open_.size() == 1;
    size_t indent = column(next.begin);
    return next.kind == TokenKind::rbrace ? indent < open_.back().indent
                                          : indent <= open_.back().indent;
  }

  // A `}` whose `{` is missing at the end of the last line that stands as deep, if deeper ones
  // follow that.
  bool missing_open() {
    size_t i = lines_.size() - 1;  // the line of the `}` itself
    while (i-- > 0 && lines_[i].indent > indent_) {
    }
    if (i == SIZE_MAX || i + 2 == lines_.size() || lines_[i].indent != indent_) return false;
    size_t end = lines_[i].end;
    if (end == lines_[i].begin || lines_[i].closed) return false;
    TokenKind last = out_[end - 1].kind;
    if (last == TokenKind::comment && end - lines_[i].begin >= 2) last = out_[--end - 1].kind;
    if (last == TokenKind::lbrace || last == TokenKind::rbrace) return false;
    uint32_t at = out_[end - 1].end;
    if (auto* d = report_.emit(diag::MissingBrace{}, out_[end - 1].begin, at)) {
      d->fix("begin the block", report_.span(at, at), " {");
    }
    out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(end),
                empty_token(TokenKind::lbrace, at));
    ++lines_[i].end;
    for (size_t later = i + 1; later < lines_.size(); ++later) {
      ++lines_[later].begin;
      ++lines_[later].end;
    }
    open_.push_back({out_[end], indent_, i, false, false});
    return true;
  }

  // The innermost block should have ended before the line at hand.
  void missing_close(bool at_end) {
    const Open open = open_.back();
    open_.pop_back();
    size_t place = out_.size();  // behind the last token that is part of the block
    while (place > 0 && (out_[place - 1].kind == TokenKind::newline ||
                         (out_[place - 1].kind == TokenKind::comment && own_line(out_[place - 1]) &&
                          column(out_[place - 1].begin) <= open.indent))) {
      --place;
    }
    bool in_line = opens_in_line(open) &&
                   report_.line(out_[place - 1].begin) == report_.line(open.brace.begin);
    if (in_line && out_[place - 1].kind == TokenKind::comment) --place;
    const Token last = out_[place - 1];
    if (open.flat || (at_end && last == open.brace)) {
      report(open, open.brace.begin, open.brace.end, "");
    } else if (in_line) {
      report(open, last.end, last.end, " }");
    } else {
      size_t next = text_.find('\n', last.end);
      auto at = static_cast<uint32_t>(next == std::string_view::npos ? text_.size() : next + 1);
      report(open, at, at, std::string(open.indent, ' ') + "}\n");
    }
    auto where = out_.begin() + static_cast<std::ptrdiff_t>(place);
    where = out_.insert(where, empty_token(TokenKind::rbrace, last.end));
    if (!in_line) out_.insert(where, empty_token(TokenKind::newline, last.end));
    if (!lines_.empty()) lines_.back().closed = true;
  }

  bool own_line(const Token& comment) const {
    size_t begin = comment.begin == 0 ? 0 : text_.rfind('\n', comment.begin - 1) + 1;
    return text_.find_first_not_of(" \t", begin) == comment.begin;
  }

  void report(const Open& open, uint32_t begin, uint32_t end, const std::string& text) {
    auto* d = report_.emit(diag::UnclosedBrace{}, begin, end);
    if (d == nullptr) return;
    d->note("it begins here", report_.span(open.brace.begin, open.brace.end));
    if (!text.empty()) d->fix("end it here", report_.span(begin, end), text);
  }

  const std::vector<Token>& in_;
  Report& report_;
  std::string_view text_;
  std::vector<Token> out_;
  std::vector<Open> open_;
  std::vector<Line> lines_;  // lines with content, so far
  size_t at_ = 0;
  size_t indent_ = 0;  // of the line at hand
};

}  // namespace

bool match_brackets(Tokens& tokens, Report& report) {
  Balance balance = weigh(tokens.all);
  if (balance.too_deep != nullptr) {
    report.emit(diag::TooDeep{}, balance.too_deep->begin, balance.too_deep->end);
    return false;
  }
  if (!balance.parens) tokens.all = Parens(tokens.all, report).run();
  if (!balance.braces) tokens.all = Braces(tokens.all, report).run();
  return !tokens.all.empty();
}

}  // namespace sluice::syntax
