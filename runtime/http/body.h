// Finds a message's body in the bytes behind its head, as spans of the input: nothing is copied.
// The chunk framing of the sender ends here; extensions and trailers are checked, bounded and not
// passed on. What goes out is framed anew by `chunk_header`.
#pragma once

#include <span>
#include <string_view>

#include "runtime/http/head.h"
#include "runtime/http/refusal.h"

namespace sluice::http {

class BodyDecoder {
 public:
  // One step takes `consumed` bytes from the front of the input; `data` is the part of them that is
  // payload. Call again with the rest until `need_more`, `done` or `refused`.
  struct Step {
    enum class State : uint8_t {
      data,       // there was payload; call again with the rest
      need_more,  // the input is used up
      done,       // the message ends with the last consumed byte; the rest is not its own
      refused,    // refusal() says why; the connection cannot be used further
    };
    State state;
    size_t consumed;
    std::string_view data;
  };

  // For one message; a decoder is reused by calling it again.
  void start(const HeaderBlock& head, const BodyLimits& limits = {}) noexcept;

  Step next(std::string_view input) noexcept;

  // The peer closed: true when the body may end so (until_close), or had ended. False is a
  // truncated message.
  bool may_end_at_eof() const noexcept {
    return stage_ == Stage::done || stage_ == Stage::until_close;
  }
  bool is_done() const noexcept { return stage_ == Stage::done; }
  Refusal refusal() const noexcept { return refusal_; }
  uint64_t payload() const noexcept { return payload_; }  // bytes given out so far
  // How many bytes are known to come still; 0 when not known (chunked, until_close).
  uint64_t remaining() const noexcept { return stage_ == Stage::length ? left_ : 0; }

 private:
  enum class Stage : uint8_t {
    done,
    length,
    until_close,
    size_first,
    size,
    extension_name_first,
    extension_name,
    extension_value_first,
    extension_token,
    extension_quoted,
    extension_escape,
    extension_end,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_first,
    trailer_name,
    trailer_value,
    trailer_lf,
    last_lf,
    refused,
  };
  Step refuse(Refusal why, size_t consumed) noexcept;
  Refusal framing_byte(unsigned char c) noexcept;

  Stage stage_ = Stage::done;
  Refusal refusal_ = Refusal::none;
  uint8_t digits_ = 0;
  uint64_t left_ = 0;  // of the length, or of the chunk
  uint64_t payload_ = 0;
  uint32_t line_extension_ = 0;
  uint32_t extensions_ = 0;
  uint32_t trailers_ = 0;
  BodyLimits limits_;
};

// Framing a chunked body: chunk_header(n), n bytes, kChunkEnd, ... and at last kLastChunk.
constexpr size_t kMaxChunkHeader = 18;
// Writes `<hex>\r\n` and gives back the written part. size must not be 0 (that would end the body).
std::string_view chunk_header(uint64_t size, std::span<char, kMaxChunkHeader> out) noexcept;
constexpr std::string_view kChunkEnd = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";
// Between two chunks one write may carry the end of the last and the header of the next; after the
// last payload, its end and the last chunk together.
constexpr std::string_view kChunkEndAndLast = "\r\n0\r\n\r\n";

}  // namespace sluice::http
