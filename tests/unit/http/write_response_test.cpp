// Answers as clients see them: an upstream's, and our own.
#include "runtime/http/write_head.h"
#include "tests/unit/http/support.h"

namespace sluice::http {
namespace {

std::string write(std::string_view bytes, ResponseChanges changes, Asked asked = {}) {
  const ResponseHead head = response(bytes, asked);
  char out[4096];
  return {out, write_response_head(head, changes, out)};
}
constexpr Framing kLength{BodyKind::length, true};

TEST(WriteResponse, UntouchedItIsCopiedByteForByte) {
  const char* bytes = "HTTP/1.1 200 OK\r\nServer: s\r\ncontent-length: 5\r\nSet-Cookie: a\r\n\r\n";
  EXPECT_EQ(write(bytes, {.framing = kLength}), bytes);
}

TEST(WriteResponse, StatusLineIsOurVersion) {
  EXPECT_EQ(write("HTTP/1.0 200 Fine\r\nContent-Length: 5\r\n\r\n", {.framing = kLength}),
            "HTTP/1.1 200 Fine\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(write("HTTP/1.1 200\r\nContent-Length: 5\r\n\r\n", {.framing = kLength}),
            "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n");
}

TEST(WriteResponse, HopByHopLinesStay) {
  EXPECT_EQ(write("HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nContent-Length: 5\r\n"
                  "Keep-Alive: timeout=5\r\nProxy-Authenticate: x\r\nTrailer: t\r\nA: b\r\n\r\n",
                  {.framing = kLength}),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\n");
}

TEST(WriteResponse, FramingIsOurs) {
  const char* chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n";
  EXPECT_EQ(write(chunked, {.framing = {BodyKind::chunked, true}}),
            "HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(write(chunked, {.framing = {BodyKind::until_close, false}, .client_minor = 0}),
            "HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n");
  const char* length = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
  EXPECT_EQ(write(length, {.framing = {BodyKind::chunked, true}}),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(write(length, {.framing = {BodyKind::none, true}}, {.head = true}), length);
  EXPECT_EQ(write("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
                  {.framing = {BodyKind::none, true}}),
            "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(WriteResponse, ConnectionIsToldWhereItIsNotUnderstood) {
  const char* length = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(write(length, {.framing = {BodyKind::length, false}}), length);
  EXPECT_EQ(write(length, {.framing = kLength, .client_minor = 0}),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n");
}

TEST(WriteResponse, InterimHeadsTakeNoFraming) {
  EXPECT_EQ(write("HTTP/1.1 103 Early Hints\r\nLink: l\r\nConnection: close\r\n\r\n", {}),
            "HTTP/1.1 103 Early Hints\r\nLink: l\r\n\r\n");
  EXPECT_EQ(
      write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: a\r\n\r\n",
            {}, {.websocket = true}),
      "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: a\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\n\r\n");
}

TEST(FrameResponse, DependsOnBothSides) {
  const RequestHead http11 = request("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const RequestHead http10 = request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const ResponseHead chunked = response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  const ResponseHead until_close = response("HTTP/1.1 200 OK\r\n\r\n");
  const ResponseHead length = response("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
  const auto is = [](Framing f, BodyKind kind, bool keep) {
    return f.body == kind && f.keep_alive == keep;
  };
  EXPECT_TRUE(is(frame_response(http11, length, true), BodyKind::length, true));
  EXPECT_TRUE(is(frame_response(http11, length, false), BodyKind::length, false));
  EXPECT_TRUE(is(frame_response(http10, length, true), BodyKind::length, true));
  EXPECT_TRUE(is(frame_response(http11, chunked, true), BodyKind::chunked, true));
  EXPECT_TRUE(is(frame_response(http11, until_close, true), BodyKind::chunked, true));
  EXPECT_TRUE(is(frame_response(http10, chunked, true), BodyKind::until_close, false));
  EXPECT_TRUE(upstream_reusable(length));
  EXPECT_FALSE(upstream_reusable(until_close));
}

std::string own(const OwnResponse& r) {
  char out[4096];
  return {out, write_own_response(r, out)};
}

TEST(OwnResponse, IsHeadAndBodyInOne) {
  EXPECT_EQ(own({.body = "ok", .date = "Sun, 06 Nov 1994 08:49:37 GMT"}),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(
      own({.body = "ok", .head_only = true}),
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(own({.status = 204, .client_minor = 0}),
            "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
  const ExtraLine location[] = {{HeaderId::location, "Location", "https://h/"}};
  EXPECT_EQ(own({.status = 308, .extra = location}),
            "HTTP/1.1 308 Permanent Redirect\r\nContent-Length: 0\r\nLocation: https://h/\r\n\r\n");
}

TEST(OwnResponse, ErrorsAreStatic) {
  OwnResponse error = error_response(404, "");
  error.keep_alive = false;
  EXPECT_EQ(own(error),
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 14\r\nConnection: close\r\n\r\n404 Not Found\n");
  for (int i = 1; i <= int(Refusal::unasked_switch); ++i)
    EXPECT_NE(status_text(status_of(static_cast<Refusal>(i))), "");
}

TEST(OwnResponse, EditsCoverIt) {
  EditList edits;
  ASSERT_TRUE(edits.edit(EditOp::set, "X-Frame-Options", "DENY"));
  ASSERT_TRUE(edits.edit(EditOp::set, "Content-Type", "text/html"));
  ASSERT_TRUE(edits.edit(EditOp::set_if_absent, "Retry-After", "9"));
  ASSERT_TRUE(edits.edit(EditOp::remove, "Server"));
  const EditList* lists[] = {&edits};
  const ExtraLine retry[] = {{HeaderId::retry_after, "Retry-After", "1"}};
  EXPECT_EQ(own({.status = 429, .body = "x", .edits = lists, .extra = retry}),
            "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 1\r\nRetry-After: 1\r\n"
            "X-Frame-Options: DENY\r\nContent-Type: text/html\r\n\r\nx");
}

}  // namespace
}  // namespace sluice::http
