#include "runtime/table/cidr_ranges.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/table/client.h"

namespace sluice::table {
namespace {

__extension__ using Wide = unsigned __int128;
struct Range {
  Wide first, last;
};

Wide wide(const Address& address) { return Wide{address.high} << 64 | address.low; }

std::vector<Range> merge(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  std::vector<Range> merged;
  for (const Range& range : ranges) {
    // Touching: the last address is the one before; written so that the highest address does not
    // overflow.
    if (!merged.empty() &&
        (range.first <= merged.back().last || range.first - 1 == merged.back().last)) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

void split(Range range, int bits, bool v4, std::vector<std::string>& out) {
  for (;;) {
    // The largest block that begins at `first` and ends by `last`.
    int free = 0;
    while (free < bits) {
      const Wide size_minus_one = free + 1 == 128 ? ~Wide{0} : (Wide{1} << (free + 1)) - 1;
      if ((range.first & size_minus_one) != 0 || range.last - range.first < size_minus_one) break;
      ++free;
    }
    char buffer[kAddressText];
    const Address address{static_cast<uint64_t>(range.first >> 64),
                          static_cast<uint64_t>(range.first), v4};
    out.push_back(std::string(format_address(address, buffer)) + "/" + std::to_string(bits - free));
    const Wide end = range.first + (free == 128 ? ~Wide{0} : (Wide{1} << free) - 1);
    if (end >= range.last) return;
    range.first = end + 1;
  }
}

}  // namespace

CidrRanges merge_cidrs(const std::vector<std::string>& cidrs) {
  std::vector<Range> v4, v6;
  for (const std::string& text : cidrs) {
    const std::optional<Cidr> cidr = parse_cidr(text);
    SLUICE_CHECK(cidr.has_value(), "the CIDRs of a table were checked");
    const Wide first = wide(cidr->address);
    const int free = (cidr->address.v4 ? 32 : 128) - cidr->bits;
    const Wide last = first | (free == 128 ? ~Wide{0} : (Wide{1} << free) - 1);
    (cidr->address.v4 ? v4 : v6).push_back({first, last});
  }
  CidrRanges ranges;
  for (const Range& range : merge(std::move(v4))) {
    ranges.v4.push_back({static_cast<uint32_t>(range.first), static_cast<uint32_t>(range.last)});
  }
  for (const Range& range : merge(std::move(v6))) {
    ranges.v6.push_back(
        {static_cast<uint64_t>(range.first >> 64), static_cast<uint64_t>(range.first),
         static_cast<uint64_t>(range.last >> 64), static_cast<uint64_t>(range.last)});
  }
  return ranges;
}

std::vector<std::string> to_cidrs(std::span<const Range4> v4, std::span<const Range6> v6) {
  std::vector<std::string> cidrs;
  for (const Range4& range : v4) split({range.first, range.last}, 32, true, cidrs);
  for (const Range6& range : v6) {
    split({Wide{range.first_high} << 64 | range.first_low,
           Wide{range.last_high} << 64 | range.last_low},
          128, false, cidrs);
  }
  return cidrs;
}

}  // namespace sluice::table
