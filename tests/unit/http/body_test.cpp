// Bodies: what is payload, where the message ends, and what is refused. Each case is decoded whole,
// split at every point and byte by byte.
#include "tests/unit/http/support.h"

namespace sluice::http {
namespace {

HeaderBlock framed(BodyKind kind, uint64_t length = 0) {
  HeaderBlock head;
  head.body = kind;
  head.content_length = length;
  return head;
}

struct Decoded {
  std::string payload;
  size_t consumed = 0;  // up to the end, if it came
  bool done = false;
  Refusal refusal = Refusal::none;
  bool operator==(const Decoded&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Decoded& d) {
  return out << d.payload << " " << d.consumed << (d.done ? " done " : " ") << name_of(d.refusal);
}

// Feeds the pieces one behind the other.
Decoded decode(const HeaderBlock& head, std::initializer_list<std::string_view> pieces,
               const BodyLimits& limits) {
  BodyDecoder decoder;
  decoder.start(head, limits);
  Decoded out;
  for (std::string_view piece : pieces) {
    for (;;) {
      const auto step = decoder.next(piece);
      out.payload += step.data;
      out.consumed += step.consumed;
      piece.remove_prefix(step.consumed);
      if (step.state != BodyDecoder::Step::State::data) break;
    }
    if (decoder.refusal() != Refusal::none) break;
  }
  out.done = decoder.is_done();
  out.refusal = decoder.refusal();
  EXPECT_EQ(decoder.payload(), out.payload.size());
  if (out.refusal != Refusal::none) out.consumed = 0;
  return out;
}

Decoded decode_all_ways(const HeaderBlock& head, std::string_view bytes, BodyLimits limits = {}) {
  const Decoded whole = decode(head, {bytes}, limits);
  for (size_t at = 0; at <= bytes.size(); ++at)
    EXPECT_EQ(decode(head, {bytes.substr(0, at), bytes.substr(at)}, limits), whole)
        << "split at " << at;
  for (size_t at = 0; at + 1 < bytes.size(); ++at)
    EXPECT_EQ(
        decode(head, {bytes.substr(0, at), bytes.substr(at, 1), bytes.substr(at + 1)}, limits),
        whole);
  return whole;
}
Decoded chunked(std::string_view bytes, BodyLimits limits = {}) {
  return decode_all_ways(framed(BodyKind::chunked), bytes, limits);
}

TEST(Body, NoneEndsAtOnce) {
  EXPECT_EQ(decode_all_ways(framed(BodyKind::none), "GET /"), (Decoded{"", 0, true}));
  EXPECT_EQ(decode_all_ways(framed(BodyKind::length, 0), "GET /"), (Decoded{"", 0, true}));
}

TEST(Body, LengthTakesItsBytesAndNoMore) {
  EXPECT_EQ(decode_all_ways(framed(BodyKind::length, 5), "helloGET /"),
            (Decoded{"hello", 5, true}));
  EXPECT_EQ(decode_all_ways(framed(BodyKind::length, 9), "hello"), (Decoded{"hello", 5, false}));
}

TEST(Body, UntilCloseTakesAll) {
  EXPECT_EQ(decode_all_ways(framed(BodyKind::until_close), "hello"), (Decoded{"hello", 5, false}));
  BodyDecoder decoder;
  decoder.start(framed(BodyKind::until_close));
  EXPECT_TRUE(decoder.may_end_at_eof());
  decoder.start(framed(BodyKind::length, 5));
  EXPECT_FALSE(decoder.may_end_at_eof());
  EXPECT_EQ(decoder.remaining(), 5u);
  decoder.start(framed(BodyKind::chunked));
  EXPECT_FALSE(decoder.may_end_at_eof());
}

TEST(Body, AReusedDecoderForgetsTheLastMessage) {
  BodyDecoder decoder;
  for (std::string_view last : {"10;extension\r\nx", "0\r\nTrailer: x", "5\r\nhel", "g"}) {
    decoder.start(framed(BodyKind::chunked));
    for (auto step = decoder.next(last); step.state == BodyDecoder::Step::State::data;
         step = decoder.next(last)) {
      last.remove_prefix(step.consumed);
    }
    decoder.start(framed(BodyKind::chunked), {.max_chunk_extension = 3, .max_trailers = 6});
    std::string_view bytes = "0;a\r\nX:\r\n\r\n";
    EXPECT_EQ(decoder.next(bytes).consumed, bytes.size()) << name_of(decoder.refusal());
    EXPECT_TRUE(decoder.is_done());
    EXPECT_EQ(decoder.payload(), 0u);
    decoder.start(framed(BodyKind::none));
    EXPECT_TRUE(decoder.is_done());
  }
}

TEST(Body, PayloadIsASpanOfTheInput) {
  const std::string bytes = "5\r\nhello\r\n0\r\n\r\n";
  BodyDecoder decoder;
  decoder.start(framed(BodyKind::chunked));
  EXPECT_EQ(decoder.next(bytes).data.data(), bytes.data() + 3);
}

TEST(Chunked, GivesThePayloadAndFindsTheEnd) {
  const std::string end = "0\r\n\r\n";
  const auto accepted = [](std::string bytes, std::string payload) {
    EXPECT_EQ(chunked(bytes + "GET /"), (Decoded{payload, bytes.size(), true})) << bytes;
  };
  accepted(end, "");
  accepted("5\r\nhello\r\n" + end, "hello");
  accepted("5\r\nhello\r\n1\r\n!\r\n" + end, "hello!");
  accepted("a\r\n0123456789\r\n" + end, "0123456789");
  accepted("A\r\n\r\n0\r\n\r\nGET\r\n" + end, "\r\n0\r\n\r\nGET");
  accepted("0000000000000005\r\nhello\r\n" + end, "hello");
  accepted("000\r\n\r\n", "");
  accepted("5;name\r\nhello\r\n" + end, "hello");
  accepted("5;name=value;b=\"q \\\" \t\"\r\nhello\r\n0;last\r\n\r\n", "hello");
  accepted("5\r\nhello\r\n0\r\nTrailer: t\r\nX:\r\n\r\n", "hello");
}

TEST(Chunked, RefusesWhatAnotherCouldReadDifferently) {
  const struct {
    const char* bytes;
    Refusal why;
  } cases[] = {
      {"\r\n", Refusal::bad_chunk_size},
      {";x\r\n", Refusal::bad_chunk_size},
      {" 5\r\nhello\r\n", Refusal::bad_chunk_size},
      {"5 \r\nhello\r\n", Refusal::bad_chunk_size},
      {"5\t\r\nhello\r\n", Refusal::bad_chunk_size},
      {"0x5\r\nhello\r\n", Refusal::bad_chunk_size},
      {"+5\r\nhello\r\n", Refusal::bad_chunk_size},
      {"-5\r\nhello\r\n", Refusal::bad_chunk_size},
      {"g\r\n", Refusal::bad_chunk_size},
      {"5_0\r\n", Refusal::bad_chunk_size},
      {"5,5\r\n", Refusal::bad_chunk_size},
      {"00000000000000005\r\n", Refusal::bad_chunk_size},
      {"FFFFFFFFFFFFFFFF\r\n", Refusal::bad_chunk_size},
      {"8000000000000000\r\n", Refusal::bad_chunk_size},
      {"10000000000000000\r\n", Refusal::bad_chunk_size},
      {"5\nhello\r\n", Refusal::bare_lf},
      {"5\r\r\nhello\r\n", Refusal::bare_cr},
      {"5\rXhello\r\n", Refusal::bare_cr},
      {"5\r\nhello\n0\r\n\r\n", Refusal::bare_lf},
      {"5\r\nhelloX0\r\n\r\n", Refusal::bad_chunk_end},
      {"5\r\nhello\rX", Refusal::bad_chunk_end},
      {"5\r\nhello0\r\n\r\n", Refusal::bad_chunk_end},
      {"5\r\nhello5\r\n", Refusal::bad_chunk_end},
      {"5;\r\nhello", Refusal::bad_chunk_extension},
      {"5; a\r\nhello", Refusal::bad_chunk_extension},
      {"5;a =b\r\nhello", Refusal::bad_chunk_extension},
      {"5;a=\r\nhello", Refusal::bad_chunk_extension},
      {"5;a=\"x\r\nhello", Refusal::bad_chunk_extension},
      {"5;a\nhello", Refusal::bare_lf},
      {"5;a=\"\n\"\r\nhello", Refusal::bare_lf},
      {"0\r\nX: a\n\r\n", Refusal::bare_lf},
      {"0\r\nX : a\r\n\r\n", Refusal::bad_trailer},
      {"0\r\n folded\r\n\r\n", Refusal::bad_trailer},
      {"0\r\nX: a\r\n b\r\n\r\n", Refusal::bad_trailer},
      {"0\r\nno colon\r\n\r\n", Refusal::bad_trailer},
      {"0\r\n: x\r\n\r\n", Refusal::bad_trailer},
      {"0\r\nX: a\rb\r\n\r\n", Refusal::bare_cr},
      {"0\r\n\n", Refusal::bare_lf},
      {"0\r\n\rX", Refusal::bare_cr},
      {"0\r\nGET / HTTP/1.1\r\n", Refusal::bad_trailer},
  };
  for (const auto& c : cases)
    EXPECT_EQ(name_of(chunked(c.bytes).refusal), name_of(c.why)) << c.bytes;
}

TEST(Chunked, ExtensionsAndTrailersAreBounded) {
  const auto line = [](size_t extension) {
    return "1;" + std::string(extension - 1, 'x') + "\r\nA\r\n";
  };
  EXPECT_EQ(chunked(line(255) + "0\r\n\r\n").done, true);
  EXPECT_EQ(chunked(line(256) + "0\r\n\r\n").refusal, Refusal::chunk_extensions_too_long);
  std::string many;
  for (int i = 0; i < 65; ++i) many += line(255);
  EXPECT_EQ(decode(framed(BodyKind::chunked), {many}, {}).refusal,
            Refusal::chunk_extensions_too_long);
  const BodyLimits limits{.max_trailers = 10};
  EXPECT_EQ(chunked("0\r\nX: abcd\r\n\r\n", limits).refusal, Refusal::trailers_too_large);
  EXPECT_TRUE(chunked("0\r\nX: a\r\n\r\n", limits).done);
}

TEST(Body, AllKindsAreHeldToMaxBody) {
  const BodyLimits limits{.max_body = 5};
  EXPECT_TRUE(decode_all_ways(framed(BodyKind::length, 5), "hello", limits).done);
  EXPECT_EQ(decode_all_ways(framed(BodyKind::length, 6), "hello!", limits).refusal,
            Refusal::body_too_large);
  EXPECT_TRUE(chunked("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", limits).done);
  EXPECT_EQ(chunked("3\r\nhel\r\n3\r\nlo!\r\n0\r\n\r\n", limits).refusal, Refusal::body_too_large);
  EXPECT_EQ(decode(framed(BodyKind::until_close), {"hello", "!"}, limits).refusal,
            Refusal::body_too_large);
}

TEST(Chunked, WhatIsFramedAnewDecodesToTheSame) {
  for (const size_t size : {size_t{1}, size_t{15}, size_t{16}, size_t{255}, size_t{4096}}) {
    const std::string payload(size, 'p');
    char room[kMaxChunkHeader];
    std::string bytes(chunk_header(size, room));
    bytes.append(payload).append(kChunkEnd);
    bytes.append(chunk_header(2, room)).append("xy").append(kChunkEndAndLast);
    EXPECT_EQ(decode(framed(BodyKind::chunked), {bytes}, {}),
              (Decoded{payload + "xy", bytes.size(), true}));
  }
  char room[kMaxChunkHeader];
  EXPECT_EQ(chunk_header(UINT64_MAX, room), "ffffffffffffffff\r\n");
}

}  // namespace
}  // namespace sluice::http
