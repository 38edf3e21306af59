// The schema: which words stand in which block, how each is written, and one line on what it does.
// One table drives the shape check of sema, the suggestions of its errors and grammar/LANGUAGE.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice::model {

enum class Block : uint8_t {
  top,
  issuer,
  challenge,
  certificate,
  upstream,
  middleware,
  host,
  zone,
  route,
  tls,
  site,
  target,
  front,
  behind,
  test,
  request,
  none,
};
std::string_view to_string(Block block);  // "a `host` block", "the top level"

enum class SignRule : uint8_t { none, is, to, may_to };
enum class BlockRule : uint8_t { none, may, must };
enum class State : uint8_t { built, planned };
inline constexpr uint8_t kAnyNumber = 255;

struct Row {
  Block in;
  std::string_view word;
  std::string_view shape;  // how it is written, whole: "rate_limit N/s|m|h [burst N]"
  std::string_view doc;
  uint8_t min = 0,
          max = 0;    // items after the word in the first group; further groups hold 1 to max
  bool list = false;  // may commas follow
  SignRule sign = SignRule::none;
  BlockRule block = BlockRule::none;
  Block child = Block::none;  // the words of its block
  bool once = false;
  State state = State::built;
};

std::span<const Row> schema();
// nullptr: no such word there.
const Row* find_row(Block in, std::string_view word);
// The nearest word of a block, "" when none is near.
std::string_view nearest_word(Block in, std::string_view word);

// grammar/LANGUAGE.md, whole.
std::string language_page();

}  // namespace sluice::model
