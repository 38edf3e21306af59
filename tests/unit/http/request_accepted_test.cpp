// What a well-formed request says once it is parsed.
#include "tests/unit/http/support.h"

namespace sluice::http {
namespace {

TEST(Request, GivesItsPartsAsViewsIntoTheBytes) {
  const std::string bytes =
      "GET /a/b?x=1&y HTTP/1.1\r\nHost: Example.COM:8080\r\nX-One:  two words \t\r\nEmpty:\r\n\r\n"
      "GET /next";
  const Outcome outcome = parse_request(bytes);
  EXPECT_EQ(outcome.size, bytes.size() - 9);
  const RequestHead head = request(bytes);
  EXPECT_EQ(head.method, Method::get);
  EXPECT_EQ(head.host(), "Example.COM:8080");
  EXPECT_EQ(head.path(), "/a/b");
  EXPECT_EQ(head.query(), "x=1&y");
  EXPECT_TRUE(head.has_query);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.body, BodyKind::none);
  EXPECT_EQ(head.get("x-one"), "two words");
  EXPECT_EQ(head.get("empty"), "");
  EXPECT_NE(head.find("EMPTY"), head.npos);
  EXPECT_EQ(head.find("absent"), head.npos);
  EXPECT_EQ(head.get(HeaderId::host).data(), bytes.data() + bytes.find("Example"));
}

TEST(Request, MayMoveWithItsBytes) {
  const std::string bytes = "GET /a HTTP/1.1\r\nHost: h\r\nCookie: c\r\n\r\n";
  std::string copy = bytes;
  RequestHead head = request(bytes);
  head.base = copy.data();
  EXPECT_EQ(head.get(HeaderId::cookie).data(), copy.data() + copy.find("c\r\n\r\n"));
}

TEST(Request, PipelinedOnesComeOneByOne) {
  const std::string bytes =
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
      "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
      "\r\nGET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  std::string_view rest = bytes;
  RequestFeed feed;
  BodyDecoder body;
  std::string seen;
  for (int i = 0; i < 3; ++i) {
    feed.parser.reset();
    ASSERT_EQ(feed.parse(rest), Parsed::complete);
    seen += std::string(feed.head.path()) + (feed.head.keep_alive ? " keep " : " close ");
    rest.remove_prefix(feed.head.size);
    body.start(feed.head);
    while (!body.is_done()) {
      const auto step = body.next(rest);
      seen += std::string(step.data) + " ";
      rest.remove_prefix(step.consumed);
    }
  }
  EXPECT_EQ(seen, "/1 keep /2 keep hello /3 close ");
  EXPECT_TRUE(rest.empty());
}

TEST(Request, OneEmptyLineBeforeItIsSkipped) {
  const std::string bytes = "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n";
  EXPECT_EQ(parse_request(bytes).size, bytes.size());
  EXPECT_EQ(request(bytes).start, 2);
}

TEST(Request, AbsoluteFormDecidesTheHost) {
  const RequestHead head = request("GET http://H.test:81/q?a HTTP/1.1\r\nHost: other\r\n\r\n");
  EXPECT_EQ(head.form, TargetForm::absolute);
  EXPECT_EQ(head.host(), "H.test:81");
  EXPECT_EQ(head.path(), "/q");
  EXPECT_EQ(head.query(), "a");
  EXPECT_EQ(request("GET https://h HTTP/1.1\r\nHost: o\r\n\r\n").path(), "/");
  const RequestHead query = request("GET HTTP://h?x HTTP/1.1\r\nHost: o\r\n\r\n");
  EXPECT_EQ(query.path(), "/");
  EXPECT_EQ(query.query(), "x");
}

TEST(Request, AsteriskFormIsForOptions) {
  EXPECT_EQ(request("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").form, TargetForm::asterisk);
  EXPECT_EQ(request("OPTIONS http://h HTTP/1.1\r\nHost: h\r\n\r\n").form, TargetForm::asterisk);
  EXPECT_EQ(request("OPTIONS /a HTTP/1.1\r\nHost: h\r\n\r\n").form, TargetForm::origin);
}

TEST(Request, QueriesAreNotJudged) {
  EXPECT_EQ(request("GET /a?\xff\xfe%zz\\;/../ HTTP/1.1\r\nHost: h\r\n\r\n").query(),
            "\xff\xfe%zz\\;/../");
  EXPECT_EQ(request("GET //h.test/q HTTP/1.1\r\nHost: h\r\n\r\n").path(), "//h.test/q");
}

TEST(Request, HostsThatAreOnlyOdd) {
  for (const char* host : {"", "h:", "h:abc", "H.", ".w.test", "h_x.test", "[::1]", "[fd00::1]:80",
                           "10.0.0.1:8080", "xn--bcher-kva.example"})
    EXPECT_EQ(request("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n").count, 1)
        << host;
}

TEST(Request, Http10ClosesUnlessAskedAndNeedsNoHost) {
  const RequestHead head = request("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(head.minor, 0);
  EXPECT_EQ(head.host(), "");
  EXPECT_FALSE(head.keep_alive);
  EXPECT_TRUE(request("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
  EXPECT_FALSE(request("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").keep_alive);
}

TEST(Request, OtherMethodsPass) {
  const RequestHead head = request("PROPFIND / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(head.method, Method::other);
  EXPECT_EQ(head.text(head.method_text), "PROPFIND");
  EXPECT_EQ(request("get / HTTP/1.1\r\nHost: h\r\n\r\n").method, Method::other);
  EXPECT_EQ(request("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n").method, Method::trace);
}

TEST(Request, BodiesAreFramed) {
  EXPECT_EQ(request("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 007\r\n\r\n").content_length,
            7u);
  EXPECT_EQ(request("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").body,
            BodyKind::length);
  EXPECT_EQ(request("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked \r\n\r\n").body,
            BodyKind::chunked);
  EXPECT_EQ(request("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9223372036854775807\r\n\r\n")
                .content_length,
            9223372036854775807u);
}

TEST(Request, HopByHopAndNominatedLinesAreOutOfSight) {
  const RequestHead head = request(
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-Foo, , Accept\r\nX-Foo: 1\r\n"
      "x-foo: 2\r\nAccept: a\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nProxy-Authorization: y\r\n"
      "Upgrade: h2c\r\nTE: gzip, trailers\r\nX_Under: u\r\nX-Kept: k\r\n\r\n");
  std::string kept;
  for (size_t i = 0; i < head.count; ++i)
    if (!head.is_dropped(i)) kept += std::string(head.name(i)) + " ";
  EXPECT_EQ(kept, "Host X-Kept ");
  EXPECT_EQ(head.find("X-Foo"), head.npos);
  EXPECT_FALSE(head.has(HeaderId::accept));
  EXPECT_TRUE(head.te_trailers);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.websocket);
}

TEST(Request, WebSocketIsAGetThatAsksForNothingElse) {
  const auto asks = [](std::string line) {
    return request(line +
                   " / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\n"
                   "Upgrade: WebSocket\r\n\r\n")
        .websocket;
  };
  EXPECT_TRUE(asks("GET"));
  EXPECT_FALSE(asks("POST"));
  EXPECT_FALSE(request("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n").websocket);
  EXPECT_FALSE(request("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n"
                       "Upgrade: websocket, h2c\r\n\r\n")
                   .websocket);
}

TEST(Request, ExpectIsOnlyForWhoWaitsWithABody) {
  const std::string lines = "Host: h\r\nExpect: 100-Continue\r\n";
  EXPECT_TRUE(request("PUT / HTTP/1.1\r\n" + lines + "Content-Length: 3\r\n\r\n").expect_continue);
  EXPECT_FALSE(request("PUT / HTTP/1.0\r\n" + lines + "Content-Length: 3\r\n\r\n").expect_continue);
  EXPECT_FALSE(request("GET / HTTP/1.1\r\n" + lines + "\r\n").expect_continue);
}

TEST(Request, ForwardedLinesOfAStrangerAreAsIfNeverSent) {
  RequestHead head = request(
      "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Tls-Client-Cert: c\r\n"
      "X-Real-IP: 1\r\nForwarded: for=1\r\nX-Forward: kept\r\n\r\n");
  EXPECT_EQ(head.get(HeaderId::x_forwarded_for), "1.2.3.4");
  head.distrust_forwarded();
  EXPECT_FALSE(head.has(HeaderId::x_forwarded_for));
  EXPECT_EQ(head.find("X-Forwarded-Tls-Client-Cert"), head.npos);
  EXPECT_EQ(head.get("x-real-ip"), "");
  EXPECT_EQ(head.get("x-forward"), "kept");
}

TEST(Request, DripFedBytesAreNotScannedAgainAndAgain) {
  // What was searched is overwritten with line ends: were it searched again, one would be found.
  std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(50'000, 'v');
  RequestFeed feed;
  for (size_t end = 1000; end <= bytes.size(); end += 1000) {
    ASSERT_EQ(feed.parse(std::string_view(bytes).substr(0, end)), Parsed::incomplete);
    std::fill(bytes.begin() + 40, bytes.begin() + std::ptrdiff_t(end), '\n');
  }
  EXPECT_EQ(feed.parser.refusal(), Refusal::none);
}

}  // namespace
}  // namespace sluice::http
