#include "compiler/syntax/antlr_parser.h"

#include "SluiceParser.h"
#include "compiler/diag/catalog.gen.h"
#include "compiler/syntax/builder.h"

namespace sluice::syntax {
namespace {

using parser::SluiceParser;

// Our numbers are the grammar's.
constexpr bool same(TokenKind kind, size_t type) { return static_cast<size_t>(kind) == type; }
static_assert(
    same(TokenKind::newline, SluiceParser::NL) && same(TokenKind::comment, SluiceParser::COMMENT) &&
    same(TokenKind::lbrace, SluiceParser::LBRACE) &&
    same(TokenKind::rbrace, SluiceParser::RBRACE) &&
    same(TokenKind::lparen, SluiceParser::LPAREN) &&
    same(TokenKind::rparen, SluiceParser::RPAREN) && same(TokenKind::comma, SluiceParser::COMMA) &&
    same(TokenKind::is, SluiceParser::IS) && same(TokenKind::to, SluiceParser::TO) &&
    same(TokenKind::name_is, SluiceParser::NAME_IS) && same(TokenKind::text, SluiceParser::TEXT) &&
    same(TokenKind::raw, SluiceParser::RAW) && same(TokenKind::word, SluiceParser::WORD) &&
    same(TokenKind::stray, SluiceParser::STRAY));

// ANTLR's exceptions want a token to hold; what they say is not used.
class SomeToken final : public antlr4::Token {
 public:
  std::string getText() const override { return {}; }
  size_t getType() const override { return 0; }
  size_t getLine() const override { return 0; }
  size_t getCharPositionInLine() const override { return 0; }
  size_t getChannel() const override { return 0; }
  size_t getTokenIndex() const override { return 0; }
  size_t getStartIndex() const override { return 0; }
  size_t getStopIndex() const override { return 0; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }
};

class Stream final : public NextType {
 public:
  Stream(const std::vector<Token>& tokens, Builder& builder) : tokens_(tokens), builder_(builder) {
    arrive();
  }

  const Token& token() const { return tokens_[at_]; }
  TokenKind kind() const { return token().kind; }
  // The token before this one that is no line end; of kind `end` at the file's beginning.
  const Token& previous() const { return previous_; }
  bool behind_newline() const { return behind_newline_; }

  void consume() override {
    builder_.accept(token());
    skip();
  }
  // Goes on without telling the builder.
  void skip() {
    if (kind() == TokenKind::end) return;
    behind_newline_ = kind() == TokenKind::newline;
    if (!behind_newline_) previous_ = token();
    ++at_;
    arrive();
  }
  // While poisoned no token fits anywhere, so that every rule gives up.
  void poison(bool on) {
    poisoned_ = on;
    arrive();
  }

  antlr4::Token* LT(ssize_t) override { return &some_; }
  antlr4::Token* get(size_t) const override { return &some_; }
  size_t index() override { return at_; }
  size_t size() override { return tokens_.size(); }
  // What backtracking and tree building would need; this grammar and this parser do neither.
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  void seek(size_t) override {}
  std::string getSourceName() const override { return {}; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

 private:
  void arrive() {
    while (kind() == TokenKind::comment) ++at_;
    next_type_ = poisoned_                  ? antlr4::Token::INVALID_TYPE
                 : kind() == TokenKind::end ? antlr4::Token::EOF
                                            : static_cast<size_t>(kind());
  }

  const std::vector<Token>& tokens_;
  Builder& builder_;
  size_t at_ = 0;
  Token previous_;
  bool behind_newline_ = false;
  bool poisoned_ = false;
  mutable SomeToken some_;
};

// Thrown after so many mistakes that this is no source; of the first ones the user has heard.
struct Hopeless {};
constexpr int kMaxMistakes = 1000;

// Says what is wrong where a token does not fit, and mends it. A missing item poisons the stream,
// so that the rules unwind to the enclosing `)` or statement; all other rules are mended in place.
class Strategy final : public ErrorStrategy {
 public:
  Strategy(Stream& stream, Builder& builder, Report& report)
      : stream_(stream), builder_(builder), report_(report) {}

  // A token that must be here is not: what is returned counts as it.
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    count();
    switch (rule(parser)) {
      case SluiceParser::RuleLine:
        after_statement(parser);
        break;
      case SluiceParser::RuleBlock:
        block_goes_on(parser);
        break;
      case SluiceParser::RuleCall:
        end_call();
        break;
      default:
        throw antlr4::InputMismatchException(parser);
    }
    return stream_.LT(1);
  }

  // An item must be here.
  void recover(antlr4::Parser*, std::exception_ptr) override {
    if (active_) return;
    count();
    item_missing();
    if (builder_.in_call()) {
      skip_to_paren();
    } else {
      builder_.abandon();
      skip_to_statement_end();
    }
    give_up(true);
  }

  void line(SluiceParser& parser) {
    if (stream_.kind() == TokenKind::newline || begins_item(stream_.kind()))
      parser.line();
    else
      line_begins_wrong(parser);
  }

 private:
  void resync(antlr4::Parser* parser) override {
    if (rule(parser) == SluiceParser::RuleStatement) give_up(false);
  }
  void give_up(bool on) {
    active_ = on;
    stream_.poison(on);
  }

  void count() {
    if (++mistakes_ > kMaxMistakes) throw Hopeless{};
  }

  static size_t rule(antlr4::Parser* parser) { return parser->getContext()->getRuleIndex(); }
  static SluiceParser& sluice(antlr4::Parser* parser) {
    return *static_cast<SluiceParser*>(parser);
  }

  template <class D>
  diag::Diagnostic* emit(const D& d, const Token& token) {
    return report_.emit(d, token.begin, token.end);
  }
  std::string name(const Token& token) const { return quoted(spelling(report_.text(), token)); }
  Span span(const Token& token) const { return report_.span(token.begin, token.end); }

  // A line begins with what begins no statement.
  void line_begins_wrong(SluiceParser& parser) {
    count();
    const Token token = stream_.token();
    if (token.kind == TokenKind::lbrace && builder_.may_open_block()) {
      uint32_t end = stream_.previous().end;
      if (auto* d = emit(diag::BraceOnOwnLine{}, token)) {
        d->fix("put it at the end of the line before", report_.span(end, token.end), " {");
      }
      parser.block();
    } else if (token.kind == TokenKind::rbrace) {
      emit(diag::StatementBegin{name(token)}, token);
      stream_.skip();
    } else {
      emit(diag::StatementBegin{name(token)}, token);
      skip_to_statement_end();
      if (stream_.kind() == TokenKind::lbrace) parser.block();
    }
    end_line();
  }

  // In `line`, behind its statement, where the line should end.
  void after_statement(antlr4::Parser* parser) {
    const Token token = stream_.token();
    const Token before = stream_.previous();
    if (stream_.behind_newline()) {  // which a trailing comma has taken
      builder_.end_statement();
      return;
    }
    if (token.kind == TokenKind::rbrace) {
      if (auto* d = emit(diag::BraceNotFirst{}, token)) {
        d->fix("put it on a line of its own", report_.span(before.end, token.begin),
               "\n" + std::string(builder_.block_indent()));
      }
      builder_.end_statement();
      return;
    }
    if (before.kind == TokenKind::rbrace) {
      auto* d = emit(diag::AfterBlock{name(token)}, token);
      if (begins_item(token.kind)) {
        if (d != nullptr) {
          d->fix("begin a new line", report_.span(before.end, token.begin),
                 "\n" + std::string(builder_.block_indent()));
        }
        builder_.end_statement();
        return;
      }
    } else if (token.kind == TokenKind::is || token.kind == TokenKind::to) {
      const Token* comma = dangling_comma();
      if (comma != nullptr)
        trailing_comma(*comma);
      else
        emit(diag::SecondSign{name(token)}, token);
    } else {
      emit(diag::Unexpected{"the end of the line", name(token)}, token);
    }
    builder_.abandon();
    skip_to_statement_end();
    if (stream_.kind() == TokenKind::lbrace && builder_.may_open_block()) sluice(parser).block();
    end_line();
  }

  // In `block`, where its `}` should be.
  void block_goes_on(antlr4::Parser* parser) {
    if (stream_.kind() == TokenKind::newline) {
      block_begins_in_line();
      stream_.consume();
    } else if (begins_item(stream_.kind())) {
      emit(diag::AfterBlock{name(stream_.token())}, stream_.token());
    }
    builder_.end_statement();
    while (stream_.kind() != TokenKind::rbrace && stream_.kind() != TokenKind::end) {
      line(sluice(parser));
    }
    stream_.consume();
  }

  void block_begins_in_line() {
    Span first = builder_.last_statement();
    Span brace = builder_.open_brace();
    if (!brace.known() || first.begin < brace.begin ||
        !first.known()) {  // what stands there was no statement
      emit(diag::BlockBeginsInLine{}, stream_.previous());
      return;
    }
    uint32_t behind = brace.begin + 1;
    if (auto* d = report_.emit(diag::BlockBeginsInLine{}, first.begin, first.end)) {
      d->fix("begin the block on a new line", report_.span(behind, first.begin),
             "\n" + std::string(builder_.block_indent()) + "  ");
    }
  }

  // In `call`, where its `)` should be.
  void end_call() {
    if (!active_) {
      const Token& token = stream_.token();
      if (token.kind == TokenKind::comma)
        surplus_comma(token);
      else
        emit(diag::Unexpected{"`,` or `)`", name(token)}, token);
      skip_to_paren();
    }
    give_up(false);
    if (stream_.kind() == TokenKind::rparen) stream_.consume();
  }

  void item_missing() {
    const Token& token = stream_.token();
    const Token& before = stream_.previous();
    bool sign = token.kind == TokenKind::is || token.kind == TokenKind::to;
    if (before.kind == TokenKind::comma) {
      if (token.kind == TokenKind::comma)
        surplus_comma(token);
      else
        trailing_comma(before);
    } else if (sign && (before.kind == TokenKind::is || before.kind == TokenKind::to)) {
      if (auto* d = emit(diag::SecondSign{name(token)}, token))
        d->fix("leave it out", span(token), "");
    } else {
      emit(diag::NothingAfter{name(before)}, before);
    }
  }

  // A comma at a line's end behind which the next line stands no deeper than the statement: where
  // that cannot be the list going on, the comma is the mistake.
  const Token* dangling_comma() const {
    Span statement = builder_.last_statement();
    const Token* next = &stream_.token();
    for (const Token* t = next - 1; statement.known() && t->begin > statement.begin; --t) {
      if (t->kind == TokenKind::comma && column(next->begin) <= column(statement.begin) &&
          report_.line(t->begin) != report_.line(next->begin)) {
        return t;
      }
      if (t->kind != TokenKind::newline && t->kind != TokenKind::comment) next = t;
    }
    return nullptr;
  }

  size_t column(uint32_t at) const {
    return at == 0 ? 0 : at - (report_.text().rfind('\n', at - 1) + 1);
  }

  void trailing_comma(const Token& comma) {
    if (auto* d = emit(diag::TrailingComma{}, comma)) d->fix("leave it out", span(comma), "");
  }

  void surplus_comma(const Token& token) {
    if (auto* d = emit(diag::SurplusComma{}, token)) d->fix("leave it out", span(token), "");
  }

  // To the line end, block or `}` that ends the statement at hand, all but its block.
  void skip_to_statement_end() {
    int parens = 0;
    for (bool comma = false;; stream_.skip()) {
      TokenKind kind = stream_.kind();
      if (kind == TokenKind::lbrace || kind == TokenKind::rbrace || kind == TokenKind::end) return;
      if (kind == TokenKind::newline && !comma && parens == 0) return;
      if (kind == TokenKind::lparen) ++parens;
      if (kind == TokenKind::rparen) --parens;
      if (kind != TokenKind::newline) comma = kind == TokenKind::comma;
    }
  }

  // To the `)` that closes the call at hand.
  void skip_to_paren() {
    for (int parens = 0;; stream_.skip()) {
      TokenKind kind = stream_.kind();
      if (kind == TokenKind::lbrace || kind == TokenKind::rbrace || kind == TokenKind::end) return;
      if (kind == TokenKind::lparen) ++parens;
      if (kind == TokenKind::rparen && parens-- == 0) return;
    }
  }

  // Over what is left of a line that has had its error, blocks and all, to behind the line's end.
  void end_line() {
    builder_.end_statement();
    for (int braces = 0; stream_.kind() != TokenKind::end; stream_.skip()) {
      TokenKind kind = stream_.kind();
      if (kind == TokenKind::lbrace) ++braces;
      if (kind == TokenKind::rbrace && braces-- == 0) return;
      if (kind == TokenKind::newline && braces == 0) break;
    }
    stream_.skip();
  }

  Stream& stream_;
  Builder& builder_;
  Report& report_;
  int mistakes_ = 0;
};

}  // namespace

Ast run_parser(const Tokens& tokens, SourceId source, Report& report) {
  Builder builder(source, report.text(), tokens.all.size());
  try {
    Stream stream(tokens.all, builder);
    Strategy strategy(stream, builder, report);
    SluiceParser parser(&stream);
    parser.set_strategy(&strategy);
    while (stream.kind() != TokenKind::end) strategy.line(parser);  // the rule `file`
  } catch (const Hopeless&) {
  } catch (const std::exception& e) {
    report.emit(diag::ParserFailed{e.what()}, 0, 0);
  } catch (...) {  // ANTLR has been seen to throw string literals
    report.emit(diag::ParserFailed{"an unknown exception"}, 0, 0);
  }
  return builder.finish();
}

}  // namespace sluice::syntax
