#include "compiler/sema/check_schema.h"

#include <fmt/format.h>

#include <unordered_map>

#include "compiler/diag/catalog.gen.h"

namespace sluice::sema {
namespace {

using model::Block;
using model::BlockRule;
using model::Row;
using model::SignRule;

class Checker {
 public:
  Checker(const model::Model& model, uint32_t file, diag::Sink& diags)
      : model_(model), file_(file), ast_(model.files[file].ast), diags_(diags) {}

  void block(uint32_t first, Block in) {
    std::unordered_map<std::string_view, Span> once;
    for (uint32_t id : syntax::children(ast_, first)) statement(id, in, once);
  }

 private:
  void statement(uint32_t id, Block in, std::unordered_map<std::string_view, Span>& once) {
    const syntax::Statement& s = ast_.statements[id];
    if (s.head.groups.empty()) return;
    const syntax::Item& first = ast_.first_item(s.head);
    if (in == Block::zone && s.sign == syntax::Sign::to) return host_line(s);
    const Row* row = first.kind == syntax::ItemKind::word && first.label.empty() && !first.has_call
                         ? find_row(in, first.spelling)
                         : nullptr;
    if (row == nullptr) {
      diag::Diagnostic& d =
          diags_.emit(diag::UnknownWord{.word = model_.sources->text(first.whole),
                                        .block = to_string(in),
                                        .suggestion = nearest_word(in, first.spelling)},
                      first.whole);
      if (in == Block::zone) d.help("a host's line here is `LABEL -> DESTINATION`");
      return;
    }
    if (row->state == model::State::planned) {
      diags_.emit(diag::NotBuilt{.what = fmt::format("`{}`", row->word)}, first.span);
      return;
    }
    if (row->once) {
      auto [entry, fresh] = once.try_emplace(row->word, first.span);
      if (!fresh)
        diags_.emit(diag::Repeated{.word = row->word}, first.span)
            .note("first here", entry->second);
    }
    bool right = arguments(s, *row);
    if (right) sign(s, *row, first.span);
    // A block on the same line may be part of the same mistake, as when two statements stand on one
    // line.
    if (right || lines_apart(s)) braces(s, *row, first.span);
  }

  bool lines_apart(const syntax::Statement& s) const {
    return s.has_block && model_.sources->text(s.block).find('\n') != std::string_view::npos;
  }

  void host_line(const syntax::Statement& s) {
    for (uint32_t g = s.head.groups.begin; g < s.head.groups.end; ++g) {
      const syntax::Range items = ast_.groups[g].items;
      if (items.size() != 1) {
        diags_.emit(diag::WrongArguments{.word = "a host's line",
                                         .shape = "LABEL, … -> DESTINATION [{ … }]"},
                    ast_.groups[g].span);
      }
    }
    if (s.has_block) block(s.first_child, Block::host);
  }

  bool arguments(const syntax::Statement& s, const Row& row) {
    for (uint32_t g = s.head.groups.begin; g < s.head.groups.end; ++g) {
      const syntax::Range items = ast_.groups[g].items;
      uint32_t after = items.begin + (g == s.head.groups.begin ? 1 : 0);
      uint32_t count = items.end - after;
      uint32_t least = g == s.head.groups.begin ? row.min : 1;
      bool surplus = count > row.max || (g > s.head.groups.begin && !row.list);
      if (!surplus && count >= least) continue;
      Span at =
          surplus && count > row.max ? ast_.items[after + row.max].whole : ast_.groups[g].span;
      diag::Diagnostic& d =
          diags_.emit(diag::WrongArguments{.word = row.word, .shape = row.shape}, at);
      if (surplus && count > row.max &&
          find_row(row.in, ast_.items[after + row.max].spelling) != nullptr) {
        d.fix("two statements on one line? Each has a line of its own",
              {at.source, at.begin, at.begin}, "\n");
      }
      return false;
    }
    return true;
  }

  void sign(const syntax::Statement& s, const Row& row, Span at) {
    using enum syntax::Sign;
    bool right = s.sign == none ? row.sign == SignRule::none || row.sign == SignRule::may_to
                 : s.sign == is ? row.sign == SignRule::is
                                : row.sign == SignRule::to || row.sign == SignRule::may_to;
    if (right) return;
    if (s.sign == none)
      diags_.emit(diag::WrongArguments{.word = row.word, .shape = row.shape}, at);
    else
      diags_.emit(diag::WrongSign{.word = row.word, .shape = row.shape}, s.sign_span);
  }

  void braces(const syntax::Statement& s, const Row& row, Span at) {
    if (s.has_block && row.block == BlockRule::none) {
      diags_.emit(diag::WrongBlock{.word = row.word, .what = "takes no block"}, s.block);
    } else if (!s.has_block && row.block == BlockRule::must) {
      diags_.emit(diag::WrongBlock{.word = row.word, .what = "needs a block"}, at);
    } else if (s.has_block && row.child == Block::target) {
      options(s);
    } else if (s.has_block) {
      block(s.first_child, row.child);
    }
  }

  // A target's own words: only their shape; which there are is known when the site is planned.
  void options(const syntax::Statement& s) {
    for (uint32_t id : syntax::children(ast_, s.first_child)) {
      const syntax::Statement& option = ast_.statements[id];
      if (option.head.groups.empty()) continue;
      if (option.has_block)
        diags_.emit(diag::WrongBlock{.word = word_of(ast_, id), .what = "takes no block"},
                    option.block);
      const syntax::Range items = ast_.groups[option.head.groups.begin].items;
      if (option.head.groups.size() != 1 || items.size() > 2 || option.sign != syntax::Sign::none) {
        diags_.emit(diag::WrongArguments{.word = word_of(ast_, id), .shape = "OPTION [VALUE]"},
                    option.span);
      }
    }
  }

  const model::Model& model_;
  uint32_t file_;
  const syntax::Ast& ast_;
  diag::Sink& diags_;
};

}  // namespace

std::string_view word_of(const syntax::Ast& ast, uint32_t statement) {
  const syntax::Statement& s = ast.statements[statement];
  return s.head.groups.empty() ? std::string_view() : ast.first_item(s.head).spelling;
}

uint32_t find_child(const syntax::Ast& ast, uint32_t statement, std::string_view word) {
  for (uint32_t id : syntax::children(ast, ast.statements[statement].first_child)) {
    if (word_of(ast, id) == word) return id;
  }
  return syntax::kNone;
}

void check_file(const model::Model& model, uint32_t file, diag::Sink& diags) {
  Checker(model, file, diags).block(model.files[file].ast.first, Block::top);
}

}  // namespace sluice::sema
