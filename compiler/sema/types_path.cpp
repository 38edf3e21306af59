// Paths in their normal form (meaning-matching C2, C3) and regexes over them (C4).
#include <fmt/format.h>
#include <re2/re2.h>

#include <unordered_map>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

constexpr std::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/";
constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The escaped spelling, or a reason.
std::pair<std::string, std::string> escaped_path(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == '%') {
      int high = i + 1 < text.size() ? hex(text[i + 1]) : -1,
          low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
      if (high < 0 || low < 0) return {"", "a `%` is not followed by two hex digits"};
      c = static_cast<unsigned char>(high * 16 + low);
      i += 2;
      if (c == '/' || c == '\\' || c == 0)
        return {"", "an escaped `/`, `\\` or NUL is refused everywhere"};
      if (kUnreserved.find(static_cast<char>(c)) != std::string_view::npos) {
        return {"", fmt::format("`{}` needs no escape", static_cast<char>(c))};
      }
      result += fmt::format("%{:02X}", c);
    } else if (c == '?' || c == '#') {
      return {"", "the query is not part of a path"};
    } else if (c < 0x20 || c == 0x7f || c == '\\') {
      return {"", "it has a control character or a backslash"};
    } else if (kPlain.find(static_cast<char>(c)) != std::string_view::npos) {
      result += static_cast<char>(c);
    } else {
      result += fmt::format("%{:02X}", c);
    }
  }
  return {result, ""};
}

std::string path_fault(std::string_view path, bool prefix) {
  if (path.empty() || path.front() != '/') return "it begins with `/`";
  if (path.find("//") != std::string_view::npos) return "it has an empty segment";
  for (size_t at = 1; at < path.size();) {
    size_t end = std::min(path.find('/', at), path.size());
    std::string_view segment = path.substr(at, end - at);
    std::string_view name = segment.substr(0, segment.find(';'));
    if (name == "." || name == "..") return "it has a dot segment";
    at = end + 1;
  }
  if (prefix && path.size() > 1 && path.back() == '/') return "a prefix does not end in `/`";
  return "";
}

}  // namespace

std::optional<std::string> read_path(const Value& value, bool prefix, diag::Sink& diags) {
  if (value.secret) return wrong_type(value, "a path", "", diags), std::nullopt;
  auto [path, why] = escaped_path(value.text);
  if (why.empty()) why = path_fault(path, prefix);
  if (why.empty()) return path;
  diag::Diagnostic& d = diags.emit(diag::BadPath{.path = value.text, .why = why}, value.use);
  note_origin(d, value);
  if (prefix && path.size() > 1 && path.back() == '/' && value.use == value.at) {
    std::string mended = value.text.substr(0, value.text.find_last_not_of('/') + 1);
    d.fix(fmt::format("write `{}`", mended), value.use, mended);
  }
  return {};
}

std::optional<std::string> read_regex(const Value& value, diag::Sink& diags) {
  if (value.secret) return wrong_type(value, "a regex", "", diags), std::nullopt;
  static thread_local std::unordered_map<std::string, std::string>
      known;  // text to fault, "" when right
  auto [entry, fresh] = known.try_emplace(value.text);
  if (fresh) {
    RE2::Options options(RE2::Quiet);
    options.set_max_mem(1 << 20);
    RE2 regex(value.text, options);
    if (!regex.ok())
      entry->second = regex.error();
    else if (!value.text.starts_with('^'))
      entry->second = "it does not begin with `^`";
    else if (value.text.find('%') != std::string::npos)
      entry->second = "it names a `%`";
    else if (value.text.find_first_of("\"<>#` ") != std::string::npos)
      entry->second = "it names a character that stands escaped in a path";
  }
  if (entry->second.empty()) return value.text;
  note_origin(diags.emit(diag::BadRegex{.why = entry->second}, value.use), value);
  return {};
}

}  // namespace sluice::sema
