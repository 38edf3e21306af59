// A second opinion: http-parser 2.9.4, as Debian has it. Many thousand mutations of ordinary and of
// odd requests go through both. What both accept must mean the same to both: method, target,
// header lines, body, where the message ends, whether the connection lives on. What only one
// accepts must be explained in the two lists below.
#include <map>
#include <random>
#include <vector>

#include "tests/unit/http/support.h"

#if __has_include(<http_parser.h>)
#include <http_parser.h>

namespace sluice::http {
namespace {

// Rules of ours that http-parser does not have. It is a parser for servers that decide the rest
// themselves, and it is lenient where RFC 9112 allows a recipient to be.
const std::map<Refusal, const char*> kOnlyWeRefuse = {
    {Refusal::bare_lf, "it takes LF for CRLF (RFC 9112 2.2 allows it), we do not"},
    {Refusal::bare_cr, "it skips a CR before the request line"},
    {Refusal::empty_lines, "it skips any number of empty lines"},
    {Refusal::bad_request_line, "it takes HTTP/0.9 and more than one blank"},
    {Refusal::bad_method, "a method that it knows by its first letters"},
    {Refusal::connect_method, "it parses CONNECT; we do not serve it"},
    {Refusal::bad_target, "it takes fragments, `*` for any method, and bytes above 0x7e"},
    {Refusal::bad_version, "it takes blanks around the version and digits in front"},
    {Refusal::unsupported_version, "it takes any version"},
    {Refusal::folded_header, "it unfolds"},
    {Refusal::bad_header_name, "Debian builds it to take blanks in names"},
    {Refusal::space_before_colon, "likewise"},
    {Refusal::bad_header_value, "it lets control characters pass in values"},
    {Refusal::missing_host, "it does not ask for Host"},
    {Refusal::several_hosts, "nor count them"},
    {Refusal::bad_host, "nor look into it"},
    {Refusal::nominated_header, "hop-by-hop headers are the caller's"},
    {Refusal::bad_connection, "likewise"},
    {Refusal::bad_expectation, "likewise"},
    {Refusal::several_content_lengths, "never expected; see the check below"},
    {Refusal::bad_content_length, "it takes blanks behind the number, and 20 digits"},
    {Refusal::length_and_chunked, "it lets Transfer-Encoding win when asked to"},
    {Refusal::several_transfer_encodings, "it joins them to one list"},
    {Refusal::unsupported_transfer_encoding, "it takes any list that ends in chunked"},
    {Refusal::transfer_encoding_in_http10, "it reads chunks in HTTP/1.0 too"},
    {Refusal::bad_chunk_size, "it takes any number of leading zeros and blanks behind the size"},
    {Refusal::bad_chunk_extension, "it skips extensions unread"},
    {Refusal::chunk_extensions_too_long, "likewise"},
    {Refusal::bad_chunk_end, "it takes any two bytes behind the data"},
    {Refusal::bad_trailer, "it reads trailers as header lines, leniently"},
    {Refusal::too_many_headers, "it does not count lines"},
};

struct Message {
  bool accepted = false;
  size_t size = 0;
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> lines;
  std::string body;
  bool keep_alive = false;
  bool in_value = false;
  bool complete = false;
  std::string why;
};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  return text;
}

Message& self_of(http_parser* p) { return *static_cast<Message*>(p->data); }

Message by_http_parser(std::string_view bytes) {
  Message seen;
  http_parser parser;
  http_parser_init(&parser, HTTP_REQUEST);
  parser.data = &seen;
  http_parser_settings on;
  http_parser_settings_init(&on);
  on.on_url = [](http_parser* p, const char* at, size_t size) {
    self_of(p).target.append(at, size);
    return 0;
  };
  on.on_header_field = [](http_parser* p, const char* at, size_t size) {
    Message& m = self_of(p);
    if (m.lines.empty() || m.in_value) m.lines.emplace_back();
    m.in_value = false;
    m.lines.back().first.append(at, size);
    return 0;
  };
  on.on_header_value = [](http_parser* p, const char* at, size_t size) {
    Message& m = self_of(p);
    m.in_value = true;
    m.lines.back().second.append(at, size);
    return 0;
  };
  on.on_headers_complete = [](http_parser* p) {
    Message& m = self_of(p);
    m.method = http_method_str(static_cast<http_method>(p->method));
    m.keep_alive = http_should_keep_alive(p) != 0;
    m.in_value = true;
    return 0;
  };
  on.on_body = [](http_parser* p, const char* at, size_t size) {
    self_of(p).body.append(at, size);
    return 0;
  };
  on.on_message_complete = [](http_parser* p) {
    self_of(p).complete = true;
    http_parser_pause(p, 1);
    return 0;
  };
  seen.size = http_parser_execute(&parser, &on, bytes.data(), bytes.size());
  seen.accepted = seen.complete;
  seen.why = http_errno_name(HTTP_PARSER_ERRNO(&parser));
  for (auto& [name, value] : seen.lines) value = trimmed(value);
  return seen;
}

Message by_us(std::string_view bytes, Refusal& why) {
  Message m;
  RequestFeed feed;
  const Parsed parsed = feed.parse(bytes);
  why = feed.parser.refusal();
  if (parsed != Parsed::complete) return m;
  const RequestHead& head = feed.head;
  m.method = head.text(head.method_text);
  m.target = head.text(head.target);
  m.keep_alive = head.keep_alive;
  for (size_t i = 0; i < head.count; ++i) m.lines.emplace_back(head.name(i), head.value(i));
  BodyDecoder decoder;
  decoder.start(head);
  std::string_view rest = bytes.substr(head.size);
  for (;;) {
    const auto step = decoder.next(rest);
    m.body += step.data;
    rest.remove_prefix(step.consumed);
    if (step.state != BodyDecoder::Step::State::data) break;
  }
  why = decoder.refusal();
  m.accepted = m.complete = decoder.is_done();
  m.size = bytes.size() - rest.size();
  return m;
}

bool plain_lists(std::string_view bytes) {
  for (size_t at = bytes.find(','); at != bytes.npos; at = bytes.find(',', at + 1)) {
    const char before = at == 0 ? ' ' : bytes[at - 1];
    if (before == ' ' || before == ':' || before == ',' || at + 1 == bytes.size()) return false;
  }
  return true;
}

bool known_method(std::string_view method) {
  for (int i = 0; i <= HTTP_SOURCE; ++i)
    if (method == http_method_str(static_cast<http_method>(i))) return true;
  return false;
}

// Why http-parser may refuse what we accept; empty when there is no reason.
std::string explained(const Message& ours, const Message& theirs, std::string_view bytes) {
  if (bytes.find('\t') != bytes.npos &&
      (theirs.why == "HPE_INVALID_CONTENT_LENGTH" || theirs.why == "HPE_INVALID_TRANSFER_ENCODING"))
    return "it does not know the tab as optional whitespace (RFC 9110 5.6.3)";
  if (theirs.why == "HPE_INVALID_METHOD" && !known_method(ours.method))
    return "it has a list of methods";
  if (theirs.why == "HPE_INVALID_URL" || theirs.why == "HPE_INVALID_HOST")
    return "it refuses letters in targets that a router refuses later, or a query may hold";
  if (theirs.lines.size() > ours.lines.size())
    return "it reads trailers as if they framed the message; we check them and drop them";
  if (theirs.why == "HPE_INVALID_TRANSFER_ENCODING" ||
      theirs.why == "HPE_UNEXPECTED_CONTENT_LENGTH")
    for (const auto& [name, value] : ours.lines)
      if (name.size() > 17 && equal_ignoring_case(name.substr(0, 17), "transfer-encoding"))
        return "it takes a name that only begins so for Transfer-Encoding";
  return "";
}

const char* const kSeeds[] = {
    "GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: a b\r\nAccept: */*\r\n\r\n",
    "POST /a/b?c=d HTTP/1.1\r\nHost: h:80\r\nContent-Length: 5\r\nConnection: "
    "close\r\n\r\nhelloGET ",
    "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: "
    "h\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n0\r\nT: x\r\n\r\n",
    "GET http://h/q?x HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-A\r\nX-A:1\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\nCookie: c\r\nX-Empty:\r\n\r\n",
    "PUT /a HTTP/1.1\r\nhost:h\r\ncontent-length:0\r\nexpect:100-continue\r\n\r\n",
    "\r\nDELETE /a HTTP/1.1\r\nHost: [::1]:80\r\nX: \t v \t\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0\r\n\r\nGET "
    "/\r\n0\r\n\r\n",
};
const char* const kPieces[] = {"\r\n",
                               "\n",
                               "\r",
                               " ",
                               "\t",
                               ":",
                               ";",
                               ",",
                               "0",
                               "5",
                               "A",
                               "g",
                               "\r\n\r\n",
                               "\x01",
                               "\x7f",
                               "\xff",
                               "Content-Length: 5\r\n",
                               "Content-Length: 6\r\n",
                               "Transfer-Encoding: chunked\r\n",
                               "Transfer-Encoding: gzip, chunked\r\n",
                               "Transfer-Encoding:\r\n chunked\r\n",
                               "Host: other\r\n",
                               "Connection: close\r\n",
                               "Connection: keep-alive\r\n",
                               "X : y\r\n",
                               " folded\r\n",
                               "HTTP/1.0",
                               "HTTP/1.1",
                               "HTTP/2.0",
                               "http://h",
                               "#",
                               "?",
                               "*",
                               "0x",
                               "+",
                               "-",
                               "_",
                               "00000000000000000",
                               "ffffffffffffffff",
                               "Content-Length: 5, 5\r\n",
                               "Expect: x\r\n",
                               "CONNECT h:1",
                               "GET ",
                               "HEAD ",
                               "Content-Length : 5\r\n",
                               "content-length:\t5 \r\n",
                               "X:\r\n",
                               ": y\r\n",
                               "chunked",
                               "identity"};

std::string mutate(std::mt19937& random) {
  const auto pick = [&](size_t n) { return size_t(random() % n); };
  std::string bytes = kSeeds[pick(std::size(kSeeds))];
  for (size_t steps = pick(4); steps > 0; --steps) {
    const size_t at = pick(bytes.size() + 1);
    // Half of the time at a line's start, where most of the grammar is decided.
    const size_t line = bytes.find("\r\n", at);
    const size_t where = pick(2) && line != bytes.npos ? line + 2 : at;
    switch (pick(4)) {
      case 0:
      case 1:
        bytes.insert(where, kPieces[pick(std::size(kPieces))]);
        break;
      case 2:
        bytes.erase(where, 1 + pick(3));
        break;
      default:
        if (where < bytes.size()) bytes[where] = char(random());
    }
  }
  return bytes;
}

TEST(Oracle, WhatBothAcceptMeansTheSameToBoth) {
  std::mt19937 random(20261123);
  size_t both = 0;
  size_t only_we_refuse = 0;
  for (int i = 0; i < 300'000 && !testing::Test::HasFailure(); ++i) {
    const std::string bytes = mutate(random);
    SCOPED_TRACE(testing::PrintToString(bytes));
    Refusal why = Refusal::none;
    const Message ours = by_us(bytes, why);
    const Message theirs = by_http_parser(bytes);
    if (ours.accepted && theirs.accepted) {
      ++both;
      EXPECT_EQ(ours.method, theirs.method);
      EXPECT_EQ(ours.target, theirs.target);
      EXPECT_EQ(ours.body, theirs.body);
      EXPECT_EQ(ours.size, theirs.size);
      // With `close` and `keep-alive` at once it keeps an HTTP/1.0 connection, we do not; and it
      // does not know a token behind a tab or an empty list element.
      if (bytes.find('\t') == bytes.npos && plain_lists(bytes) &&
          (ours.keep_alive || bytes.find("close") == bytes.npos)) {
        EXPECT_EQ(ours.keep_alive, theirs.keep_alive);
      }
      // It gives trailers out as header lines; ours come first.
      ASSERT_LE(ours.lines.size(), theirs.lines.size());
      for (size_t line = 0; line < ours.lines.size(); ++line)
        EXPECT_EQ(ours.lines[line], theirs.lines[line]);
    } else if (ours.accepted) {
      EXPECT_NE(explained(ours, theirs, bytes), "") << theirs.why;
    } else if (theirs.accepted) {
      // We judge a line when its LF has come; give it one.
      if (why == Refusal::none) by_us(bytes + "\n", why);
      ++only_we_refuse;
      EXPECT_TRUE(kOnlyWeRefuse.count(why)) << name_of(why);
    }
  }
  // The comparison is one only when much of the input is accepted by both.
  EXPECT_GT(both, 50'000u);
  EXPECT_GT(only_we_refuse, 10'000u);
}

}  // namespace
}  // namespace sluice::http

#else
TEST(Oracle, WhatBothAcceptMeansTheSameToBoth) {
  GTEST_SKIP() << "libhttp-parser-dev is not installed";
}
#endif
