// The tree of one file: shapes only (D1), no meaning. Statements, words, calls and blocks, each
// with its span, in flat vectors that are freed at once; nodes refer to each other by index.
// Invariant: indices are in range, `next` and `first_child` form trees in source order, views point
// into the text that SourceMap holds. After a syntax error the tree holds what could be read, and
// no more.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/support/source.h"

namespace sluice::syntax {

inline constexpr uint32_t kNone = UINT32_MAX;

// Indices [begin, end) of one of the vectors below.
struct Range {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
};

enum class ItemKind : uint8_t {
  word,  // bare: `/v1`, `100/m`, `${x}`
  text,  // "…": escapes and ${} not yet read; `spelling` includes the quotes
  raw,   // `…`: neither escapes nor ${}; `spelling` includes the quotes
};

// `word`, `word(…)`, `name: word`.
struct Item {
  Span span;  // of the spelling alone, without label and call
  std::string_view spelling;
  std::string_view label;  // `rate` of `rate: rate`; empty: none
  Span label_span;
  Range arguments;  // of `call`, in Ast::arguments
  ItemKind kind = ItemKind::word;
  bool has_call = false;  // `m()` has a call without arguments
  Span whole;             // label, spelling and call
};

// `100/m`, `burst = 200`, `rate: rate`, `burst: int = 50`: items by index.
struct Argument {
  uint32_t left = kNone;
  uint32_t right = kNone;  // what follows `=`
  Span span;
};

// Items that stand side by side between commas.
struct Group {
  Range items;
  Span span;
};

// Groups between commas.
struct List {
  Range groups;
  Span span;
};

enum class Sign : uint8_t { none, is, to };  // `=`, `->`

struct Statement {
  List head;  // never empty but after an error
  List tail;  // what follows the sign
  Sign sign = Sign::none;
  bool has_block = false;
  uint32_t first_child = kNone;  // statements of the block
  uint32_t next = kNone;         // the next statement of the same block
  Span sign_span;
  Span block;  // from `{` to `}`
  Span span;   // the whole statement
};

struct Ast {
  SourceId source = kNoSource;
  std::vector<Item> items;
  std::vector<Argument> arguments;
  std::vector<Group> groups;
  std::vector<Statement> statements;
  uint32_t first = kNone;  // first top-level statement

  const Item& first_item(const List& list) const {
    return items[groups[list.groups.begin].items.begin];
  }
};

// Statements of a block, in source order: `for (uint32_t id : children(ast,
// statement.first_child))`.
class Siblings {
 public:
  class Iterator {
   public:
    Iterator(const Ast* ast, uint32_t at) : ast_(ast), at_(at) {}
    uint32_t operator*() const { return at_; }
    Iterator& operator++() {
      at_ = ast_->statements[at_].next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const Ast* ast_;
    uint32_t at_;
  };
  Siblings(const Ast& ast, uint32_t first) : ast_(&ast), first_(first) {}
  Iterator begin() const { return {ast_, first_}; }
  Iterator end() const { return {ast_, kNone}; }

 private:
  const Ast* ast_;
  uint32_t first_;
};
inline Siblings children(const Ast& ast, uint32_t first) { return {ast, first}; }

}  // namespace sluice::syntax
