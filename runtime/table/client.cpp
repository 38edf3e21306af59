#include "runtime/table/client.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace sluice::table {
namespace {

uint64_t big_endian(const uint8_t* bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | bytes[i];
  return value;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool holds4(std::span<const Range4> ranges, uint32_t address) {
  auto above = std::upper_bound(ranges.begin(), ranges.end(), address,
                                [](uint32_t a, const Range4& range) { return a < range.first; });
  return above != ranges.begin() && address <= (above - 1)->last;
}

bool less(uint64_t a_high, uint64_t a_low, uint64_t b_high, uint64_t b_low) {
  return a_high != b_high ? a_high < b_high : a_low < b_low;
}

bool holds6(std::span<const Range6> ranges, const Address& address) {
  auto above = std::upper_bound(ranges.begin(), ranges.end(), address,
                                [](const Address& a, const Range6& range) {
                                  return less(a.high, a.low, range.first_high, range.first_low);
                                });
  if (above == ranges.begin()) return false;
  const Range6& range = *(above - 1);
  return !less(range.last_high, range.last_low, address.high, address.low);
}

// The elements of all lines from the right; an empty line is no element.
class FromRight {
 public:
  explicit FromRight(std::span<const std::string_view> lines) : lines_(lines) { next_line(); }
  bool more() const { return more_; }
  std::string_view next() {
    const size_t comma = line_.rfind(',');
    std::string_view element = line_;
    if (comma == std::string_view::npos) {
      next_line();
    } else {
      element = line_.substr(comma + 1);
      line_ = line_.substr(0, comma);
    }
    return trim(element);
  }

 private:
  void next_line() {
    more_ = false;
    while (!lines_.empty() && !more_) {
      line_ = lines_.back();
      lines_ = lines_.first(lines_.size() - 1);
      more_ = !trim(line_).empty();
    }
  }

  std::span<const std::string_view> lines_;
  std::string_view line_;
  bool more_ = false;
};

}  // namespace

Address Address::from_v6(const uint8_t bytes[16]) {
  static constexpr uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const uint64_t low = big_endian(bytes + 8);
  if (std::memcmp(bytes, kMapped, sizeof(kMapped)) == 0) return from_v4(static_cast<uint32_t>(low));
  return {big_endian(bytes), low, false};
}

std::optional<Address> parse_address(std::string_view text) {
  char copy[kAddressText];
  if (text.size() >= sizeof(copy) || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  uint8_t bytes[16];
  if (text.find(':') == std::string_view::npos) {
    if (inet_pton(AF_INET, copy, bytes) != 1) return std::nullopt;
    return Address::from_v4(uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 |
                            uint32_t{bytes[2]} << 8 | bytes[3]);
  }
  if (inet_pton(AF_INET6, copy, bytes) != 1) return std::nullopt;
  return Address::from_v6(bytes);
}

std::optional<Address> parse_forwarded_address(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest[0] != ':' || !is_port(rest.substr(1)))) return std::nullopt;
    const std::string_view inside = text.substr(1, close - 1);
    return inside.find(':') == std::string_view::npos ? std::nullopt : parse_address(inside);
  }
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos && text.find('.') < colon) {
    return is_port(text.substr(colon + 1)) ? parse_address(text.substr(0, colon)) : std::nullopt;
  }
  return parse_address(text);
}

std::string_view format_address(const Address& address, std::span<char> buffer) {
  if (buffer.size() < kAddressText) return {};
  uint8_t bytes[16];
  for (int i = 0; i < 8; ++i) {
    bytes[i] = static_cast<uint8_t>(address.high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<uint8_t>(address.low >> (56 - 8 * i));
  }
  const void* from = address.v4 ? static_cast<const void*>(bytes + 12) : bytes;
  inet_ntop(address.v4 ? AF_INET : AF_INET6, from, buffer.data(),
            static_cast<socklen_t>(buffer.size()));
  return buffer.data();
}

std::optional<Cidr> parse_cidr(std::string_view text) {
  const size_t slash = text.find('/');
  std::string_view host = text.substr(0, slash);
  const bool written_v6 = host.find(':') != std::string_view::npos;
  const std::optional<Address> address = parse_address(host);
  if (!address) return std::nullopt;
  int bits = written_v6 ? 128 : 32;
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    int value = -1;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || value < 0 || value > bits)
      return std::nullopt;
    bits = value;
  }
  if (written_v6 && address->v4) bits -= 96;  // ::ffff:a.b.c.d/120
  if (bits < 0) return std::nullopt;
  Cidr cidr{*address, static_cast<uint8_t>(bits)};
  const int free = (address->v4 ? 32 : 128) - bits;
  if (free >= 64) {
    cidr.address.low = 0;
    cidr.address.high &= free == 128 ? 0 : ~uint64_t{0} << (free - 64);
  } else {
    cidr.address.low &= ~uint64_t{0} << free;
  }
  return cidr;
}

bool contains(const Table& table, uint32_t cidr_set, const Address& address) {
  if (cidr_set == kNone) return false;
  const CidrSetRecord& set = table.cidr_sets()[cidr_set];
  if (address.v4) {
    return holds4(table.ranges4().subspan(set.v4.first, set.v4.count),
                  static_cast<uint32_t>(address.low));
  }
  return holds6(table.ranges6().subspan(set.v6.first, set.v6.count), address);
}

Client client_address(const Table& table, const Address& peer,
                      std::span<const std::string_view> forwarded_for) {
  const uint32_t trust = table.meta().trust;
  if (!contains(table, trust, peer)) return {.trusted = false, .address = peer};
  FromRight elements(forwarded_for);
  while (elements.more()) {
    const std::optional<Address> address = parse_forwarded_address(elements.next());
    if (!address) return {.trusted = true, .address = std::nullopt};
    if (!contains(table, trust, *address)) return {.trusted = true, .address = address};
  }
  return {.trusted = true, .address = peer};
}

}  // namespace sluice::table
