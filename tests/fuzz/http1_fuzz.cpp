// The HTTP/1.1 codec against its own promises, for any bytes:
//  - the outcome of a parse does not depend on the pieces that the bytes come in;
//  - a head that was accepted is written so that it is accepted again, saying the same, and nothing
//    written holds a line end that is not CRLF;
//  - a body's payload and end do not depend on the pieces either, and payload never exceeds input.
// The first byte of the input chooses the kind of message and where it is split.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runtime/http/write_head.h"
#include "tests/unit/http/describe.h"

namespace sluice::http {
namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

struct Outcome {
  Parsed parsed = Parsed::incomplete;
  Refusal why = Refusal::none;
  std::string said;
  bool operator==(const Outcome&) const = default;
};

// Copies each prefix to a block of its own size, so that a byte too far is seen.
template <class Parse, class Head>
Outcome feed(std::string_view bytes, size_t step, Parse parse, const Head& head) {
  Parsed parsed = Parsed::incomplete;
  Refusal why = Refusal::none;
  Outcome outcome;
  for (size_t end = std::min(step, bytes.size());; end = std::min(end + step, bytes.size())) {
    const std::string copy(bytes.substr(0, end));
    parsed = parse(std::string_view(copy), why);
    if (parsed == Parsed::complete) outcome.said = describe(head);
    if (parsed != Parsed::incomplete || end == bytes.size()) break;
  }
  outcome.parsed = parsed;
  outcome.why = why;
  return outcome;
}

void check_line_ends(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') must(i > 0 && text[i - 1] == '\r');
    if (text[i] == '\r') must(i + 1 < text.size() && text[i + 1] == '\n');
    must(text[i] != '\0');
  }
}

std::string body_of(const HeaderBlock& head, std::string_view bytes, size_t step) {
  BodyDecoder decoder;
  decoder.start(head);
  std::string payload;
  size_t consumed = 0;
  bool open = true;
  for (size_t at = 0; at < bytes.size() && open; at += step) {
    const std::string copy(bytes.substr(at, step));
    std::string_view piece = copy;
    while (open) {
      const auto got = decoder.next(piece);
      payload += got.data;
      consumed += got.consumed;
      piece.remove_prefix(got.consumed);
      if (got.state == BodyDecoder::Step::State::need_more) break;
      open = got.state == BodyDecoder::Step::State::data;
    }
  }
  must(payload.size() <= bytes.size());
  if (decoder.refusal() != Refusal::none)
    return payload + "|" + std::string(name_of(decoder.refusal()));
  return payload + "|" + std::to_string(consumed) + (decoder.is_done() ? "|done" : "");
}

void fuzz_request(std::string_view bytes, size_t step) {
  const Limits limits{.max_head = 2000, .max_request_line = 1000, .max_headers = 20};
  RequestHead head;
  const auto outcome = [&](size_t by) {
    RequestParser parser(limits);
    return feed(
        bytes, by,
        [&](std::string_view b, Refusal& why) {
          const Parsed parsed = parser.parse(b, head);
          why = parser.refusal();
          return parsed;
        },
        head);
  };
  const Outcome whole = outcome(std::max<size_t>(bytes.size(), 1));
  must(outcome(step) == whole);
  if (whole.parsed != Parsed::complete) return;
  RequestParser parser(limits);
  must(parser.parse(bytes, head) == Parsed::complete);
  const std::string_view rest = bytes.substr(head.size);
  must(body_of(head, rest, step) == body_of(head, rest, std::max<size_t>(rest.size(), 1)));

  if (head.form != TargetForm::origin || head.minor == 0) return;
  char room[4096];
  const size_t size =
      write_request_head(head, {.forwarded = {.trusted = true}, .websocket = true}, room);
  const std::string_view written(room, size);
  must(size != 0 && size <= head.size + kHeadRoom);
  check_line_ends(written);
  RequestHead again;
  RequestParser reader;
  must(reader.parse(written, again) == Parsed::complete);
  must(again.size == size);
  // What the connection is to do and Expect are each hop's own.
  head.keep_alive = again.keep_alive;
  head.expect_continue = again.expect_continue;
  must(describe(head) == describe(again));
}

void fuzz_response(std::string_view bytes, size_t step, Asked asked) {
  const Limits limits{.max_head = 2000, .max_headers = 20};
  ResponseHead head;
  const auto outcome = [&](size_t by) {
    ResponseParser parser(limits);
    return feed(
        bytes, by,
        [&](std::string_view b, Refusal& why) {
          const Parsed parsed = parser.parse(b, asked, head);
          why = parser.refusal();
          return parsed;
        },
        head);
  };
  const Outcome whole = outcome(std::max<size_t>(bytes.size(), 1));
  must(outcome(step) == whole);
  if (whole.parsed != Parsed::complete) return;
  ResponseParser parser(limits);
  must(parser.parse(bytes, asked, head) == Parsed::complete);
  const std::string_view rest = bytes.substr(head.size);
  must(body_of(head, rest, step) == body_of(head, rest, std::max<size_t>(rest.size(), 1)));

  RequestHead request;
  request.keep_alive = true;
  char room[4096];
  const Framing framing = frame_response(request, head, true);
  const size_t size = write_response_head(head, {.framing = framing}, room);
  const std::string_view written(room, size);
  must(size != 0);
  check_line_ends(written);
  ResponseHead again;
  ResponseParser reader;
  must(reader.parse(written, asked, again) == Parsed::complete);
  must(again.size == size && again.status == head.status);
  if (head.status != 101) must(again.body == framing.body);
}

}  // namespace
}  // namespace sluice::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluice::http;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t step = 1 + (data[0] >> 2) % 32;
  switch (data[0] & 3) {
    case 0:
    case 1:
      fuzz_request(bytes, step);
      break;
    case 2:
      fuzz_response(bytes, step, {});
      break;
    default:
      fuzz_response(bytes, step, {.head = (data[0] & 4) != 0, .websocket = true});
  }
  return 0;
}
