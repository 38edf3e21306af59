// Heads of upstreams' answers: their framing, and what would let one answer be read as two.
#include "tests/unit/http/support.h"

namespace sluice::http {
namespace {

std::string head_with(std::string lines) { return "HTTP/1.1 200 OK\r\n" + lines + "\r\n"; }

struct Case {
  std::string name;
  std::string bytes;
  Refusal why;
};

const Case kRefused[] = {
    {"bare_lf", "HTTP/1.1 200 OK\nX: a\r\n\r\n", Refusal::bare_lf},
    {"bare_lf_after_status", "HTTP/1.1 200\nX: a\r\n\r\n", Refusal::bare_lf},
    {"bare_lf_in_header", head_with("X: a\nY: b\r\n"), Refusal::bare_lf},
    {"bare_cr_in_reason", "HTTP/1.1 200 O\rK\r\n\r\n", Refusal::bare_cr},
    {"bare_cr_in_header", head_with("X: a\rSet-Cookie: b\r\n"), Refusal::bare_cr},
    {"folded", head_with("X: a\r\n b\r\n"), Refusal::folded_header},
    {"space_before_colon", head_with("Content-Length : 5\r\n"), Refusal::space_before_colon},
    {"control_in_reason", "HTTP/1.1 200 O\x01K\r\n\r\n", Refusal::bad_status_line},
    {"empty_line_first", "\r\nHTTP/1.1 200 OK\r\n\r\n", Refusal::bad_status_line},
    {"version_2", "HTTP/2.0 200 OK\r\n\r\n", Refusal::bad_status_line},
    {"version_1_2", "HTTP/1.2 200 OK\r\n\r\n", Refusal::bad_status_line},
    {"icy", "ICY 200 OK\r\nX: yyyyyyyy\r\n\r\n", Refusal::bad_status_line},
    {"status_of_two_digits", "HTTP/1.1 20 OK\r\n\r\n", Refusal::bad_status_line},
    {"status_of_four_digits", "HTTP/1.1 2000 OK\r\n\r\n", Refusal::bad_status_line},
    {"status_99", "HTTP/1.1 099 OK\r\n\r\n", Refusal::bad_status_line},
    {"status_600", "HTTP/1.1 600 OK\r\n\r\n", Refusal::bad_status_line},
    {"two_blanks", "HTTP/1.1  200 OK\r\n\r\n", Refusal::bad_status_line},
    {"two_lengths", head_with("Content-Length: 5\r\nContent-Length: 5\r\n"),
     Refusal::several_content_lengths},
    {"length_list", head_with("Content-Length: 5, 5\r\n"), Refusal::bad_content_length},
    {"length_and_chunked", head_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
     Refusal::length_and_chunked},
    {"gzip_chunked", head_with("Transfer-Encoding: gzip, chunked\r\n"),
     Refusal::unsupported_transfer_encoding},
    {"chunked_in_1_0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
     Refusal::transfer_encoding_in_http10},
    {"switch_unasked",
     "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
     Refusal::unasked_switch},
};

class RefusedResponse : public testing::TestWithParam<Case> {};
TEST_P(RefusedResponse, ForOneReason) {
  const Outcome outcome = parse_response(GetParam().bytes);
  EXPECT_EQ(outcome.parsed, Parsed::refused);
  EXPECT_EQ(name_of(outcome.refusal), name_of(GetParam().why));
}
INSTANTIATE_TEST_SUITE_P(Response, RefusedResponse, testing::ValuesIn(kRefused),
                         [](const auto& the) { return the.param.name; });

TEST(Response, IsReadInAnyPieces) {
  const std::string bytes =
      "HTTP/1.1 404 Not Found here\r\nServer: x\r\nContent-Length: 12\r\nConnection: X-Hop\r\n"
      "X-Hop: h\r\n\r\nbody";
  const Outcome outcome = parse_response(bytes);
  EXPECT_EQ(outcome.size, bytes.size() - 4);
  EXPECT_EQ(outcome.said, "404|Not Found here|1.1|body1:12|keep\nServer=x\nContent-Length=12");
}

TEST(Response, ReasonMayBeMissing) {
  EXPECT_EQ(parse_response("HTTP/1.1 200\r\n\r\n").said, "200||1.1|body3:0");
  EXPECT_EQ(parse_response("HTTP/1.1 200 \r\n\r\n").said, "200||1.1|body3:0");
  EXPECT_EQ(response("HTTP/1.0 200 \xe9t\xe9\r\n\r\n").minor, 0);
}

TEST(Response, FramingFollowsRequestAndStatus) {
  const std::string length = head_with("Content-Length: 5\r\n");
  EXPECT_EQ(response(length).body, BodyKind::length);
  EXPECT_EQ(response(length, {.head = true}).body, BodyKind::none);
  EXPECT_EQ(response(length, {.head = true}).content_length, 5u);
  EXPECT_EQ(response(head_with("Transfer-Encoding: chunked\r\n")).body, BodyKind::chunked);
  EXPECT_EQ(response(head_with("")).body, BodyKind::until_close);
  EXPECT_FALSE(response(head_with("")).keep_alive);
  EXPECT_EQ(response("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n").body, BodyKind::none);
  EXPECT_EQ(response("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").body,
            BodyKind::none);
  EXPECT_TRUE(response("HTTP/1.1 304 Not Modified\r\n\r\n").keep_alive);
  const ResponseHead early = response("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
  EXPECT_TRUE(early.is_interim());
  EXPECT_EQ(early.body, BodyKind::none);
}

TEST(Response, SwitchesOnlyToWhatWasAsked) {
  const Asked asked{.websocket = true};
  const auto parse = [&](std::string lines) {
    return parse_response("HTTP/1.1 101 Switching Protocols\r\n" + lines + "\r\n", asked).parsed;
  };
  EXPECT_EQ(parse("Connection: upgrade\r\nUpgrade: WebSocket\r\n"), Parsed::complete);
  EXPECT_EQ(parse("Connection: upgrade\r\nUpgrade: h2c\r\n"), Parsed::refused);
  EXPECT_EQ(parse("Upgrade: websocket\r\n"), Parsed::refused);
}

TEST(Response, KeepAlive) {
  EXPECT_FALSE(response(head_with("Content-Length: 0\r\nConnection: Close\r\n")).keep_alive);
  EXPECT_FALSE(response("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").keep_alive);
  EXPECT_TRUE(response("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")
                  .keep_alive);
}

TEST(Response, MayNotNominateItsFraming) {
  const ResponseHead head =
      response(head_with("Connection: Content-Length\r\nContent-Length: 5\r\n"));
  EXPECT_EQ(head.body, BodyKind::length);
  EXPECT_TRUE(head.has(HeaderId::content_length));
}

TEST(Response, NamesWithUnderscorePass) {
  EXPECT_EQ(response(head_with("X_Y: z\r\n")).get("x_y"), "z");
}

}  // namespace
}  // namespace sluice::http
