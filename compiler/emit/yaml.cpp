#include "compiler/emit/yaml.h"

#include <algorithm>
#include <array>

namespace sluice::emit {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Whether some reader takes the bare word for a number, a date or a base-60 number: anything that
// begins like a number and holds nothing but what numbers hold. Addresses (10.0.0.1) are quoted for
// nothing only when they could be a float; two dots cannot.
bool looks_like_number(std::string_view s) {
  std::string_view rest = s;
  if (rest.front() == '+' || rest.front() == '-') rest.remove_prefix(1);
  if (rest.empty()) return true;
  if (!digit(rest.front()) && rest.front() != '.') return false;
  if (rest.starts_with("0x") || rest.starts_with("0o") || rest.starts_with("0b")) return true;
  bool only = std::all_of(rest.begin(), rest.end(), [](char c) {
    return digit(c) || c == '.' || c == '_' || c == ':' || c == '-' || c == '+' || c == 'e' ||
           c == 'E';
  });
  return only && std::count(rest.begin(), rest.end(), '.') < 2;
}

bool reserved(std::string_view s) {
  static constexpr std::array<std::string_view, 15> kWords = {"y",    "n",    "yes",   "no",   "on",
                                                              "off",  "true", "false", "null", "~",
                                                              ".nan", ".inf", "-.inf", "<<",   "="};
  std::string lower(s);
  for (char& c : lower) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c + 32) : c;
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

bool bare(std::string_view s) {
  if (s.empty() || reserved(s) || looks_like_number(s)) return false;
  char first = s.front();
  if (!letter(first) && !digit(first) && first != '/' && first != '.' && first != '_' &&
      first != '+' && first != '^' && first != '$' && first != '(' && first != '-') {
    return false;
  }
  if (first == '-' && (s.size() == 1 || s[1] == ' ' || s[1] == '-')) return false;
  if (s.back() == ' ' || s.back() == ':') return false;
  for (size_t at = 0; at < s.size(); ++at) {
    auto c = static_cast<unsigned char>(s[at]);
    if (c < 0x20 || c >= 0x7f) return false;
    if (c == ':' && s[at + 1] == ' ') return false;
    if (c == '#' && at > 0 && s[at - 1] == ' ') return false;
  }
  return true;
}

std::string in_flow(std::string_view s) {  // inside [ ], these end a bare word
  return s.find_first_of(",[]{}") == std::string_view::npos ? quote(s)
                                                            : '\'' + std::string(s) + '\'';
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  size_t at = 0;
  while (at <= text.size()) {
    size_t end = std::min(text.find('\n', at), text.size());
    lines.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::string quote(std::string_view s) {
  if (bare(s)) return std::string(s);
  bool plain_bytes = std::all_of(s.begin(), s.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  std::string result;
  if (plain_bytes && s.find_first_of("\\\"") != std::string_view::npos) {
    result = "'";
    for (char c : s) result += c == '\'' ? std::string("''") : std::string(1, c);
    return result + "'";
  }
  result = "\"";
  for (char c : s) {
    switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\t':
        result += "\\t";
        break;
      case '\r':
        result += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          static constexpr char kHex[] = "0123456789abcdef";
          result += "\\x";
          result += kHex[(c >> 4) & 0xf];
          result += kHex[c & 0xf];
        } else {
          result += c;  // UTF-8 stands as it is
        }
    }
  }
  return result + "\"";
}

Yaml& Yaml::operator[](std::string_view key) {
  if (std::holds_alternative<std::monostate>(value_)) value_ = Map{};
  Map& entries = std::get<Map>(value_);
  for (auto& [name, value] : entries) {
    if (name == key) return value;
  }
  entries.emplace_back(std::string(key), Yaml());
  return entries.back().second;
}

Yaml& Yaml::push(Yaml item) {
  if (std::holds_alternative<std::monostate>(value_)) value_ = List{};
  List& items = std::get<List>(value_);
  items.push_back(std::move(item));
  return items.back();
}

Yaml& Yaml::comment(std::string text) {
  comment_ = std::move(text);
  return *this;
}

size_t Yaml::size() const {
  if (const Map* entries = std::get_if<Map>(&value_)) return entries->size();
  if (const List* items = std::get_if<List>(&value_)) return items->size();
  return 0;
}

bool Yaml::empty() const {
  return std::holds_alternative<std::monostate>(value_) ||
         ((std::holds_alternative<Map>(value_) || std::holds_alternative<List>(value_)) &&
          size() == 0);
}

Yaml map(std::initializer_list<Yaml::Entry> entries) {
  Yaml result;
  result.value_ = Yaml::Map(entries);
  return result;
}

Yaml list(std::initializer_list<Yaml> items) {
  Yaml result;
  result.value_ = Yaml::List(items);
  return result;
}

Yaml list(const std::vector<std::string>& items) {
  Yaml result;
  result.value_ = Yaml::List(items.begin(), items.end());
  return result;
}

Yaml flow(const std::vector<std::string>& items) {
  Yaml result = list(items);
  result.flow_ = true;
  return result;
}

Yaml block(std::string text) {
  std::string_view chomp = "-";
  if (text.ends_with("\n")) {
    chomp = text.ends_with("\n\n") ? "+" : "";
    text.pop_back();
  }
  Yaml result;
  // A first line that begins with a blank would need an indentation indicator: say it in quotes
  // instead.
  if (text.empty() || text.front() == ' ' || text.front() == '\n') {
    result.value_ = text + (chomp == "-" ? "" : "\n");
    return result;
  }
  result.value_ = Yaml::Text{lines_of(text), '|', chomp};
  return result;
}

Yaml folded(std::vector<std::string> lines) {
  if (lines.size() == 1) return Yaml(std::move(lines.front()));
  Yaml result;
  result.value_ = Yaml::Text{std::move(lines), '>', "-"};
  return result;
}

struct Yaml::Writer {
  std::string out;

  void comment(const std::string& text, size_t indent) {
    if (text.empty()) return;
    for (const std::string& line : lines_of(text)) {
      out.append(indent, ' ');
      out += line.empty() ? "#" : "# " + line;
      out += '\n';
    }
  }

  // What follows "key:" or "-", up to and with the line end. `column` is where nested lines begin.
  void value(const Yaml& node, size_t column, bool after_dash) {
    if (const Map* entries = std::get_if<Map>(&node.value_)) {
      if (entries->empty()) return void(out += " {}\n");
      if (!after_dash) out += '\n';
      bool first = after_dash;
      for (const auto& [key, child] : *entries) {
        if (first) {
          out += ' ';  // stands behind the dash; its comment was written above it
        } else {
          comment(child.comment_, column);
          out.append(column, ' ');
        }
        first = false;
        out += quote(key) + ':';
        value(child, column + 2, false);
      }
    } else if (const List* items = std::get_if<List>(&node.value_)) {
      if (items->empty()) return void(out += " []\n");
      if (node.flow_) return flow_list(*items);
      out += '\n';
      for (const Yaml& item : *items) {
        comment(item.comment_, column);
        const Map* inner = std::get_if<Map>(&item.value_);
        if (inner != nullptr && !inner->empty()) comment(inner->front().second.comment_, column);
        out.append(column, ' ');
        out += '-';
        value(item, column + 2, true);
      }
    } else if (const Text* text = std::get_if<Text>(&node.value_)) {
      out += ' ';
      out += text->style;
      out += text->chomp;
      out += '\n';
      for (const std::string& line : text->lines) {
        if (!line.empty()) out.append(column, ' ');
        out += line + '\n';
      }
    } else {
      out += ' ' + scalar(node) + '\n';
    }
  }

  void flow_list(const List& items) {
    out += " [";
    for (size_t at = 0; at < items.size(); ++at) {
      if (at > 0) out += ", ";
      out += in_flow(std::get<std::string>(items[at].value_));
    }
    out += "]\n";
  }

  static std::string scalar(const Yaml& node) {
    if (const bool* flag = std::get_if<bool>(&node.value_)) return *flag ? "true" : "false";
    if (const int64_t* number = std::get_if<int64_t>(&node.value_)) return std::to_string(*number);
    if (const std::string* text = std::get_if<std::string>(&node.value_)) return quote(*text);
    return "null";
  }
};

std::string write(const Yaml& document, std::string_view heading) {
  Yaml::Writer writer;
  writer.comment(std::string(heading), 0);
  writer.value(document, 0, false);
  // A map or list begins on a line of its own, which the top of a document does not need.
  size_t body = 0;
  for (; writer.out.compare(body, 1, "#") == 0; body = writer.out.find('\n', body) + 1) {
  }
  if (writer.out.compare(body, 1, "\n") == 0 || writer.out.compare(body, 1, " ") == 0) {
    writer.out.erase(body, 1);
  }
  return std::move(writer.out);
}

}  // namespace sluice::emit
