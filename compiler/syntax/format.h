// The one layout of a source (D11): two spaces a level, `{` on its statement's line, at most one
// blank line, comments on their lines. The `->` of neighbouring one-line statements in a `zone`,
// and of neighbouring one-line routes, stand in one column, and so do the one-line blocks behind
// them; nothing else is aligned. A list keeps its line breaks; a block that stands on one line
// stays there; a comment behind a statement keeps its column where it can. Idempotent, linear,
// changes no token but for quotes (below). Fails: on a source with syntax errors, which are then in
// the sink.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "compiler/diag/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace sluice::syntax {

// Must this quoted item stay quoted, because its place wants a text? `path` leads from a top-level
// statement to the one that holds the item. Asked only of texts that would be the same single word
// without quotes. Which places want what is the schema's knowledge; without it (an empty function)
// all quotes stay.
using WantsText =
    std::function<bool(const Ast& ast, std::span<const uint32_t> path, const Item& item)>;

std::optional<std::string> format(const SourceMap& sources, SourceId source, diag::Sink& diags,
                                  const WantsText& wants_text = {});

}  // namespace sluice::syntax
