#include "compiler/sema/types.h"

#include <fmt/format.h>

#include <charconv>

#include "compiler/diag/catalog.gen.h"

namespace sluice::sema {
namespace {

template <class T>
std::optional<T> number(std::string_view text) {
  T result{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return result;
}

struct Unit {
  std::string_view name;
  uint64_t factor;
};

// `1m30s`: numbers each followed by a unit, from large to small.
std::optional<uint64_t> with_units(std::string_view text, std::initializer_list<Unit> units) {
  uint64_t sum = 0;
  auto unit = units.begin();
  if (text.empty()) return {};
  while (!text.empty()) {
    size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || digits > 9) return {};
    uint64_t count = *number<uint64_t>(text.substr(0, digits));
    text.remove_prefix(digits);
    size_t letters = std::min(text.find_first_of("0123456789"), text.size());
    while (unit != units.end() && unit->name != text.substr(0, letters)) ++unit;
    if (unit == units.end()) return {};
    sum += count * unit->factor;
    ++unit;
    text.remove_prefix(letters);
  }
  return sum;
}

}  // namespace

void note_origin(diag::Diagnostic& diagnostic, const Value& value) {
  if (value.use.known() && value.use != value.at && value.at.known()) {
    diagnostic.note("the value is written here", value.at);
  }
}

diag::Diagnostic& wrong_type(const Value& value, std::string_view type, std::string_view hint,
                             diag::Sink& diags) {
  Span span = value.use.known() ? value.use : value.at;
  if (value.secret) {
    return diags.emit(diag::SecretAsText{.name = value.secret->name}, span);
  }
  diag::Diagnostic& d =
      diags.emit(diag::WrongType{.type = type, .found = value.text, .hint = hint}, span);
  note_origin(d, value);
  return d;
}

std::optional<uint32_t> read_int(const Value& value, uint32_t low, uint32_t high,
                                 diag::Sink& diags) {
  auto result = number<uint32_t>(value.text);
  if (result && *result >= low && *result <= high) return result;
  wrong_type(value,
             high == UINT32_MAX ? std::string("a number")
                                : fmt::format("a number from {} to {}", low, high),
             "", diags);
  return {};
}

std::optional<Rate> read_rate(const Value& value, diag::Sink& diags) {
  std::string_view text = value.text;
  size_t slash = text.find('/');
  auto count = number<uint32_t>(text.substr(0, slash));
  if (count && *count > 0 && slash != std::string_view::npos && slash + 2 == text.size()) {
    switch (text.back()) {
      case 's':
        return Rate{*count, 1};
      case 'm':
        return Rate{*count, 60};
      case 'h':
        return Rate{*count, 3600};
      default:
        break;
    }
  }
  wrong_type(value, "a rate such as 100/m", count && *count > 0 ? fmt::format("{}/s", *count) : "",
             diags);
  return {};
}

std::optional<uint32_t> read_percent(const Value& value, diag::Sink& diags) {
  std::string_view text = value.text;
  if (text.ends_with('%')) {
    text.remove_suffix(1);
    size_t dot = text.find('.');
    auto whole = number<uint32_t>(text.substr(0, dot));
    std::optional<uint32_t> part = 0;
    if (dot != std::string_view::npos) {
      part = text.size() == dot + 3 ? number<uint32_t>(text.substr(dot + 1)) : std::nullopt;
    }
    if (whole && part && *whole <= 100 && *whole * 100 + *part <= 10000)
      return *whole * 100 + *part;
  }
  wrong_type(value, "a percentage, whole or with two decimals", "", diags);
  return {};
}

std::optional<uint64_t> read_duration(const Value& value, diag::Sink& diags) {
  auto result = with_units(value.text,
                           {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}});
  if (result) return result;
  wrong_type(value, "a duration", number<uint32_t>(value.text) ? value.text + "s" : "", diags);
  return {};
}

std::optional<uint64_t> read_size(const Value& value, diag::Sink& diags) {
  auto result =
      with_units(value.text, {{"gb", 1U << 30}, {"mb", 1U << 20}, {"kb", 1U << 10}, {"b", 1}});
  if (result) return result;
  wrong_type(value, "a size", number<uint32_t>(value.text) ? value.text + "kb" : "", diags);
  return {};
}

bool is_label(std::string_view text, size_t limit) {
  if (text.empty() || text.size() > limit || text.front() == '-' || text.back() == '-')
    return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::optional<std::string> read_name(const Value& value, diag::Sink& diags) {
  if (!value.secret && is_label(value.text, 63)) return value.text;
  wrong_type(value, "a name of lower-case letters, digits and `-`", "", diags);
  return {};
}

std::optional<std::string> read_email(const Value& value, diag::Sink& diags) {
  size_t at = value.text.find('@');
  if (!value.secret && at != std::string::npos && at > 0 &&
      value.text.find_first_of(" \t\r\n<>", 0) == std::string::npos &&
      parse_host(std::string_view(value.text).substr(at + 1)).first) {
    return value.text;
  }
  wrong_type(value, "an e-mail address", "", diags);
  return {};
}

std::optional<std::string> read_header_name(const Value& value, diag::Sink& diags) {
  bool token = !value.secret && !value.text.empty() && value.text.size() <= 128;
  for (char c : value.text) {
    bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    token =
        token && plain;  // `_` is folded with `-` by many upstreams, so it is no header name here
  }
  if (token) return value.text;
  wrong_type(value, "a header name", "", diags);
  return {};
}

std::optional<ServiceName> read_service(const Value& value, diag::Sink& diags) {
  std::string_view text = value.text;
  ServiceName result;
  size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    result.name_space = std::string(text.substr(0, slash));
    text.remove_prefix(slash + 1);
  }
  size_t colon = text.find(':');
  const uint16_t port = colon == std::string_view::npos
                            ? uint16_t{0}
                            : number<uint16_t>(text.substr(colon + 1)).value_or(0);
  result.name = text.substr(0, colon);
  if (!value.secret && port > 0 && is_label(result.name, 63) &&
      (!result.name_space || is_label(*result.name_space, 63))) {
    result.port = port;
    return result;
  }
  wrong_type(value, "a service, [NAMESPACE/]NAME:PORT", "", diags);
  return {};
}

}  // namespace sluice::sema
