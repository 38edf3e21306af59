#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {
namespace {

// A rule's argument: between backquotes as it stands, else as a Go string.
std::string argument(std::string_view text) {
  if (text.find('`') == std::string_view::npos) return '`' + std::string(text) + '`';
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c - 'a' + 10;
}

// Traefik compares with the escapes of everything but reserved characters decoded
// (meaning-matching, section 3).
std::string as_compared(std::string_view path) {
  static constexpr std::string_view kReserved = ":/?#[]@!$&'()*+,;=%";
  std::string result;
  for (size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '%' || at + 2 >= path.size()) {
      result += path[at];
      continue;
    }
    char byte = static_cast<char>(hex(path[at + 1]) << 4 | hex(path[at + 2]));
    if (kReserved.find(byte) == std::string_view::npos) {
      result += byte;
    } else {
      result += path.substr(at, 3);
    }
    at += 2;
  }
  return result;
}

}  // namespace

std::string regex_escape(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string host_match(const plan::HostPattern& pattern) {
  switch (pattern.kind) {
    case plan::HostKind::exact:
      return "Host(`" + pattern.name + "`)";
    case plan::HostKind::one_label:
      return "HostRegexp(`^[^.]+\\." + regex_escape(pattern.name) + "$`)";
    case plan::HostKind::any_depth:
      return "HostRegexp(`^(?:[^.]+\\.)+" + regex_escape(pattern.name) + "$`)";
    case plan::HostKind::any:
      return "PathPrefix(`/`)";
  }
  return {};
}

std::string path_match(const plan::PathMatch& path) {
  switch (path.kind) {
    case plan::PathKind::exact:
      return "Path(" + argument(as_compared(path.text)) + ")";
    case plan::PathKind::regex:
      return "PathRegexp(" + argument(path.text) + ")";
    case plan::PathKind::prefix:
      break;
  }
  if (path.text == "/") return {};
  std::string text = as_compared(path.text);
  return "(Path(" + argument(text) + ") || PathPrefix(" + argument(text + "/") + "))";
}

std::string dashed(const plan::HostPattern& pattern) {
  std::string result;
  for (char c : to_string(pattern)) {
    if (c == '.') {
      result += '-';
    } else if (c == '*') {
      if (!result.ends_with("wildcard")) result += "wildcard";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace sluice::targets::traefik
