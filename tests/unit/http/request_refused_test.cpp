// Every malformed request that must not pass, each with the one reason it is refused for. Each is
// fed whole, split at every point and byte by byte.
#include <string>

#include "tests/unit/http/support.h"

namespace sluice::http {
namespace {

using namespace std::string_literals;

struct Case {
  std::string name;
  std::string bytes;
  Refusal why;
};

// A request with one line more.
std::string with(std::string line) { return "GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n\r\n"; }
// A request with another first line.
std::string line(std::string text) { return text + "\r\nHost: h\r\n\r\n"; }

const Case kCases[] = {
    // Line ends
    {"bare_lf_in_request_line", "GET / HTTP/1.1\nHost: h\r\n\r\n", Refusal::bare_lf},
    {"bare_lf_in_header", "GET / HTTP/1.1\r\nHost: h\n\r\n", Refusal::bare_lf},
    {"bare_lf_ends_head", "GET / HTTP/1.1\r\nHost: h\r\n\n", Refusal::bare_lf},
    {"bare_lf_throughout", "GET / HTTP/1.1\nHost: h\n\n", Refusal::bare_lf},
    {"bare_lf_hides_header", with("X: a\nTransfer-Encoding: chunked"), Refusal::bare_lf},
    {"bare_cr_in_value", with("X: a\rTransfer-Encoding: chunked"), Refusal::bare_cr},
    {"bare_cr_in_name", with("X\rY: a"), Refusal::bare_cr},
    {"bare_cr_in_request_line", "GET / HTTP/1.1\rX\r\nHost: h\r\n\r\n", Refusal::bare_cr},
    {"cr_cr_lf", "GET / HTTP/1.1\r\nHost: h\r\r\n\r\n", Refusal::bare_cr},
    {"cr_cr_lf_ends_head", "GET / HTTP/1.1\r\nHost: h\r\n\r\r\n", Refusal::bare_cr},
    {"two_empty_lines_first", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", Refusal::empty_lines},
    {"bare_lf_first", "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", Refusal::bare_lf},

    // Request line
    {"http_0_9", line("GET /"), Refusal::bad_request_line},
    {"no_target", line("GET  HTTP/1.1"), Refusal::bad_request_line},
    {"two_blanks_before_target", line("GET  / HTTP/1.1"), Refusal::bad_request_line},
    {"two_blanks_before_version", line("GET /  HTTP/1.1"), Refusal::bad_version},
    {"blank_in_target", line("GET /a b HTTP/1.1"), Refusal::bad_version},
    {"blank_at_end", line("GET / HTTP/1.1 "), Refusal::bad_version},
    {"blank_first", line(" GET / HTTP/1.1"), Refusal::bad_method},
    {"tab_for_blank", line("GET\t/ HTTP/1.1"), Refusal::bad_method},
    {"tab_after_target", line("GET /\tHTTP/1.1"), Refusal::bad_target},
    {"method_not_token", line("G(T / HTTP/1.1"), Refusal::bad_method},
    {"method_too_long", line(std::string(33, 'M') + " / HTTP/1.1"), Refusal::bad_method},
    {"tls_hello_on_plain_port", "\x16\x03\x01\x02\x00\x01\n"s, Refusal::bad_method},
    {"connect", line("CONNECT h:443 HTTP/1.1"), Refusal::connect_method},
    {"connect_in_origin_form", line("CONNECT / HTTP/1.1"), Refusal::connect_method},
    {"version_2_0", line("GET / HTTP/2.0"), Refusal::unsupported_version},
    {"version_1_2", line("GET / HTTP/1.2"), Refusal::unsupported_version},
    {"version_0_9", line("GET / HTTP/0.9"), Refusal::unsupported_version},
    {"http2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Refusal::unsupported_version},
    {"version_lower_case", line("GET / http/1.1"), Refusal::bad_version},
    {"version_other", line("GET / HTTX/1.1"), Refusal::bad_version},
    {"version_short", line("GET / HTTP/1"), Refusal::bad_version},
    {"version_long", line("GET / HTTP/1.10"), Refusal::bad_version},
    {"version_no_digit", line("GET / HTTP/1.x"), Refusal::bad_version},

    // Target
    {"target_fragment", line("GET /a#b HTTP/1.1"), Refusal::bad_target},
    {"target_fragment_in_query", line("GET /a?# HTTP/1.1"), Refusal::bad_target},
    {"target_control", line("GET /a\x01 HTTP/1.1"), Refusal::bad_target},
    {"target_nul", line("GET /a\0b HTTP/1.1"s), Refusal::bad_target},
    {"target_del", line("GET /a\x7f HTTP/1.1"), Refusal::bad_target},
    {"target_high_byte_in_path", line("GET /\xc3\xa9 HTTP/1.1"), Refusal::bad_target},
    {"target_relative", line("GET a/b HTTP/1.1"), Refusal::bad_target},
    {"target_query_only", line("GET ?x=1 HTTP/1.1"), Refusal::bad_target},
    {"target_asterisk_get", line("GET * HTTP/1.1"), Refusal::bad_target},
    {"target_asterisk_and_more", line("OPTIONS *x HTTP/1.1"), Refusal::bad_target},
    {"absolute_no_host", line("GET http:///q HTTP/1.1"), Refusal::bad_target},
    {"absolute_userinfo", line("GET http://u@h/q HTTP/1.1"), Refusal::bad_target},
    {"absolute_other_scheme", line("GET ftp://h/q HTTP/1.1"), Refusal::bad_target},
    {"absolute_high_byte_host", line("GET http://\xc3\xa9/ HTTP/1.1"), Refusal::bad_target},

    // Header lines
    {"folded", with("X: a\r\n b"), Refusal::folded_header},
    {"folded_by_tab", with("X: a\r\n\tb"), Refusal::folded_header},
    {"folded_transfer_encoding", with("Transfer-Encoding:\r\n chunked"), Refusal::folded_header},
    {"folded_first_line", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", Refusal::folded_header},
    {"space_before_colon", with("X : a"), Refusal::space_before_colon},
    {"tab_before_colon", with("Content-Length\t: 5"), Refusal::space_before_colon},
    {"space_in_name", with("Content Length: 5"), Refusal::bad_header_name},
    {"empty_name", with(": a"), Refusal::bad_header_name},
    {"name_not_token", with("X@Y: a"), Refusal::bad_header_name},
    {"name_high_byte", with("X\xe9: a"), Refusal::bad_header_name},
    {"name_nul", with("X\0Y: a"s), Refusal::bad_header_name},
    {"no_colon", with("Nonsense"), Refusal::missing_colon},
    {"no_colon_with_space", with("No sense"), Refusal::missing_colon},
    {"nul_in_value", with("X: a\0b"s), Refusal::bad_header_value},
    {"control_in_value", with("X: a\x0b"), Refusal::bad_header_value},
    {"del_in_value", with("X: a\x7f"), Refusal::bad_header_value},

    // Host
    {"no_host", "GET / HTTP/1.1\r\nX: a\r\n\r\n", Refusal::missing_host},
    {"no_header_at_all", "GET / HTTP/1.1\r\n\r\n", Refusal::missing_host},
    {"no_host_in_absolute_form", "GET http://h/ HTTP/1.1\r\n\r\n", Refusal::missing_host},
    {"two_hosts", with("Host: other"), Refusal::several_hosts},
    {"two_equal_hosts", with("HOST: h"), Refusal::several_hosts},
    {"two_hosts_in_http_1_0", "GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n",
     Refusal::several_hosts},
    {"host_userinfo", "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", Refusal::bad_host},
    {"host_path", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", Refusal::bad_host},
    {"host_comma", "GET / HTTP/1.1\r\nHost: h,i\r\n\r\n", Refusal::bad_host},
    {"host_blank", "GET / HTTP/1.1\r\nHost: h i\r\n\r\n", Refusal::bad_host},
    {"host_high_byte", "GET / HTTP/1.1\r\nHost: \xc3\xa9.test\r\n\r\n", Refusal::bad_host},
    {"host_two_colons", "GET / HTTP/1.1\r\nHost: h:1:2\r\n\r\n", Refusal::bad_host},
    {"host_open_bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", Refusal::bad_host},
    {"host_after_bracket", "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", Refusal::bad_host},

    // Framing
    {"length_twice", with("Content-Length: 5\r\nContent-Length: 6"),
     Refusal::several_content_lengths},
    {"length_twice_equal", with("Content-Length: 5\r\ncontent-length: 5"),
     Refusal::several_content_lengths},
    {"length_list", with("Content-Length: 5, 5"), Refusal::bad_content_length},
    {"length_plus", with("Content-Length: +5"), Refusal::bad_content_length},
    {"length_minus", with("Content-Length: -5"), Refusal::bad_content_length},
    {"length_hex", with("Content-Length: 0x5"), Refusal::bad_content_length},
    {"length_empty", with("Content-Length: "), Refusal::bad_content_length},
    {"length_inner_blank", with("Content-Length: 5 0"), Refusal::bad_content_length},
    {"length_2_to_63", with("Content-Length: 9223372036854775808"), Refusal::bad_content_length},
    {"length_20_digits", with("Content-Length: 18446744073709551617"), Refusal::bad_content_length},
    {"length_and_chunked", with("Content-Length: 5\r\nTransfer-Encoding: chunked"),
     Refusal::length_and_chunked},
    {"chunked_and_length", with("Transfer-Encoding: chunked\r\nContent-Length: 0"),
     Refusal::length_and_chunked},
    {"chunked_twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
     Refusal::several_transfer_encodings},
    {"chunked_list", with("Transfer-Encoding: chunked, chunked"),
     Refusal::unsupported_transfer_encoding},
    {"gzip_chunked", with("Transfer-Encoding: gzip, chunked"),
     Refusal::unsupported_transfer_encoding},
    {"chunked_identity", with("Transfer-Encoding: chunked, identity"),
     Refusal::unsupported_transfer_encoding},
    {"identity", with("Transfer-Encoding: identity"), Refusal::unsupported_transfer_encoding},
    {"xchunked", with("Transfer-Encoding: xchunked"), Refusal::unsupported_transfer_encoding},
    {"chunked_quoted", with("Transfer-Encoding: \"chunked\""),
     Refusal::unsupported_transfer_encoding},
    {"chunked_parameter", with("Transfer-Encoding: chunked;q=1"),
     Refusal::unsupported_transfer_encoding},
    {"chunked_empty", with("Transfer-Encoding: "), Refusal::unsupported_transfer_encoding},
    {"chunked_vertical_tab",
     with("Transfer-Encoding: \x0b"
          "chunked"),
     Refusal::bad_header_value},
    {"chunked_in_http_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
     Refusal::transfer_encoding_in_http10},

    // Connection and Expect
    {"nominates_host", with("Connection: close, Host"), Refusal::nominated_header},
    {"nominates_authorization", with("Connection: authorization"), Refusal::nominated_header},
    {"nominates_cookie", with("Connection: Cookie"), Refusal::nominated_header},
    {"nominates_forwarded_for", with("Connection: X-Forwarded-For"), Refusal::nominated_header},
    {"nominates_any_forwarded", with("Connection: x-forwarded-anything"),
     Refusal::nominated_header},
    {"nominates_length", with("Connection: Content-Length\r\nContent-Length: 3"),
     Refusal::nominated_header},
    {"connection_not_tokens", with("Connection: a b"), Refusal::bad_connection},
    {"other_expectation", with("Expect: 200-ok"), Refusal::bad_expectation},
    {"expectation_twice", with("Expect: 100-continue\r\nExpect: 100-continue"),
     Refusal::bad_expectation},
};

class Refused : public testing::TestWithParam<Case> {};

TEST_P(Refused, ForOneReason) {
  const Outcome outcome = parse_request(GetParam().bytes);
  EXPECT_EQ(outcome.parsed, Parsed::refused);
  EXPECT_EQ(name_of(outcome.refusal), name_of(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(Request, Refused, testing::ValuesIn(kCases),
                         [](const auto& the) { return the.param.name; });

TEST(RefusalTable, EveryOneHasAStatusAndAReason) {
  for (int i = 1; i <= int(Refusal::unasked_switch); ++i) {
    const auto refusal = static_cast<Refusal>(i);
    EXPECT_GE(status_of(refusal), 400) << name_of(refusal);
    EXPECT_FALSE(reason_of(refusal).empty()) << name_of(refusal);
  }
  EXPECT_EQ(status_of(Refusal::head_too_large), 431);
  EXPECT_EQ(status_of(Refusal::connect_method), 501);
  EXPECT_EQ(status_of(Refusal::unsupported_version), 505);
}

TEST(Limit, HeadOfExactlyTheLimitPassesAndOneByteMoreDoesNot) {
  const Limits limits{.max_head = 64};
  const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
  const std::string fits = start + std::string(64 - start.size() - 4, 'x') + "\r\n\r\n";
  ASSERT_EQ(fits.size(), 64u);
  EXPECT_EQ(parse_request(fits, limits).parsed, Parsed::complete);
  EXPECT_EQ(parse_request(fits + "GET / HTTP/1.1\r\n", limits).size, 64u);
  const std::string over = start + std::string(65 - start.size() - 4, 'x') + "\r\n\r\n";
  EXPECT_EQ(parse_request(over, limits).refusal, Refusal::head_too_large);
}

TEST(Limit, AMegabyteOfHeadersIs431AfterSixtyKibibytes) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; bytes.size() < 1'000'000; ++i)
    bytes += "X-" + std::to_string(i % 10) + ": " + std::string(10'000, 'v') + "\r\n";
  RequestFeed feed;
  size_t end = 0;
  while (feed.parse(std::string_view(bytes).substr(0, end)) == Parsed::incomplete) end += 1000;
  EXPECT_EQ(feed.parser.refusal(), Refusal::head_too_large);
  EXPECT_LT(end, 63'000u);
}

TEST(Limit, ALongRequestLineIs431UnlessItHasALimitOfItsOwn) {
  const std::string bytes = "GET /" + std::string(300, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  EXPECT_EQ(parse_request(bytes, {.max_head = 200}).refusal, Refusal::head_too_large);
  EXPECT_EQ(parse_request(bytes, {.max_request_line = 200}).refusal,
            Refusal::request_line_too_long);
  EXPECT_EQ(parse_request(bytes, {.max_head = 200, .max_request_line = 100}).refusal,
            Refusal::request_line_too_long);
  EXPECT_EQ(parse_request(bytes).parsed, Parsed::complete);
}

TEST(Limit, HeaderLinesAreCounted) {
  const auto lines = [](int n) {
    std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 1; i < n; ++i) bytes += "X: y\r\n";
    return bytes + "\r\n";
  };
  EXPECT_EQ(parse_request(lines(100)).parsed, Parsed::complete);
  EXPECT_EQ(parse_request(lines(101)).refusal, Refusal::too_many_headers);
  EXPECT_EQ(parse_request(lines(6), {.max_headers = 5}).refusal, Refusal::too_many_headers);
}

TEST(Limit, ConnectionNominatesAtMost32) {
  std::string list = "a";
  for (int i = 1; i < 32; ++i) list += ", a";
  EXPECT_EQ(parse_request(with("Connection: " + list)).parsed, Parsed::complete);
  EXPECT_EQ(parse_request(with("Connection: " + list + ", a")).refusal, Refusal::bad_connection);
}

}  // namespace
}  // namespace sluice::http
