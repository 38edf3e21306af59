// From words to typed values. Each reader says what its place wants (SL04xx, at the use, with a
// note where the words stand) and gives nothing back when they are something else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "compiler/diag/diagnostic.h"
#include "compiler/plan/plan.h"
#include "compiler/sema/value.h"

namespace sluice::sema {

// SL0401 at the value; `hint` is what may have been meant.
diag::Diagnostic& wrong_type(const Value& value, std::string_view type, std::string_view hint,
                             diag::Sink& diags);
// A note where the words stand, when the value came from elsewhere.
void note_origin(diag::Diagnostic& diagnostic, const Value& value);

struct Rate {
  uint32_t count = 0;
  uint32_t period_seconds = 1;
};
struct Endpoint {  // HOST:PORT, unix:/PATH, or a URL without a path
  plan::Protocol protocol = plan::Protocol::http;
  plan::Member member;
};
struct ServiceName {
  std::optional<std::string> name_space;
  std::string name;
  uint16_t port = 0;
};
struct Url {
  std::string scheme, host, rest;  // rest: path, query; may be empty
  uint16_t port = 0;               // 0: the scheme's
};

std::optional<uint32_t> read_int(const Value& value, uint32_t low, uint32_t high,
                                 diag::Sink& diags);
std::optional<Rate> read_rate(const Value& value, diag::Sink& diags);
std::optional<uint32_t> read_percent(const Value& value, diag::Sink& diags);   // basis points
std::optional<uint64_t> read_duration(const Value& value, diag::Sink& diags);  // milliseconds
std::optional<uint64_t> read_size(const Value& value, diag::Sink& diags);      // bytes
std::optional<plan::HostPattern> read_host(const Value& value, diag::Sink& diags);
std::optional<std::string> read_cidr(const Value& value, diag::Sink& diags);
std::optional<std::string> read_ip(const Value& value, diag::Sink& diags);
std::optional<Endpoint> read_endpoint(const Value& value, diag::Sink& diags);
std::optional<ServiceName> read_service(const Value& value, diag::Sink& diags);
std::optional<Url> read_url(const Value& value, diag::Sink& diags);
std::optional<std::string> read_header_name(const Value& value, diag::Sink& diags);
std::optional<std::string> read_path(const Value& value, bool prefix, diag::Sink& diags);
std::optional<std::string> read_regex(const Value& value, diag::Sink& diags);
std::optional<std::string> read_name(const Value& value, diag::Sink& diags);  // a DNS label
std::optional<std::string> read_email(const Value& value, diag::Sink& diags);

// Without diagnostics, for those who ask: why not, or the result.
std::pair<std::optional<plan::HostPattern>, std::string> parse_host(std::string_view text);
std::optional<std::string> parse_cidr(std::string_view text);
// The normal form of a path as a request has it (meaning-matching P2), for tests.
bool is_label(std::string_view text, size_t limit);

}  // namespace sluice::sema
