// Requests as upstreams see them.
#include "runtime/http/write_head.h"
#include "tests/unit/http/support.h"

namespace sluice::http {
namespace {

std::string write(std::string_view bytes, RequestChanges changes = {}) {
  const RequestHead head = request(bytes);
  char out[4096];
  const size_t size = write_request_head(head, changes, out);
  // In a buffer of exactly that size it fits, in a smaller one it is refused.
  EXPECT_EQ(write_request_head(head, changes, std::span(out, size)), size);
  if (size > 0) {
    EXPECT_EQ(write_request_head(head, changes, std::span(out, size - 1)), 0u);
    write_request_head(head, changes, out);
    EXPECT_EQ(request(std::string(out, size)).size, size) << "what we write, we accept";
  }
  return {out, size};
}

const char kPlain[] =
    "GET /a?b HTTP/1.1\r\nHost: h\r\nUser-Agent: u\r\naccept:  */*\r\nCookie: a\r\nCookie: "
    "b\r\n\r\n";

TEST(WriteRequest, UntouchedItIsCopiedByteForByte) { EXPECT_EQ(write(kPlain), kPlain); }

TEST(WriteRequest, TargetMethodAndVersionAreWrittenAnew) {
  EXPECT_EQ(write("GET /v1/x HTTP/1.1\r\nHost: h\r\n\r\n", {.target = "/x?q"}),
            "GET /x?q HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(write("GET / HTTP/1.0\r\nHost: h\r\nX: y\r\n\r\n"),
            "GET / HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n");
  EXPECT_EQ(write("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"), "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
}

TEST(WriteRequest, AbsoluteFormBecomesOriginFormWithItsHost) {
  EXPECT_EQ(write("GET http://H:1/q HTTP/1.1\r\nHost: other\r\nX: y\r\n\r\n", {.target = "/q"}),
            "GET /q HTTP/1.1\r\nX: y\r\nHost: H:1\r\n\r\n");
}

TEST(WriteRequest, HopByHopLinesStay) {
  EXPECT_EQ(write("GET / HTTP/1.1\r\nConnection: close, X-A\r\nHost: h\r\nX-A: 1\r\nB: 2\r\n"
                  "Keep-Alive: 1\r\nUpgrade: h2c\r\nX_Y: z\r\nExpect: 100-continue\r\nC: 3\r\n"
                  "Proxy-Authorization: p\r\nTrailer: t\r\n\r\n"),
            "GET / HTTP/1.1\r\nHost: h\r\nB: 2\r\nC: 3\r\n\r\n");
}

TEST(WriteRequest, TrailersAreTheOnlyTransferCodingAskedFor) {
  EXPECT_EQ(write("GET / HTTP/1.1\r\nHost: h\r\nTE: gzip, trailers\r\nConnection: TE\r\n\r\n"),
            "GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
  EXPECT_EQ(write("GET / HTTP/1.1\r\nHost: h\r\nTE: gzip\r\n\r\n"),
            "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
}

TEST(WriteRequest, ForwardedLinesOfAStrangerAreReplaced) {
  EXPECT_EQ(write("GET / HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6\r\nHost: H.test\r\n"
                  "X-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /p\r\nForwarded: for=6\r\n"
                  "X-Real-Ip: 6\r\nX-Forwarded-Host: evil\r\nA: b\r\n\r\n",
                  {.forwarded = {.peer = "10.0.0.9", .proto = "http"}}),
            "GET / HTTP/1.1\r\nHost: H.test\r\nA: b\r\nX-Forwarded-For: 10.0.0.9\r\n"
            "X-Forwarded-Proto: http\r\nX-Forwarded-Host: H.test\r\n\r\n");
}

TEST(WriteRequest, ForwardedLinesOfATrustedProxyAreKeptAndTheListGrows) {
  EXPECT_EQ(write("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n"
                  "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\n\r\n",
                  {.forwarded = {.peer = "10.0.0.9", .proto = "http", .trusted = true}}),
            "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: https\r\n"
            "X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.1, 10.0.0.9\r\nX-Forwarded-Host: h\r\n\r\n");
  EXPECT_EQ(write("GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                  {.forwarded = {.peer = "::1", .proto = "https", .trusted = true}}),
            "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: ::1\r\nX-Forwarded-Proto: https\r\n"
            "X-Forwarded-Host: h\r\n\r\n");
}

TEST(WriteRequest, BodiesKeepTheirFraming) {
  EXPECT_EQ(write("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\nHost: h\r\n\r\n"),
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"),
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
  for (const char* framing : {"Content-Length: 7", "Transfer-Encoding: chunked"})
    EXPECT_EQ(write("POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(framing) + "\r\n\r\n",
                    {.method = "GET", .target = "/auth", .without_body = true}),
              "GET /auth HTTP/1.1\r\nHost: h\r\n\r\n");
}

TEST(WriteRequest, UpgradesOnlyToWebSocketAndOnlyWhenAllowed) {
  const char* bytes =
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  EXPECT_EQ(write(bytes), "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(write(bytes, {.websocket = true}),
            "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  EXPECT_EQ(write(kPlain, {.websocket = true}), kPlain);
  EXPECT_EQ(write("GET / HTTP/1.1\r\nHost: h\r\n\r\n", {.close = true}),
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
}

TEST(WriteRequest, EditsAndExtraLines) {
  EditList edits;
  ASSERT_TRUE(edits.edit(EditOp::set, "User-Agent", "ours"));
  ASSERT_TRUE(edits.edit(EditOp::remove, "cookie"));
  ASSERT_TRUE(edits.edit(EditOp::add, "X-New", "1"));
  ASSERT_TRUE(edits.edit(EditOp::set, "x-own", "2"));
  const EditList* lists[] = {&edits};
  const ExtraLine extra[] = {{HeaderId::other, "X-User", "alice"},
                             {HeaderId::other, "X-Bad", "a\r\nb"}};
  EXPECT_EQ(write("GET / HTTP/1.1\r\nHost: h\r\nCookie: a\r\nX-USER: eve\r\nX-Own: 9\r\n"
                  "Cookie: b\r\nUser-Agent: u\r\nX-Owm: 8\r\n\r\n",
                  {.edits = lists, .extra = extra}),
            "GET / HTTP/1.1\r\nHost: h\r\nX-Owm: 8\r\nX-User: alice\r\nUser-Agent: ours\r\n"
            "X-New: 1\r\nx-own: 2\r\n\r\n");
}

TEST(WriteRequest, AnEditOfHostOrOfAForwardedLineStands) {
  EditList edits;
  ASSERT_TRUE(edits.edit(EditOp::set, "Host", "inner"));
  ASSERT_TRUE(edits.edit(EditOp::set, "X-Forwarded-Proto", "https"));
  const EditList* lists[] = {&edits};
  EXPECT_EQ(write("GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                  {.forwarded = {.peer = "1.1.1.1", .proto = "http"}, .edits = lists}),
            "GET / HTTP/1.1\r\nX-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Host: h\r\n"
            "Host: inner\r\nX-Forwarded-Proto: https\r\n\r\n");
}

TEST(WriteRequest, NothingOutsideTheGrammarLeaves) {
  for (const char* target : {"/a b", "/a\r\nX: y", "/a\n", "/\x01", "/a#b"})
    EXPECT_EQ(write(kPlain, {.target = target}), "") << target;
  EXPECT_EQ(write(kPlain, {.method = "GET /"}), "");
  EXPECT_EQ(write(kPlain, {.host = "h\r\nX: y"}), "");
}

}  // namespace
}  // namespace sluice::http
