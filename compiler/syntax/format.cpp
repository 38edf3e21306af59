#include "compiler/syntax/format.h"

#include <algorithm>

#include "compiler/syntax/lexer.h"
#include "compiler/syntax/parse.h"

namespace sluice::syntax {
namespace {

constexpr size_t kNowhere = SIZE_MAX;

// Characters, as an editor counts columns.
size_t width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string_view last_line(std::string_view text) { return text.substr(text.rfind('\n') + 1); }

// What the tree knows and the tokens do not: where something is to be done.
struct Notes {
  std::vector<uint32_t> starts;    // of statements, in order
  std::vector<uint32_t> arrows;    // of signs that are aligned with their neighbours'
  std::vector<uint32_t> blocks;    // of the blocks behind them
  std::vector<uint32_t> unquoted;  // of texts that lose their quotes
};

class Notetaker {
 public:
  Notetaker(const Ast& ast, const WantsText& wants_text) : ast_(ast), wants_text_(wants_text) {}

  Notes run() {
    block(ast_.first, false);
    std::sort(notes_.unquoted.begin(), notes_.unquoted.end());
    return std::move(notes_);
  }

 private:
  void block(uint32_t first, bool in_zone) {
    for (uint32_t id : children(ast_, first)) {
      const Statement& statement = ast_.statements[id];
      std::string_view word = ast_.first_item(statement.head).spelling;
      notes_.starts.push_back(statement.span.begin);
      if (statement.sign == Sign::to && (in_zone || word == "route")) {
        notes_.arrows.push_back(statement.sign_span.begin);
        if (statement.has_block) notes_.blocks.push_back(statement.block.begin);
      }
      if (!wants_text_) {
        block(statement.first_child, word == "zone" || (in_zone && word == "for"));
        continue;
      }
      path_.push_back(id);
      list(statement.head);
      list(statement.tail);
      block(statement.first_child, word == "zone" || (in_zone && word == "for"));
      path_.pop_back();
    }
  }

  void list(const List& list) {
    for (uint32_t g = list.groups.begin; g != list.groups.end; ++g) {
      Range items = ast_.groups[g].items;
      for (uint32_t i = items.begin; i != items.end; ++i) item(ast_.items[i]);
    }
  }

  void item(const Item& item) {
    for (uint32_t a = item.arguments.begin; a != item.arguments.end; ++a) {
      this->item(ast_.items[ast_.arguments[a].left]);
      if (ast_.arguments[a].right != kNone) this->item(ast_.items[ast_.arguments[a].right]);
    }
    if (item.kind != ItemKind::text || !is_one_word(item)) return;
    if (!wants_text_(ast_, path_, item)) notes_.unquoted.push_back(item.span.begin);
  }

  // The same without quotes, and no value read: a bare `${x}` would have x's type.
  static bool is_one_word(const Item& item) {
    std::string_view inside = item.spelling.substr(1, item.spelling.size() - 2);
    if (inside.find("${") != std::string_view::npos) return false;
    std::vector<Token> tokens = scan(inside).all;
    return tokens.size() == 3 && tokens[0].kind == TokenKind::word &&
           tokens[0].end == inside.size();
  }

  const Ast& ast_;
  const WantsText& wants_text_;
  std::vector<uint32_t> path_;
  Notes notes_;
};

struct Line {
  std::string text;  // without indentation
  size_t indent = 0;
  bool blank_before = false;
  bool opens = false;       // ends with the `{` of a block of several lines
  bool continues = false;   // the statement of the line before
  bool whole = false;       // one statement from its beginning to its end
  size_t arrow = kNowhere;  // in `text`; kept only where the line is `whole`
  size_t block = kNowhere;
  std::string_view comment;
  size_t comment_column = 0;     // in the source
  bool comment_follows = false;  // stands under the comment of the line before, as part of it
};

class Layout {
 public:
  Layout(std::string_view text, const Notes& notes) : text_(text), notes_(notes) {}

  std::vector<Line> run() {
    tokens_ = scan(text_).all;
    for (at_ = 0; tokens_[at_].kind != TokenKind::end; ++at_) token(tokens_[at_]);
    return std::move(lines_);
  }

 private:
  void token(const Token& token) {
    switch (token.kind) {
      case TokenKind::newline:
        return newline();
      case TokenKind::comment:
        return comment(token);
      case TokenKind::lbrace:
        return open_block(token);
      case TokenKind::rbrace:
        close_block(token);
        break;
      case TokenKind::lparen:
        put(token, false);
        ++parens_;
        break;
      case TokenKind::rparen:
        --parens_;
        put(token, false);
        break;
      case TokenKind::comma:
        put(token, false);
        break;
      default:
        put(token, before_ != TokenKind::lparen);
        break;
    }
    before_ = token.kind;
  }

  TokenKind next_significant() const {
    size_t i = at_;
    while (tokens_[i].kind == TokenKind::newline || tokens_[i].kind == TokenKind::comment) ++i;
    return tokens_[i].kind;
  }

  bool empty() const { return line_.text.empty() && line_.comment.empty(); }

  void newline() {
    bool inside = parens_ != 0 || before_ == TokenKind::comma;
    if (!inside) {
      if (empty())
        blank_ = true;
      else
        end_line();
      before_ = TokenKind::newline;
      return;
    }
    // Around the `=` of an argument a line break is of no use.
    bool breaks = before_ == TokenKind::comma || before_ == TokenKind::lparen ||
                  next_significant() == TokenKind::rparen || !line_.comment.empty();
    if (empty() || !breaks) return;
    end_line();
    line_.continues = true;
  }

  void end_line() {
    line_.whole = starts_statement_ && !line_.continues && !line_.opens && parens_ == 0 &&
                  before_ != TokenKind::comma;
    lines_.push_back(std::move(line_));
    line_ = {};
    starts_statement_ = false;
  }

  // The first thing on a line decides its place.
  void begin_line(size_t indent) {
    bool after_open = lines_.empty() || lines_.back().opens;
    line_.blank_before = blank_ && !after_open && !line_.continues;
    line_.indent = indent;
    blank_ = false;
  }

  size_t indent() const { return 2 * depth_ + (line_.continues ? 2 : 0); }

  void comment(const Token& token) {
    std::string_view comment = spelling(text_, token);
    size_t begin = token.begin == 0 ? 0 : text_.rfind('\n', token.begin - 1) + 1;
    size_t column = width(text_.substr(begin, token.begin - begin));
    if (empty()) {
      begin_line(indent());
      line_.comment_follows = !line_.blank_before && !lines_.empty() && column > line_.indent &&
                              lines_.back().comment_column == column &&
                              (!lines_.back().text.empty() || lines_.back().comment_follows);
    }
    line_.comment = comment.substr(0, comment.find_last_not_of(" \t") + 1);
    line_.comment_column = column;
  }

  void put(const Token& token, bool space) {
    if (line_.text.empty()) {
      // A comment of its own before what goes on behind it, inside of parentheses.
      begin_line(token.kind == TokenKind::rparen ? 2 * depth_ : indent());
    } else if (space) {
      line_.text += ' ';
    }
    if (reached(notes_.starts, start_, token.begin) && line_.text.empty()) starts_statement_ = true;
    if (reached(notes_.arrows, arrow_, token.begin)) remember(line_.arrow);
    if (reached(notes_.unquoted, unquoted_, token.begin)) {
      line_.text += text_.substr(token.begin + 1, token.end - token.begin - 2);
      return;
    }
    for (char c : spelling(text_, token)) {
      if (c != '\r') line_.text += c;  // only a raw text holds line ends
    }
  }

  void open_block(const Token& token) {
    TokenKind next = tokens_[at_ + 1].kind;
    size_t i = at_ + 1;
    while (tokens_[i].kind == TokenKind::newline) ++i;
    line_.text += ' ';
    if (reached(notes_.blocks, block_, token.begin)) remember(line_.block);
    line_.text += '{';
    before_ = TokenKind::lbrace;
    if (tokens_[i].kind == TokenKind::rbrace) {
      line_.text += '}';
      before_ = TokenKind::rbrace;
      at_ = i;
      return;
    }
    bool in_line = next != TokenKind::newline && next != TokenKind::comment;
    in_line_.push_back(in_line);
    if (in_line) return;
    ++depth_;
    line_.opens = true;
  }

  void close_block(const Token& token) {
    bool in_line = in_line_.back();
    in_line_.pop_back();
    if (in_line) return put(token, true);
    --depth_;
    blank_ = false;
    put(token, true);
  }

  // Offsets come in order, so each list is walked once.
  static bool reached(const std::vector<uint32_t>& offsets, size_t& next, uint32_t at) {
    while (next < offsets.size() && offsets[next] < at) ++next;
    return next < offsets.size() && offsets[next] == at;
  }

  // Only that of the line's first statement counts: `host a { route / -> b }` has none.
  void remember(size_t& place) {
    if (in_line_.empty() || !in_line_.back()) place = line_.text.size();
  }

  std::string_view text_;
  const Notes& notes_;
  std::vector<Token> tokens_;
  std::vector<Line> lines_;
  std::vector<bool> in_line_;  // of the open blocks: does it stand on one line?
  Line line_;
  size_t at_ = 0, depth_ = 0, parens_ = 0;
  size_t start_ = 0, arrow_ = 0, block_ = 0, unquoted_ = 0;
  TokenKind before_ = TokenKind::newline;  // the token before, comments aside
  bool blank_ = false;
  bool starts_statement_ = false;
};

// One column for `place` of the lines [begin, end) that have it.
template <class Shift>
void align(std::vector<Line>& lines, size_t begin, size_t end, size_t Line::*place, Shift shift) {
  size_t column = 0;
  for (size_t i = begin; i < end; ++i) {
    const Line& line = lines[i];
    if (line.*place != kNowhere) column = std::max(column, width(line.text.substr(0, line.*place)));
  }
  for (size_t i = begin; i < end; ++i) {
    Line& line = lines[i];
    if (line.*place == kNowhere) continue;
    size_t missing = column - width(line.text.substr(0, line.*place));
    line.text.insert(line.*place, missing, ' ');
    shift(line, missing);
  }
}

void align_neighbours(std::vector<Line>& lines) {
  for (size_t begin = 0; begin < lines.size();) {
    auto aligned = [&](size_t i) { return lines[i].whole && lines[i].arrow != kNowhere; };
    if (!aligned(begin)) {
      ++begin;
      continue;
    }
    size_t end = begin + 1;
    while (end < lines.size() && aligned(end) && !lines[end].blank_before) ++end;
    align(lines, begin, end, &Line::arrow, [](Line& line, size_t by) {
      if (line.block != kNowhere) line.block += by;
    });
    align(lines, begin, end, &Line::block, [](Line&, size_t) {});
    begin = end;
  }
}

std::string print(const std::vector<Line>& lines, size_t size) {
  std::string out;
  out.reserve(size + size / 8);
  size_t comment_column = 0;  // where the comment before this one was put
  for (const Line& line : lines) {
    if (line.blank_before) out += '\n';
    size_t begin = out.size();
    if (!line.text.empty()) out.append(line.indent, ' ').append(line.text);
    if (!line.comment.empty()) {
      size_t have = width(last_line(std::string_view(out).substr(begin)));
      size_t column = !line.text.empty()     ? std::max(have + 1, line.comment_column)
                      : line.comment_follows ? comment_column
                                             : line.indent;
      out.append(column - have, ' ').append(line.comment);
      comment_column = column;
    }
    out += '\n';
  }
  return out;
}

}  // namespace

std::optional<std::string> format(const SourceMap& sources, SourceId source, diag::Sink& diags,
                                  const WantsText& wants_text) {
  size_t errors = diags.errors();
  Ast ast = parse(sources, source, diags);
  if (diags.errors() != errors) return std::nullopt;
  std::string_view text = sources.text(source);
  Notes notes = Notetaker(ast, wants_text).run();
  std::vector<Line> lines = Layout(text, notes).run();
  align_neighbours(lines);
  return print(lines, text.size());
}

}  // namespace sluice::syntax
