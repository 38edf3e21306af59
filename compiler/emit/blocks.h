// Indented blocks: lines of tokens, braces, comments, as a Caddyfile is written. The spelling is
// that of `caddy fmt` (tabs, `{` at the line's end), so formatting an artifact changes nothing.
// Tokens given to line() are quoted where the lexer of the Caddyfile needs it; braces in them keep
// their meaning as placeholders. Text in which a brace is just a brace goes through literal()
// first.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::emit {

class Blocks {
 public:
  Blocks& line(std::initializer_list<std::string_view> tokens);
  Blocks& line(const std::vector<std::string>& tokens);
  Blocks& open(std::initializer_list<std::string_view> tokens);  // … {
  Blocks& open(const std::vector<std::string>& tokens);
  // Addresses of a site, one a line: `a, b, c {`.
  Blocks& open_list(const std::vector<std::string>& items);
  Blocks& close();
  Blocks& comment(std::string_view text);
  Blocks& blank();                      // one empty line, never two and none after `{`
  Blocks& append(const Blocks& other);  // its lines, indented as far as this stands

  bool empty() const { return lines_.empty(); }
  std::string text() const;

 private:
  struct Line {
    int depth;
    std::string text;
  };
  std::vector<Line> lines_;
  int depth_ = 0;
};

// One token: bare, `quoted` or "quoted".
std::string token(std::string_view text);
// Text for a directive that expands placeholders, such that none is expanded.
std::string literal(std::string_view text);

}  // namespace sluice::emit
