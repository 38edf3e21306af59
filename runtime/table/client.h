// Who asks (SEMANTICS M4.1, M4.3, U1, U2): addresses, CIDR sets, the client that a trusted peer
// names, and what the upstream is told. Pure; nothing is allocated.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/table/table.h"

namespace sluice::table {

// An IPv4 address, or an IPv6 one; ::ffff:a.b.c.d is the IPv4 address.
struct Address {
  uint64_t high = 0, low = 0;  // IPv4: low holds its 32 bits
  bool v4 = true;
  bool operator==(const Address&) const = default;

  static Address from_v4(uint32_t host_order) { return {0, host_order, true}; }
  static Address from_v6(const uint8_t bytes[16]);  // network order; unmaps
};
// "192.0.2.1", "2001:db8::1"; no port, no brackets, no zone.
std::optional<Address> parse_address(std::string_view text);
// As forwarded: also "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:80".
std::optional<Address> parse_forwarded_address(std::string_view text);
inline constexpr size_t kAddressText = 46;
std::string_view format_address(const Address& address, std::span<char> buffer);

struct Cidr {
  Address address;   // host bits zero
  uint8_t bits = 0;  // of 32 or 128
};
std::optional<Cidr> parse_cidr(std::string_view text);  // a bare address is its /32 or /128

// Whether the set (an index into cidr_sets; kNone holds nobody) holds the address.
bool contains(const Table& table, uint32_t cidr_set, const Address& address);

struct Client {
  bool trusted = false;  // the peer may speak for others
  std::optional<Address>
      address;  // nullopt: a trusted peer named no address (refused by lists, a bucket of its own)
};
// `forwarded_for`: the values of all X-Forwarded-For lines in the order received.
Client client_address(const Table& table, const Address& peer,
                      std::span<const std::string_view> forwarded_for);

}  // namespace sluice::table
