#include <algorithm>
#include <array>
#include <cstdlib>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {
namespace {

// A range of either family as 16 bytes; IPv4 in the first four.
struct Range {
  std::array<uint8_t, 16> bytes{};
  int bits = 0;
  bool v6 = false;
};

bool bit(const Range& range, int at) { return (range.bytes[at / 8] >> (7 - at % 8)) & 1; }

Range parse(const std::string& text) {
  Range range;
  size_t slash = text.find('/');
  range.bits = std::atoi(text.c_str() + slash + 1);
  std::string address = text.substr(0, slash);
  range.v6 = address.find(':') != std::string::npos;
  if (!range.v6) {
    size_t at = 0;
    for (int i = 0; i < 4; ++i, at = address.find('.', at) + 1) {
      range.bytes[i] = static_cast<uint8_t>(std::atoi(address.c_str() + at));
    }
    return range;
  }
  // Groups before and after `::`.
  std::vector<int> head, tail;
  bool after = false;
  for (size_t at = 0; at < address.size();) {
    if (address[at] == ':') {
      if (at + 1 < address.size() && address[at + 1] == ':') after = true;
      ++at;
      continue;
    }
    size_t end = std::min(address.find(':', at), address.size());
    (after ? tail : head)
        .push_back(
            static_cast<int>(std::strtol(address.substr(at, end - at).c_str(), nullptr, 16)));
    at = end;
  }
  auto put = [&](size_t group, int value) {
    range.bytes[2 * group] = static_cast<uint8_t>(value >> 8);
    range.bytes[2 * group + 1] = static_cast<uint8_t>(value & 0xff);
  };
  for (size_t i = 0; i < head.size(); ++i) put(i, head[i]);
  for (size_t i = 0; i < tail.size(); ++i) put(8 - tail.size() + i, tail[i]);
  return range;
}

std::string print(const Range& range) {
  std::string text;
  if (!range.v6) {
    for (int i = 0; i < 4; ++i) text += (i ? "." : "") + std::to_string(range.bytes[i]);
    return text + "/" + std::to_string(range.bits);
  }
  // What follows the last group that is not zero is one `::`.
  int groups = 8;
  while (groups > 0 && range.bytes[2 * groups - 2] == 0 && range.bytes[2 * groups - 1] == 0)
    --groups;
  static constexpr char kHex[] = "0123456789abcdef";
  for (int i = 0; i < groups; ++i) {
    int value = range.bytes[2 * i] << 8 | range.bytes[2 * i + 1];
    std::string hex;
    for (int shift = 12; shift >= 0; shift -= 4) {
      int digit = (value >> shift) & 0xf;
      if (digit != 0 || !hex.empty() || shift == 0) hex += kHex[digit];
    }
    text += (i ? ":" : "") + hex;
  }
  if (groups < 8) text += "::";
  return text + "/" + std::to_string(range.bits);
}

bool inside(const Range& inner, const Range& outer) {
  if (inner.bits < outer.bits) return false;
  for (int at = 0; at < outer.bits; ++at) {
    if (bit(inner, at) != bit(outer, at)) return false;
  }
  return true;
}

void without(const Range& range, const std::vector<Range>& taken, plan::CidrList& out) {
  std::vector<Range> here;
  for (const Range& one : taken) {
    if (inside(range, one)) return;
    if (inside(one, range)) here.push_back(one);
  }
  if (here.empty()) return out.push_back(print(range));
  Range half = range;
  half.bits += 1;
  without(half, here, out);
  half.bytes[range.bits / 8] |= static_cast<uint8_t>(1 << (7 - range.bits % 8));
  without(half, here, out);
}

}  // namespace

plan::CidrList complement(const plan::CidrList& ranges) {
  std::vector<Range> v4, v6;
  for (const plan::Cidr& text : ranges) {
    Range range = parse(text);
    (range.v6 ? v6 : v4).push_back(range);
  }
  plan::CidrList result;
  without({{}, 0, false}, v4, result);
  without({{}, 0, true}, v6, result);
  return result;
}

}  // namespace sluice::targets::traefik
