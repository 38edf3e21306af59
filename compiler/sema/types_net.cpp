// Host names (IDNA through libidn2), addresses, CIDRs and URLs.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <idn2.h>

#include <charconv>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

std::optional<uint16_t> port_number(std::string_view text) {
  uint16_t result = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || result == 0)
    return {};
  return result;
}

// Lower case, A-labels; empty and a reason when it is no name.
std::pair<std::string, std::string> ascii_name(std::string_view text) {
  std::string name;
  bool plain = true;
  for (char c : text) {
    plain = plain && static_cast<unsigned char>(c) < 0x80;
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (!plain) {
    char* out = nullptr;
    int code = idn2_to_ascii_8z(name.c_str(), &out, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code != IDN2_OK) return {"", idn2_strerror(code)};
    name = out;
    idn2_free(out);
  }
  if (name.empty()) return {"", "it is empty"};
  if (name.size() > 253) return {"", "it is longer than 253 letters"};
  if (name.back() == '.') return {"", "it ends in a dot"};
  for (size_t at = 0; at <= name.size();) {
    size_t end = std::min(name.find('.', at), name.size());
    std::string_view label = std::string_view(name).substr(at, end - at);
    if (label.empty()) return {"", "it has an empty label"};
    if (label.find(':') != std::string_view::npos) return {"", "hosts carry no port"};
    if (label.find('/') != std::string_view::npos) return {"", "it has a `/`"};
    if (label.find('*') != std::string_view::npos)
      return {"", "`*.` and `**.` stand at the beginning only"};
    if (!is_label(label, 63))
      return {"", fmt::format("`{}` is no label of letters, digits and `-`", label)};
    at = end + 1;
  }
  return {name, ""};
}

std::optional<std::string> ip_text(int family, const void* bytes) {
  char buffer[INET6_ADDRSTRLEN];
  return inet_ntop(family, bytes, buffer, sizeof buffer);
}

}  // namespace

std::pair<std::optional<plan::HostPattern>, std::string> parse_host(std::string_view text) {
  using enum plan::HostKind;
  plan::HostPattern pattern;
  if (text == "*") return {plan::HostPattern{any, ""}, ""};
  if (text.starts_with("**."))
    pattern.kind = any_depth, text.remove_prefix(3);
  else if (text.starts_with("*."))
    pattern.kind = one_label, text.remove_prefix(2);
  auto [name, why] = ascii_name(text);
  if (name.empty()) return {std::nullopt, why};
  unsigned char four[4];
  if (inet_pton(AF_INET, name.c_str(), four) == 1) return {std::nullopt, "it is an address"};
  pattern.name = std::move(name);
  return {std::move(pattern), ""};
}

std::optional<plan::HostPattern> read_host(const Value& value, diag::Sink& diags) {
  if (value.secret) return wrong_type(value, "a host name", "", diags), std::nullopt;
  auto [pattern, why] = parse_host(value.text);
  if (!pattern)
    note_origin(diags.emit(diag::BadHost{.name = value.text, .why = why}, value.use), value);
  return pattern;
}

std::optional<std::string> parse_cidr(std::string_view text) {
  size_t slash = text.find('/');
  std::string address(text.substr(0, slash));
  unsigned char bytes[16];
  int family = inet_pton(AF_INET, address.c_str(), bytes) == 1    ? AF_INET
               : inet_pton(AF_INET6, address.c_str(), bytes) == 1 ? AF_INET6
                                                                  : 0;
  if (family == 0) return {};
  unsigned width = family == AF_INET ? 32 : 128, length = width;
  if (slash != std::string_view::npos) {
    std::string_view tail = text.substr(slash + 1);
    auto [end, error] = std::from_chars(tail.data(), tail.data() + tail.size(), length);
    if (tail.empty() || error != std::errc{} || end != tail.data() + tail.size() || length > width)
      return {};
  }
  for (unsigned bit = length; bit < width; ++bit) {
    bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] & ~(0x80U >> (bit % 8)));
  }
  return fmt::format("{}/{}", *ip_text(family, bytes), length);
}

std::optional<std::string> read_cidr(const Value& value, diag::Sink& diags) {
  auto canonical = value.secret ? std::nullopt : parse_cidr(value.text);
  if (!canonical)
    return wrong_type(value, "an address range such as 10.0.0.0/8", "", diags), std::nullopt;
  // A range whose host bits are not zero is a single address or a smaller range mistyped.
  std::string written =
      value.text.find('/') == std::string::npos
          ? canonical->substr(0, canonical->find('/'))
          : canonical->substr(0, canonical->find('/')) + value.text.substr(value.text.find('/'));
  auto address = parse_cidr(value.text.substr(0, value.text.find('/')));
  if (address &&
      address->substr(0, address->find('/')) != canonical->substr(0, canonical->find('/'))) {
    wrong_type(value, "an address range without further bits", written, diags);
    return {};
  }
  return canonical;
}

std::optional<std::string> read_ip(const Value& value, diag::Sink& diags) {
  auto canonical = value.text.find('/') == std::string::npos && !value.secret
                       ? parse_cidr(value.text)
                       : std::nullopt;
  if (!canonical) return wrong_type(value, "an IP address", "", diags), std::nullopt;
  return canonical->substr(0, canonical->find('/'));
}

std::optional<Url> read_url(const Value& value, diag::Sink& diags) {
  std::string_view text = value.text;
  Url url;
  size_t colon = text.find("://");
  if (!value.secret && colon != std::string_view::npos) {
    url.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 3);
    size_t end = std::min(text.find_first_of("/?#"), text.size());
    std::string_view authority = text.substr(0, end);
    url.rest = text.substr(end);
    size_t close = authority.find(']'),
           port = authority.find(':', close == std::string_view::npos ? 0 : close);
    std::optional<uint16_t> number = 0;
    if (port != std::string_view::npos) number = port_number(authority.substr(port + 1));
    std::string host(authority.substr(0, port));
    bool literal = host.size() > 2 && host.front() == '[' && host.back() == ']' &&
                   parse_cidr(std::string_view(host).substr(1, host.size() - 2));
    if (!literal && !parse_cidr(host)) host = ascii_name(host).first;
    bool printable = url.rest.find_first_of(" \t\r\n\"<>\\^`{|}") == std::string::npos;
    if (number && !host.empty() && printable && (url.scheme == "http" || url.scheme == "https")) {
      url.host = host;
      url.port = *number;
      return url;
    }
  }
  wrong_type(value, "a URL such as https://example.com", "", diags);
  return {};
}

std::optional<Endpoint> read_endpoint(const Value& value, diag::Sink& diags) {
  std::string_view text = value.text;
  Endpoint result;
  if (!value.secret && text.starts_with("unix:/")) {
    result.member = {std::string(text.substr(5)), 0, 1};
    return result;
  }
  if (!value.secret && text.find("://") != std::string_view::npos) {
    auto url = read_url(value, diags);
    if (!url) return {};
    if (!url->rest.empty())
      return wrong_type(value, "an address without a path", "", diags), std::nullopt;
    result.protocol = url->scheme == "https" ? plan::Protocol::https : plan::Protocol::http;
    if (url->port == 0) url->port = url->scheme == "https" ? 443 : 80;
    if (url->host.front() == '[') url->host = url->host.substr(1, url->host.size() - 2);
    result.member = {url->host, url->port, 1};
    return result;
  }
  size_t colon = text.rfind(':');
  if (!value.secret && colon != std::string_view::npos) {
    auto port = port_number(text.substr(colon + 1));
    std::string host(text.substr(0, colon));
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
      host = host.substr(1, host.size() - 2);
      auto canonical = host.find(':') == std::string::npos ? std::nullopt : parse_cidr(host);
      host = canonical ? canonical->substr(0, canonical->find('/')) : "";
    } else if (!parse_cidr(host) || host.find(':') != std::string::npos) {
      host = ascii_name(host).first;
    }
    if (port && !host.empty()) {
      result.member = {host, *port, 1};
      return result;
    }
  }
  wrong_type(value, "an address, HOST:PORT", "", diags);
  return {};
}

}  // namespace sluice::sema
