#include "compiler/syntax/mend.h"

#include "compiler/diag/catalog.gen.h"

namespace sluice::syntax {
namespace {

class Mender {
 public:
  Mender(Tokens& tokens, Report& report) : in_(tokens.all), report_(report), text_(report.text()) {
    out_.reserve(in_.size());
  }

  std::vector<Token> run() {
    while (at_ < in_.size()) {
      const Token token = in_[at_++];
      if (token.kind == TokenKind::newline) open_ = 0;
      if (token.kind == TokenKind::lbrace) ++open_;
      if (token.kind == TokenKind::rbrace) --open_;
      if (token.kind == TokenKind::stray)
        stray(token);
      else
        out_.push_back(token);
    }
    return std::move(out_);
  }

 private:
  void stray(const Token& token) {
    switch (text_[token.begin]) {
      case '"':
        unclosed(token, TokenKind::text, "`\"`");
        break;
      case '`':
        unclosed(token, TokenKind::raw, "a backtick");
        break;
      case '$':
        if (text_.substr(token.begin, 2) == "${")
          reference(token, token.begin);
        else
          left_out(token, "; only `${name}` begins with it");
        break;
      case ';':
        left_out(token, ": a line is a statement");
        break;
      case '\'':
        left_out(token, "; a text stands in `\"…\"`");
        break;
      case '\\':
        left_out(token, "; escapes are for texts in `\"…\"`");
        break;
      case '-':
        dash(token);
        break;
      case '>':
        arrow(token);
        break;
      default:
        left_out(token, "");
        break;
    }
  }

  size_t line_end(size_t at) const {
    return std::min(text_.find_first_of("\r\n", at), text_.size());
  }

  // A text that is not closed ends before a brace that ends its line, or with it.
  void unclosed(const Token& token, TokenKind kind, const char* quote) {
    size_t end = line_end(token.begin);
    size_t last = text_.find_last_not_of(" \t", end == 0 ? 0 : end - 1);
    if (last != std::string_view::npos && last > token.begin + 1 &&
        (text_[last] == '{' || text_[last] == '}') && text_[last - 1] == ' ') {
      end = text_.find_last_not_of(" \t", last - 1) + 1;
    }
    if (auto* d = report_.emit(diag::UnclosedText{quote}, token.begin, token.begin + 1)) {
      if (kind == TokenKind::raw) note_open_raw(*d);
    }
    push(kind, token.begin, std::max(end, size_t{token.begin} + 1));
  }

  // With an odd number of backticks the one that is missing may be an earlier one.
  void note_open_raw(diag::Diagnostic& diagnostic) const {
    for (size_t i = out_.size(); i-- > 0;) {
      if (out_[i].kind != TokenKind::raw) continue;
      if (spelling(text_, out_[i]).find('\n') == std::string_view::npos) continue;
      diagnostic.note("or this text, which holds line ends, should have ended earlier",
                      report_.span(out_[i].begin, out_[i].begin + 1));
      return;
    }
  }

  // The dashes before a damaged `${…}` belong to its word.
  void dash(const Token& token) {
    if (token.begin < dashes_end_) return left_out(token, "; it ends no word");
    size_t behind = text_.find_first_not_of('-', token.begin);
    dashes_end_ = std::min(behind, text_.size());
    if (behind == std::string_view::npos || text_.substr(behind, 2) != "${") {
      return left_out(token, "; it ends no word");
    }
    while (in_[at_].begin < behind) ++at_;
    reference(in_[at_++], token.begin);
  }

  // `${` that begins no reference, in a word that begins at `word_begin`.
  void reference(const Token& token, size_t word_begin) {
    size_t begin = token.begin + 2;
    size_t blank = std::min(text_.find_first_of(" \t\r\n{}(),\"`", begin), text_.size());
    size_t close = text_.find_first_of("{}\r\n", begin);
    bool closed =
        close != std::string_view::npos && text_[close] == '}' && (close == blank || open_ <= 0);
    if (closed) {
      report_.emit(diag::BadReference{quoted(text_.substr(begin, close - begin))}, token.begin,
                   static_cast<uint32_t>(close + 1));
      word(word_begin, close + 1);
    } else {
      report_.emit(diag::UnclosedReference{}, token.begin, static_cast<uint32_t>(blank));
      word(word_begin, blank);
    }
  }

  void arrow(const Token& token) {
    bool fat = !out_.empty() && out_.back().kind == TokenKind::is && out_.back().end == token.begin;
    if (!fat) return left_out(token, "");
    Token& sign = out_.back();
    if (auto* d = report_.emit(diag::StrayCharacter{"`=>`", "; `->` says where it goes"},
                               sign.begin, token.end)) {
      d->fix("write `->`", report_.span(sign.begin, token.end), "->");
    }
    sign = {TokenKind::to, sign.begin, token.end};
  }

  void left_out(const Token& token, const char* advice) {
    if (report_.deaf(token.begin)) return;
    std::string_view character = spelling(text_, token);
    auto* d = report_.emit(diag::StrayCharacter{quoted(character), advice}, token.begin, token.end);
    if (d != nullptr && character == ";" && in_[at_].kind == TokenKind::newline) {
      d->fix("leave it out", report_.span(token.begin, token.end), "");
    }
  }

  // A token of our own, in place of all that lie in it.
  void push(TokenKind kind, size_t begin, size_t end) {
    out_.push_back({kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    while (in_[at_].kind != TokenKind::end && in_[at_].begin < end) ++at_;
    if (in_[at_ - 1].kind == TokenKind::raw && in_[at_ - 1].end > line_end(end)) {
      auto at = static_cast<uint32_t>(line_end(end));  // a text of several lines went with it
      out_.push_back({TokenKind::newline, at, at});
    }
  }

  // The word around a damaged `${…}`: with what stands right before and behind it.
  void word(size_t begin, size_t end) {
    if (!out_.empty() && out_.back().kind == TokenKind::word && out_.back().end == begin) {
      begin = out_.back().begin;
      out_.pop_back();
    }
    push(TokenKind::word, begin, end);
    while (in_[at_].kind == TokenKind::word && in_[at_].begin == out_.back().end) {
      out_.back().end = in_[at_++].end;
    }
  }

  const std::vector<Token>& in_;
  Report& report_;
  std::string_view text_;
  std::vector<Token> out_;
  size_t at_ = 0;
  size_t dashes_end_ = 0;
  int open_ = 0;  // blocks that began on this line
};

}  // namespace

void mend_strays(Tokens& tokens, Report& report) {
  if (!tokens.has_strays) return;
  tokens.all = Mender(tokens, report).run();
  tokens.has_strays = false;
}

}  // namespace sluice::syntax
