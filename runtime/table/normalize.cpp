#include "runtime/table/normalize.h"

#include <array>
#include <bit>
#include <cstring>

namespace sluice::table {
namespace {

enum Class : uint8_t {
  plain,  // stands as it is
  slash,
  percent,
  to_escape,  // "<>^`{|} : sent escaped by every engine
  forbidden,  // backslash, '#', control, space, not ASCII
};

constexpr std::array<uint8_t, 256> kClasses = [] {
  std::array<uint8_t, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    if (c < 0x21 || c > 0x7e || c == '\\' || c == '#') classes[static_cast<size_t>(c)] = forbidden;
  }
  for (char c : std::string_view("\"<>^`{|}")) classes[static_cast<uint8_t>(c)] = to_escape;
  classes['/'] = slash;
  classes['%'] = percent;
  return classes;
}();

Class class_of(char c) { return static_cast<Class>(kClasses[static_cast<uint8_t>(c)]); }

constexpr char kUpperHex[] = "0123456789ABCDEF";

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool unreserved(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Whether what follows a '/' makes the path not normal: another '/', or a dot segment (with or
// without `;`).
bool starts_odd_segment(std::string_view after) {
  if (after.empty()) return false;
  if (after[0] == '/') return true;
  if (after[0] != '.') return false;
  size_t at = after.size() > 1 && after[1] == '.' ? 2 : 1;
  return at == after.size() || after[at] == '/' || after[at] == ';';
}

bool forbidden_escape(int value) { return value == '/' || value == '\\' || value == 0; }

// An escape that stays as it is: its byte is not unreserved, its digits are in upper case.
bool is_normal_escape(std::string_view at) {
  if (at.size() < 3 || at[1] > 'F' || at[2] > 'F') return false;
  const int high = hex(at[1]), low = hex(at[2]);
  return high >= 0 && low >= 0 && !unreserved(high << 4 | low) &&
         !forbidden_escape(high << 4 | low);
}

bool is_normal(std::string_view raw) {
  for (size_t i = 0; i < raw.size(); ++i) {
    const Class c = class_of(raw[i]);
    if (c == plain) [[likely]]
      continue;
    if (c == slash) {
      if (starts_odd_segment(raw.substr(i + 1))) return false;
    } else if (c == percent && is_normal_escape(raw.substr(i))) {
      i += 2;
    } else {
      return false;
    }
  }
  return true;
}

// Appends to a caller's buffer; `full` once something did not fit.
struct Output {
  std::span<char> buffer;
  size_t size = 0;
  bool full = false;

  void put(char c) {
    if (size == buffer.size()) {
      full = true;
      return;
    }
    buffer[size++] = c;
  }
  void put_escape(int value) {
    put('%');
    put(kUpperHex[value >> 4]);
    put(kUpperHex[value & 15]);
  }
};

// Decodes one segment of `raw` from `at` on (up to '/' or the end) and moves `at` behind it.
PathFault decode_segment(std::string_view raw, size_t& at, Output& out) {
  for (; at < raw.size() && raw[at] != '/'; ++at) {
    const char c = raw[at];
    switch (class_of(c)) {
      case forbidden:
        return PathFault::forbidden_byte;
      case to_escape:
        out.put_escape(c);
        break;
      case percent: {
        const int high = at + 1 < raw.size() ? hex(raw[at + 1]) : -1;
        const int low = at + 2 < raw.size() ? hex(raw[at + 2]) : -1;
        if (high < 0 || low < 0) return PathFault::malformed_escape;
        const int value = high << 4 | low;
        if (forbidden_escape(value)) return PathFault::forbidden_escape;
        if (unreserved(value)) {
          out.put(static_cast<char>(value));
        } else {
          out.put_escape(value);
        }
        at += 2;
        break;
      }
      default:
        out.put(c);
    }
  }
  return PathFault::none;
}

// Escapes first, then empty segments, then dot segments: so the decoded segment is judged when it
// is whole.
NormalPath rewrite(std::string_view raw, std::span<char> buffer) {
  Output out{.buffer = buffer};
  for (size_t at = 0; at < raw.size();) {
    ++at;  // the '/'
    const size_t before = out.size;
    out.put('/');
    const size_t begin = out.size;
    if (const PathFault fault = decode_segment(raw, at, out); fault != PathFault::none)
      return {fault, {}};
    if (out.full) return {PathFault::too_long, {}};
    const std::string_view segment(buffer.data() + begin, out.size - begin);
    if (segment.starts_with(".;") || segment.starts_with("..;"))
      return {PathFault::dot_segment_param, {}};
    const bool last = at >= raw.size();
    if ((segment.empty() && !last) || segment == ".") {
      out.size = before;
    } else if (segment == "..") {
      out.size = before;
      while (out.size > 0 && buffer[--out.size] != '/') {
      }
    }
  }
  if (out.size == 0) out.put('/');
  if (out.full) return {PathFault::too_long, {}};
  return {PathFault::none, {buffer.data(), out.size}};
}

constexpr std::array<char, 256> kHostBytes = [] {
  std::array<char, 256> bytes{};  // 0: may not stand in a host; else what it becomes
  for (char c : std::string_view("abcdefghijklmnopqrstuvwxyz0123456789-._~!$%&'()*+,;=")) {
    bytes[static_cast<uint8_t>(c)] = c;
  }
  for (uint8_t c = 'A'; c <= 'Z'; ++c) bytes[c] = static_cast<char>(c | 0x20);
  return bytes;
}();

NormalHost normalize_literal(std::string_view raw, std::span<char> buffer) {  // "[fd00::1]:80"
  const size_t close = raw.find(']');
  if (close == std::string_view::npos || close < 2 || close > 100)
    return {HostFault::malformed, {}};
  if (close + 1 < raw.size() && raw[close + 1] != ':') return {HostFault::malformed, {}};
  for (size_t i = 0; i <= close; ++i) {
    const char c = raw[i];
    if (i != 0 && i != close && hex(c) < 0 && c != ':' && c != '.')
      return {HostFault::malformed, {}};
    buffer[i] = c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
  }
  return {HostFault::none, {buffer.data(), close + 1}};
}

bool scheme_byte(char c) { return unreserved(c) ? c != '_' && c != '~' : c == '+'; }

}  // namespace

const char* describe(PathFault fault) {
  switch (fault) {
    case PathFault::none:
      return "normal";
    case PathFault::malformed_escape:
      return "a malformed escape in the path";
    case PathFault::forbidden_escape:
      return "%2F, %5C or %00 in the path";
    case PathFault::forbidden_byte:
      return "a byte in the path that may not stand there";
    case PathFault::dot_segment_param:
      return "a dot segment followed by ';' in the path";
    case PathFault::too_long:
      return "the path is too long";
  }
  return "";
}

Target split_target(std::string_view target) {
  if (target.find('#') != std::string_view::npos) return {};
  if (target == "*")
    return {.form = TargetForm::asterisk, .authority = {}, .path = target, .query = {}};
  Target result;
  std::string_view rest = target;
  if (target.starts_with('/')) {
    result.form = TargetForm::origin;
  } else {
    const size_t colon = target.find("://");
    if (colon == std::string_view::npos || colon == 0) return {};
    for (char c : target.substr(0, colon)) {
      if (!scheme_byte(c)) return {};
    }
    rest = target.substr(colon + 3);
    const size_t end = rest.find_first_of("/?");
    result.authority = rest.substr(0, end);
    if (result.authority.empty()) return {};
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    result.form = TargetForm::absolute;
  }
  const size_t question = rest.find('?');
  result.path = rest.substr(0, question);
  if (question != std::string_view::npos) result.query = rest.substr(question);
  if (result.path.empty()) result.path = "/";
  return result;
}

NormalPath normalize_path(std::string_view raw, std::span<char> buffer) {
  if (raw.empty() || raw[0] != '/') return {PathFault::forbidden_byte, {}};
  if (is_normal(raw)) return {PathFault::none, raw};
  return rewrite(raw, buffer);
}

NormalHost normalize_host(std::string_view raw, std::span<char> buffer) {
  if (raw.empty() || raw[0] == ':') return {HostFault::missing, {}};
  if (raw[0] == '[') return normalize_literal(raw, buffer);
  const std::string_view name = without_port(raw);
  if (name.size() > kMaxHostText || name.size() > buffer.size()) return {HostFault::malformed, {}};
  if (raw.find(':', name.size() + 1) != std::string_view::npos) return {HostFault::malformed, {}};
  bool changed = false;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = kHostBytes[static_cast<uint8_t>(name[i])];
    if (c == 0) return {HostFault::malformed, {}};
    changed |= c != name[i];
    buffer[i] = c;
  }
  return {HostFault::none, changed ? std::string_view(buffer.data(), name.size()) : name};
}

std::string_view without_port(std::string_view raw_host) {
  if (raw_host.starts_with('[')) {
    const size_t close = raw_host.find(']');
    return close == std::string_view::npos ? raw_host : raw_host.substr(0, close + 1);
  }
  return raw_host.substr(0, raw_host.find(':'));
}

std::string_view strip_prefix(std::string_view path, std::string_view prefix) {
  if (prefix.size() <= 1 || !has_prefix(path, prefix)) return path;
  // has_prefix saw a '/' behind the prefix, so a path that only it holds is "/", found inside the
  // prefix.
  return path.size() == prefix.size() ? path.substr(0, 1) : path.substr(prefix.size());
}

int path_order(std::string_view a, std::string_view b) {
  const size_t common = a.size() < b.size() ? a.size() : b.size();
  size_t at = 0;
  for (; at + 8 <= common; at += 8) {
    uint64_t left, right;
    std::memcpy(&left, a.data() + at, 8);
    std::memcpy(&right, b.data() + at, 8);
    if (left != right) {
      at +=
          static_cast<size_t>(std::countr_zero(left ^ right)) / 8;  // little-endian, as the format
      break;
    }
  }
  while (at < common && a[at] == b[at]) ++at;
  if (at == common) return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
  const int left = a[at] == '/' ? -1 : static_cast<uint8_t>(a[at]);
  const int right = b[at] == '/' ? -1 : static_cast<uint8_t>(b[at]);
  return left < right ? -1 : 1;
}

bool has_prefix(std::string_view path, std::string_view prefix) {
  if (prefix.size() == 1) return true;  // "/"
  if (path.size() < prefix.size() || std::memcmp(path.data(), prefix.data(), prefix.size()) != 0)
    return false;
  return path.size() == prefix.size() || path[prefix.size()] == '/';
}

}  // namespace sluice::table
