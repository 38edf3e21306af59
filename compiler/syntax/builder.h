// Tokens, in the order in which the parser accepts them, to the tree: what ANTLR would build as
// objects and we would copy is written into the Ast at once. Invariant: tokens come in an order
// that the grammar allows, but for `abandon()` between them, which closes whatever is open in the
// statement at hand.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/syntax/ast.h"
#include "compiler/syntax/token.h"

namespace sluice::syntax {

class Builder {
 public:
  Builder(SourceId source, std::string_view text, size_t token_count);

  void accept(const Token& token);
  // After a mistake: keeps what the statement has so far; a block may still follow.
  void abandon();
  // The statement at hand ends here although no line end stands here.
  void end_statement();
  // A `{` next would be the block of the statement at hand, or of the one just ended.
  bool may_open_block() const;

  bool in_call() const { return !frames_.empty(); }
  // The statement at hand, or the one just ended.
  Span last_statement() const;
  // The `{` of the block at hand; unknown at the top.
  Span open_brace() const;
  // The blanks before the statement whose block is at hand.
  std::string_view block_indent() const;

  Ast finish();

 private:
  struct Frame {  // an open `(`
    Item item;    // the word before it
    size_t first_argument = 0;
    Argument argument;
    bool right = false;
  };
  struct Block {
    uint32_t statement = kNone;  // kNone: the file, or a block that belongs to nobody
    uint32_t last_child = kNone;
  };

  Span span(uint32_t begin, uint32_t end) const { return {ast_.source, begin, end}; }
  Statement& current() { return ast_.statements[current_]; }
  void item(const Token& token);
  void commit_item();
  void end_argument();
  void end_group();
  void end_list();
  void open_call();
  void close_call(uint32_t end);
  void begin_statement(uint32_t begin);
  void open_block(const Token& token);
  void close_block(const Token& token);

  Ast ast_;
  std::string_view text_;
  std::vector<Block> blocks_;
  std::vector<Frame> frames_;
  std::vector<Item> items_;          // of the group at hand
  std::vector<Argument> arguments_;  // of the open calls
  Item last_;                        // an item that a call may still follow
  bool has_last_ = false;
  std::string_view label_;
  Span label_span_;
  uint32_t current_ = kNone;  // the statement at hand
  uint32_t ended_ = kNone;    // the statement that ended last
  uint32_t list_begin_ = 0;   // first group of the list at hand
  bool after_comma_ = false;
};

}  // namespace sluice::syntax
