#include "compiler/syntax/builder.h"

namespace sluice::syntax {

Builder::Builder(SourceId source, std::string_view text, size_t token_count) : text_(text) {
  ast_.source = source;
  ast_.items.reserve(token_count / 2);
  ast_.groups.reserve(token_count / 3);
  ast_.statements.reserve(token_count / 6);
  blocks_.push_back({});
}

void Builder::accept(const Token& token) {
  switch (token.kind) {
    case TokenKind::name_is:
      commit_item();
      label_ = text_.substr(token.begin, token.end - token.begin - 1);
      label_span_ = span(token.begin, token.end - 1);
      break;
    case TokenKind::word:
    case TokenKind::text:
    case TokenKind::raw:
      item(token);
      break;
    case TokenKind::comma:
      commit_item();
      if (frames_.empty())
        end_group();
      else
        end_argument();
      break;
    case TokenKind::is:
    case TokenKind::to:
      commit_item();
      if (!frames_.empty()) {
        frames_.back().right = true;
      } else if (current_ != kNone) {
        end_list();
        current().sign = token.kind == TokenKind::is ? Sign::is : Sign::to;
        current().sign_span = span(token.begin, token.end);
      }
      break;
    case TokenKind::lparen:
      open_call();
      break;
    case TokenKind::rparen:
      close_call(token.end);
      break;
    case TokenKind::lbrace:
      open_block(token);
      break;
    case TokenKind::rbrace:
      close_block(token);
      break;
    case TokenKind::newline:
      if (frames_.empty() && !after_comma_) end_statement();
      return;  // a comma still continues the line
    case TokenKind::end:
    case TokenKind::comment:
    case TokenKind::stray:
      return;
  }
  after_comma_ = token.kind == TokenKind::comma;
  if (current_ != kNone && token.kind != TokenKind::lbrace) current().span.end = token.end;
}

void Builder::abandon() {
  label_ = {};
  label_span_ = {};
  after_comma_ = false;
  while (!frames_.empty()) close_call(frames_.back().item.span.end);
  commit_item();
}

void Builder::end_statement() {
  abandon();
  if (current_ == kNone) return;
  end_list();
  ended_ = current_;
  current_ = kNone;
}

bool Builder::may_open_block() const {
  uint32_t statement = current_ != kNone ? current_ : ended_;
  return statement != kNone && !ast_.statements[statement].has_block;
}

Span Builder::last_statement() const {
  uint32_t statement = current_ != kNone ? current_ : ended_;
  return statement == kNone ? Span{} : ast_.statements[statement].span;
}

Span Builder::open_brace() const {
  uint32_t statement = blocks_.back().statement;
  return statement == kNone ? Span{} : ast_.statements[statement].block;
}

std::string_view Builder::block_indent() const {
  uint32_t statement = blocks_.back().statement;
  if (statement == kNone) return {};
  uint32_t begin = ast_.statements[statement].span.begin;
  size_t line = begin == 0 ? 0 : text_.rfind('\n', begin - 1) + 1;
  if (line > begin) line = 0;
  std::string_view before = text_.substr(line, begin - line);
  size_t blanks = before.find_first_not_of(" \t");
  return before.substr(0, blanks);
}

Ast Builder::finish() {
  end_statement();
  return std::move(ast_);
}

void Builder::item(const Token& token) {
  commit_item();
  if (frames_.empty() && current_ == kNone) {
    begin_statement(label_.empty() ? token.begin : label_span_.begin);
  }
  last_ = {};
  last_.span = span(token.begin, token.end);
  last_.spelling = spelling(text_, token);
  last_.label = label_;
  last_.label_span = label_span_;
  last_.kind = token.kind == TokenKind::word   ? ItemKind::word
               : token.kind == TokenKind::text ? ItemKind::text
                                               : ItemKind::raw;
  last_.whole = label_.empty() ? last_.span : join(label_span_, last_.span);
  has_last_ = true;
  label_ = {};
  label_span_ = {};
}

void Builder::commit_item() {
  if (!has_last_) return;
  has_last_ = false;
  if (frames_.empty()) {
    items_.push_back(last_);
    return;
  }
  auto index = static_cast<uint32_t>(ast_.items.size());
  ast_.items.push_back(last_);
  Argument& argument = frames_.back().argument;
  (frames_.back().right ? argument.right : argument.left) = index;
  argument.span = join(argument.span, last_.whole);
}

void Builder::end_argument() {
  Frame& frame = frames_.back();
  if (frame.argument.left != kNone) arguments_.push_back(frame.argument);
  frame.argument = {};
  frame.right = false;
}

void Builder::end_group() {
  if (items_.empty()) return;
  auto begin = static_cast<uint32_t>(ast_.items.size());
  ast_.items.insert(ast_.items.end(), items_.begin(), items_.end());
  ast_.groups.push_back({{begin, static_cast<uint32_t>(ast_.items.size())},
                         join(items_.front().whole, items_.back().whole)});
  items_.clear();
}

void Builder::end_list() {
  end_group();
  auto end = static_cast<uint32_t>(ast_.groups.size());
  List& list = current().sign == Sign::none ? current().head : current().tail;
  list.groups = {list_begin_, end};
  if (list_begin_ != end) {
    list.span = join(ast_.groups[list_begin_].span, ast_.groups[end - 1].span);
  }
  list_begin_ = end;
}

void Builder::open_call() {
  if (!has_last_) return;
  has_last_ = false;
  frames_.push_back({last_, arguments_.size(), {}, false});
}

void Builder::close_call(uint32_t end) {
  commit_item();
  if (frames_.empty()) return;
  end_argument();
  Frame& frame = frames_.back();
  auto begin = static_cast<uint32_t>(ast_.arguments.size());
  auto first = arguments_.begin() + static_cast<std::ptrdiff_t>(frame.first_argument);
  ast_.arguments.insert(ast_.arguments.end(), first, arguments_.end());
  arguments_.erase(first, arguments_.end());
  last_ = frame.item;
  last_.has_call = true;
  last_.arguments = {begin, static_cast<uint32_t>(ast_.arguments.size())};
  last_.whole.end = end;
  has_last_ = true;
  frames_.pop_back();
}

void Builder::begin_statement(uint32_t begin) {
  current_ = static_cast<uint32_t>(ast_.statements.size());
  Statement statement;
  statement.span = span(begin, begin);
  ast_.statements.push_back(statement);
  Block& block = blocks_.back();
  if (block.last_child != kNone) {
    ast_.statements[block.last_child].next = current_;
  } else if (block.statement != kNone) {
    ast_.statements[block.statement].first_child = current_;
  } else if (blocks_.size() == 1) {
    ast_.first = current_;
  }
  block.last_child = current_;
}

void Builder::open_block(const Token& token) {
  uint32_t statement = current_ != kNone ? current_ : ended_;
  if (!may_open_block()) statement = kNone;  // only after a mistake: its block belongs to nobody
  end_statement();
  if (statement != kNone) {
    ast_.statements[statement].has_block = true;
    ast_.statements[statement].block = span(token.begin, token.end);
    ended_ = kNone;
  }
  blocks_.push_back({statement, kNone});
}

void Builder::close_block(const Token& token) {
  end_statement();
  if (blocks_.size() == 1) return;
  uint32_t statement = blocks_.back().statement;
  blocks_.pop_back();
  ended_ = statement;
  if (statement == kNone) return;
  ast_.statements[statement].block.end = token.end;
  ast_.statements[statement].span.end = token.end;
}

}  // namespace sluice::syntax
