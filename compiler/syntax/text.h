// What a word or a text says: its escapes read, its `${…}` found (D5, D7). The lexer leaves both
// alone. Views point into the source's text, as the Item's own do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace sluice::syntax {

// Either bytes as they stand, or a value to read.
struct Piece {
  bool is_reference = false;
  std::string literal;
  std::string_view name;   // `app` of `${app.id}`
  std::string_view field;  // `id`; empty: none
  Span span;               // of the reference with its `${}`; of the literal as it is spelled
};

// The pieces of an item, in order; neighbouring literals are one piece. An empty text has none.
// Mistakes (SL0108, SL0109, SL0126, SL0127) go to the sink, and what could be read is returned.
std::vector<Piece> read_pieces(const Item& item, diag::Sink& diags);

// The item's bytes as they stand in the source, where nothing in it has to be read: the common
// case.
std::optional<std::string_view> plain(const Item& item);

// A word that is `${x}` and nothing else keeps the type of x; any other item is text.
bool is_single_reference(const Item& item);

// A text's spelling: in quotes, with the escapes it needs, `${` included.
std::string quote(std::string_view text);

}  // namespace sluice::syntax
