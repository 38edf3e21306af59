#include "compiler/emit/blocks.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace sluice::emit {

// The lexer (caddyconfig/caddyfile/lexer.go, 2.11): a token ends at a blank; `#` begins a comment
// only at its start; between double quotes a backslash is itself unless a quote follows; backquotes
// keep all.
std::string token(std::string_view text) {
  bool needs = text.empty() || text == "{" || text == "}" || text.starts_with("<<") ||
               text.find_first_of(" \t\r\n\"`") != std::string_view::npos || text.front() == '#' ||
               text.back() == '\\' || (text.size() > 1 && text.back() == '{');
  if (!needs) return std::string(text);
  bool backquote = text.find('`') != std::string_view::npos;
  bool awkward =
      text.find('\\') != std::string_view::npos || text.find('"') != std::string_view::npos;
  if (awkward && !backquote) return '`' + std::string(text) + '`';
  if (!awkward || (text.find("\\\"") == std::string_view::npos && text.back() != '\\')) {
    std::string result = "\"";
    for (char c : text) {
      if (c == '"') result += '\\';
      result += c;
    }
    return result + '"';
  }
  // Both kinds of quotes and a backslash before one: only a heredoc takes it.
  std::string mark = "SLUICE";
  while (text.find(mark) != std::string_view::npos) mark += 'X';
  return "<<" + mark + '\n' + std::string(text) + '\n' + mark;
}

std::string literal(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '{' || text[at] == '}') result += '\\';
    result += text[at];
    // `{$` would be an environment variable, read before anything else: an empty placeholder parts
    // them.
    if (text[at] == '{' && at + 1 < text.size() && text[at + 1] == '$') result += "{vars.nothing}";
  }
  return result;
}

namespace {

template <class Tokens>
std::string joined(const Tokens& tokens) {
  std::string result;
  for (const auto& word : tokens) {
    if (!result.empty()) result += ' ';
    result += token(word);
  }
  return result;
}

}  // namespace

Blocks& Blocks::line(std::initializer_list<std::string_view> tokens) {
  lines_.push_back({depth_, joined(tokens)});
  return *this;
}

Blocks& Blocks::line(const std::vector<std::string>& tokens) {
  lines_.push_back({depth_, joined(tokens)});
  return *this;
}

Blocks& Blocks::open(std::initializer_list<std::string_view> tokens) {
  std::string text = joined(tokens);
  lines_.push_back({depth_++, text.empty() ? "{" : text + " {"});
  return *this;
}

Blocks& Blocks::open(const std::vector<std::string>& tokens) {
  std::string text = joined(tokens);
  lines_.push_back({depth_++, text.empty() ? "{" : text + " {"});
  return *this;
}

Blocks& Blocks::open_list(const std::vector<std::string>& items) {
  SLUICE_CHECK(!items.empty(), "a block has an address");
  for (size_t at = 0; at + 1 < items.size(); ++at)
    lines_.push_back({depth_, token(items[at]) + ","});
  return open({items.back()});
}

Blocks& Blocks::close() {
  lines_.push_back({--depth_, "}"});
  return *this;
}

Blocks& Blocks::comment(std::string_view text) {
  for (size_t at = 0; at <= text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    lines_.push_back({depth_, end == at ? "#" : "# " + std::string(text.substr(at, end - at))});
    at = end + 1;
  }
  return *this;
}

Blocks& Blocks::blank() {
  if (!lines_.empty() && !lines_.back().text.empty() && !lines_.back().text.ends_with('{')) {
    lines_.push_back({0, ""});
  }
  return *this;
}

Blocks& Blocks::append(const Blocks& other) {
  for (const Line& line : other.lines_) lines_.push_back({line.depth + depth_, line.text});
  return *this;
}

std::string Blocks::text() const {
  std::string result;
  for (const Line& line : lines_) {
    if (!line.text.empty()) result.append(static_cast<size_t>(line.depth), '\t');
    result += line.text + '\n';
  }
  return result;
}

}  // namespace sluice::emit
