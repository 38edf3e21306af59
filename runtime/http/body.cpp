#include "runtime/http/body.h"

#include <algorithm>

#include "runtime/http/scan.h"

namespace sluice::http {
namespace {

int hex_digit(unsigned char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const unsigned char lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void BodyDecoder::start(const HeaderBlock& head, const BodyLimits& limits) noexcept {
  limits_ = limits;
  refusal_ = Refusal::none;
  left_ = 0;
  payload_ = 0;
  switch (head.body) {
    case BodyKind::none:
      stage_ = Stage::done;
      break;
    case BodyKind::length:
      left_ = head.content_length;
      stage_ = left_ == 0 ? Stage::done : Stage::length;
      if (left_ > limits_.max_body) refuse(Refusal::body_too_large, 0);
      break;
    case BodyKind::chunked:
      stage_ = Stage::size_first;
      digits_ = 0;
      line_extension_ = extensions_ = trailers_ = 0;
      break;
    case BodyKind::until_close:
      stage_ = Stage::until_close;
      break;
  }
}

BodyDecoder::Step BodyDecoder::refuse(Refusal why, size_t consumed) noexcept {
  refusal_ = why;
  stage_ = Stage::refused;
  return {Step::State::refused, consumed, {}};
}

BodyDecoder::Step BodyDecoder::next(std::string_view input) noexcept {
  using State = Step::State;
  switch (stage_) {
    case Stage::done:
      return {State::done, 0, {}};
    case Stage::refused:
      return {State::refused, 0, {}};
    case Stage::length: {
      if (input.empty()) return {State::need_more, 0, {}};
      const size_t size = size_t(std::min<uint64_t>(left_, input.size()));
      left_ -= size;
      payload_ += size;
      if (left_ == 0) stage_ = Stage::done;
      return {State::data, size, input.substr(0, size)};
    }
    case Stage::until_close: {
      if (input.empty()) return {State::need_more, 0, {}};
      if (input.size() > limits_.max_body - payload_) return refuse(Refusal::body_too_large, 0);
      payload_ += input.size();
      return {State::data, input.size(), input};
    }
    default:
      break;
  }
  for (size_t at = 0; at < input.size(); ++at) {
    if (stage_ == Stage::data) {
      const size_t size = size_t(std::min<uint64_t>(left_, input.size() - at));
      left_ -= size;
      payload_ += size;
      if (left_ == 0) stage_ = Stage::data_cr;
      return {State::data, at + size, input.substr(at, size)};
    }
    const auto c = static_cast<unsigned char>(input[at]);
    if (const Refusal why = framing_byte(c); why != Refusal::none) return refuse(why, at);
    if (stage_ == Stage::done) return {State::done, at + 1, {}};
  }
  return {State::need_more, input.size(), {}};
}

// One byte of what is not payload. Every stage names what may come; the rest is refused.
Refusal BodyDecoder::framing_byte(unsigned char c) noexcept {
  const auto is = [c](uint8_t which) { return is_class(char(c), which); };
  const auto to = [this](Stage stage) { return stage_ = stage, Refusal::none; };
  const auto no = [c](Refusal why) { return c == '\n' ? Refusal::bare_lf : why; };

  switch (stage_) {
    case Stage::size_first:
    case Stage::size: {
      if (const int digit = hex_digit(c); digit >= 0) {
        if (++digits_ > 16) return Refusal::bad_chunk_size;
        left_ = left_ << 4 | uint64_t(digit);
        return to(Stage::size);
      }
      if (stage_ == Stage::size && c == '\r') return to(Stage::size_lf);
      if (stage_ == Stage::size && c == ';') break;
      return no(Refusal::bad_chunk_size);
    }
    case Stage::size_lf:
      if (c != '\n') return Refusal::bare_cr;
      if (left_ > uint64_t{INT64_MAX}) return Refusal::bad_chunk_size;
      if (left_ > limits_.max_body - payload_) return Refusal::body_too_large;
      return to(left_ == 0 ? Stage::trailer_first : Stage::data);
    case Stage::data_cr:
      return c == '\r' ? to(Stage::data_lf) : no(Refusal::bad_chunk_end);
    case Stage::data_lf:
      if (c != '\n') return Refusal::bad_chunk_end;
      digits_ = 0;
      line_extension_ = 0;
      return to(Stage::size_first);
    default:
      break;
  }

  if (stage_ >= Stage::trailer_first) {
    if (++trailers_ > limits_.max_trailers) return Refusal::trailers_too_large;
    switch (stage_) {
      case Stage::trailer_first:
        if (c == '\r') return to(Stage::last_lf);
        return is(kTokenByte) ? to(Stage::trailer_name) : no(Refusal::bad_trailer);
      case Stage::trailer_name:
        if (c == ':') return to(Stage::trailer_value);
        return is(kTokenByte) ? Refusal::none : no(Refusal::bad_trailer);
      case Stage::trailer_value:
        if (c == '\r') return to(Stage::trailer_lf);
        return is(kValueByte) ? Refusal::none : no(Refusal::bad_trailer);
      case Stage::trailer_lf:
        return c == '\n' ? to(Stage::trailer_first) : Refusal::bare_cr;
      default:
        return c == '\n' ? to(Stage::done) : Refusal::bare_cr;  // last_lf
    }
  }

  // An extension: `;name`, `;name=token` or `;name="quoted"`, without blanks.
  if (++line_extension_ > limits_.max_chunk_extension ||
      ++extensions_ > limits_.max_chunk_extensions)
    return Refusal::chunk_extensions_too_long;
  const auto end = [&] {  // what may follow a complete extension
    if (c == ';') return to(Stage::extension_name_first);
    if (c == '\r') return to(Stage::size_lf);
    return no(Refusal::bad_chunk_extension);
  };
  switch (stage_) {
    case Stage::extension_name_first:
      return is(kTokenByte) ? to(Stage::extension_name) : no(Refusal::bad_chunk_extension);
    case Stage::extension_name:
      if (c == '=') return to(Stage::extension_value_first);
      return is(kTokenByte) ? Refusal::none : end();
    case Stage::extension_value_first:
      if (c == '"') return to(Stage::extension_quoted);
      return is(kTokenByte) ? to(Stage::extension_token) : no(Refusal::bad_chunk_extension);
    case Stage::extension_token:
      return is(kTokenByte) ? Refusal::none : end();
    case Stage::extension_quoted:
      if (c == '"') return to(Stage::extension_end);
      if (c == '\\') return to(Stage::extension_escape);
      return is(kValueByte) ? Refusal::none : no(Refusal::bad_chunk_extension);
    case Stage::extension_escape:
      return is(kValueByte) ? to(Stage::extension_quoted) : no(Refusal::bad_chunk_extension);
    default:
      return end();  // the `;` behind the size, or extension_end
  }
}

std::string_view chunk_header(uint64_t size, std::span<char, kMaxChunkHeader> out) noexcept {
  char* at = out.data() + out.size();
  *--at = '\n';
  *--at = '\r';
  do {
    *--at = "0123456789abcdef"[size & 15];
    size >>= 4;
  } while (size != 0);
  return {at, size_t(out.data() + out.size() - at)};
}

}  // namespace sluice::http
