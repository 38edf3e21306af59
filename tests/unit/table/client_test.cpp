// The rows of SEMANTICS M2 (meaning M4.1 to M4.3): who asks, and what the upstream is told.
#include "runtime/table/client.h"

#include <gtest/gtest.h>

#include <array>

#include "runtime/table/answer.h"
#include "runtime/table/forward.h"
#include "tests/unit/table/spec_help.h"

namespace sluice::table {
namespace {

std::string show(const std::optional<Address>& address) {
  std::array<char, kAddressText> buffer;
  return address ? std::string(format_address(*address, buffer)) : "none";
}

TEST(Addresses, ReadAndWritten) {
  const struct {
    const char *text, *shown;
  } rows[] = {{"192.0.2.1", "192.0.2.1"},
              {"::ffff:192.0.2.1", "192.0.2.1"},
              {"2001:DB8:0::1", "2001:db8::1"},
              {"::", "::"},
              {"0.0.0.0", "0.0.0.0"},
              {"255.255.255.255", "255.255.255.255"},
              {"1.2.3", "none"},
              {"1.2.3.256", "none"},
              {"01.2.3.4", "none"},
              {"1.2.3.4 ", "none"},
              {"", "none"},
              {"fe80::1%eth0", "none"},
              {"junk", "none"},
              {"[::1]", "none"},
              {"1.2.3.4:80", "none"}};
  for (const auto& row : rows) EXPECT_EQ(show(parse_address(row.text)), row.shown) << row.text;
}
TEST(Addresses, AsForwarded) {
  const struct {
    const char *text, *shown;
  } rows[] = {{"203.0.113.9:1234", "203.0.113.9"},
              {"[2001:db8::1]:80", "2001:db8::1"},
              {"[2001:db8::1]", "2001:db8::1"},
              {"2001:db8::1", "2001:db8::1"},
              {"::ffff:203.0.113.9", "203.0.113.9"},
              {"203.0.113.9:", "none"},
              {"203.0.113.9:x", "none"},
              {"[203.0.113.9]", "none"},
              {"[::1]:", "none"},
              {"[::1", "none"},
              {"unknown", "none"},
              {"203.0.113.9:123456", "none"}};
  for (const auto& row : rows)
    EXPECT_EQ(show(parse_forwarded_address(row.text)), row.shown) << row.text;
}
TEST(Cidrs, Parsed) {
  const auto text = [](std::string_view cidr) {
    const std::optional<Cidr> parsed = parse_cidr(cidr);
    return parsed ? show(parsed->address) + "/" + std::to_string(parsed->bits) : "none";
  };
  EXPECT_EQ(text("10.1.2.3/8"), "10.0.0.0/8");
  EXPECT_EQ(text("10.1.2.3"), "10.1.2.3/32");
  EXPECT_EQ(text("0.0.0.0/0"), "0.0.0.0/0");
  EXPECT_EQ(text("2001:db8:ffff::/33"), "2001:db8:8000::/33");
  EXPECT_EQ(text("2001:db8::1/96"), "2001:db8::/96");
  EXPECT_EQ(text("::/0"), "::/0");
  EXPECT_EQ(text("::ffff:10.0.0.0/104"), "10.0.0.0/8");
  for (const char* bad :
       {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "x/8", "10.0.0.0/8/8"}) {
    EXPECT_EQ(text(bad), "none") << bad;
  }
}

TableSpec spec_with(std::vector<std::string> trust, std::vector<std::string> allowed) {
  TableSpec spec;
  if (!trust.empty()) spec.edges = {{"edge", std::move(trust), false, false}};
  PolicySpec policy;
  policy.kind = PolicyKind::allow_ips;
  policy.cidrs = std::move(allowed);
  spec.policies = {policy};
  spec.hosts = {host("h", {with(prefix("/"), {0})})};
  return spec;
}
Client ask(const Table& table, const char* peer, std::vector<std::string_view> lines) {
  return client_address(table, *parse_address(peer), lines);
}

// List 203.0.113.9, 2001:db8::/32, 10.77.0.1; trusted 10.77.0.50/31.
TEST(ClientAddress, AsMeasured) {
  const Loaded t =
      load(spec_with({"10.77.0.50/31"}, {"203.0.113.9", "2001:db8::/32", "10.77.0.1"}));
  const struct {
    const char* peer;
    std::vector<std::string_view> lines;
    const char* client;
    bool let_in;
  } rows[] = {
      {"10.77.0.1", {}, "10.77.0.1", true},
      {"10.77.0.1", {"203.0.113.9"}, "10.77.0.1", true},
      {"10.77.0.60", {"203.0.113.9"}, "10.77.0.60", false},
      {"10.77.0.50", {}, "10.77.0.50", false},
      {"10.77.0.50", {"203.0.113.9"}, "203.0.113.9", true},
      {"10.77.0.50", {"203.0.113.9, 10.77.0.51"}, "203.0.113.9", true},
      {"10.77.0.50", {"203.0.113.9, 1.1.1.1"}, "1.1.1.1", false},
      {"10.77.0.50", {"1.1.1.1", "203.0.113.9"}, "203.0.113.9", true},
      {"10.77.0.50", {"203.0.113.9, junk"}, "none", false},
      {"10.77.0.50", {"203.0.113.9,"}, "none", false},
      {"10.77.0.50", {"junk"}, "none", false},
      {"10.77.0.50", {"junk, 203.0.113.9"}, "203.0.113.9", true},
      {"10.77.0.50", {""}, "10.77.0.50", false},
      {"10.77.0.50", {"203.0.113.9", " "}, "203.0.113.9", true},
      {"10.77.0.50", {"10.77.0.51"}, "10.77.0.50", false},
      {"10.77.0.50", {"203.0.113.9:1234"}, "203.0.113.9", true},
      {"10.77.0.50", {"[2001:db8::1]:80"}, "2001:db8::1", true},
      {"10.77.0.50", {"2001:db8::1"}, "2001:db8::1", true},
      {"10.77.0.50", {"::ffff:203.0.113.9"}, "203.0.113.9", true},
      {"::ffff:10.77.0.50", {"203.0.113.9"}, "203.0.113.9", true},
      {"10.77.0.50", {"6.6.6.6, 1.2.3.4 ,10.77.0.51"}, "1.2.3.4", false},
  };
  for (const auto& row : rows) {
    const Client client = ask(t.table, row.peer, row.lines);
    EXPECT_EQ(show(client.address), row.client)
        << row.peer << " " << (row.lines.empty() ? "" : row.lines[0]);
    EXPECT_EQ(clients_allow(t.table, t.table.chains()[0], client), row.let_in) << row.client;
  }
}

TEST(ClientAddress, NobodyIsTrustedWithoutAnEdge) {
  const Loaded t = load(spec_with({}, {"203.0.113.9"}));
  EXPECT_EQ(show(ask(t.table, "10.77.0.50", {"203.0.113.9"}).address), "10.77.0.50");
}

TEST(Sets, EdgesOfRanges) {
  const Loaded t =
      load(spec_with({"0.0.0.0/0", "::/0"},
                     {"10.0.0.0/9", "10.128.0.0/9", "255.255.255.255", "0.0.0.0", "ffff::/16"}));
  const uint32_t set = t.table.policies()[0].value;
  for (const char* inside :
       {"10.0.0.0", "10.255.255.255", "10.127.255.255", "255.255.255.255", "0.0.0.0",
        "ffff::", "ffff:ffff::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
    EXPECT_TRUE(contains(t.table, set, *parse_address(inside))) << inside;
  }
  for (const char* outside :
       {"9.255.255.255", "11.0.0.0", "255.255.255.254", "0.0.0.1", "fffe:ffff::", "::"}) {
    EXPECT_FALSE(contains(t.table, set, *parse_address(outside))) << outside;
  }
  EXPECT_FALSE(contains(t.table, kNone, *parse_address("10.0.0.1")));
}

TEST(Forwarded, TheListThatTheUpstreamGets) {
  std::array<char, 256> buffer;
  const auto list = [&](bool trusted, std::vector<std::string_view> lines) {
    return std::string(buffer.data(),
                       write_forwarded_for(trusted, lines, *parse_address("10.78.0.51"), buffer));
  };
  EXPECT_EQ(list(false, {"6.6.6.6"}), "10.78.0.51");
  EXPECT_EQ(list(true, {}), "10.78.0.51");
  EXPECT_EQ(list(true, {"6.6.6.6, 1.2.3.4, 10.78.0.52"}),
            "6.6.6.6, 1.2.3.4, 10.78.0.52, 10.78.0.51");
  EXPECT_EQ(list(true, {"6.6.6.6", "1.2.3.4"}), "6.6.6.6, 1.2.3.4, 10.78.0.51");
  std::array<char, 12> small;
  EXPECT_EQ(write_forwarded_for(true, std::vector<std::string_view>{"6.6.6.6"},
                                *parse_address("10.78.0.51"), small),
            0U);
}

TEST(Forwarded, WhatPasses) {
  const struct {
    const char* name;
    Passing stranger, trusted;
  } rows[] = {
      {"Accept", Passing::pass, Passing::pass},
      {"X-Forwarded-For", Passing::drop, Passing::replace},
      {"x-forwarded-proto", Passing::drop, Passing::replace},
      {"X-FORWARDED-HOST", Passing::drop, Passing::replace},
      {"X-Forwarded-Port", Passing::drop, Passing::pass},
      {"X-Forwarded-Prefix", Passing::drop, Passing::drop},
      {"X-Real-IP", Passing::drop, Passing::pass},
      {"Forwarded", Passing::drop, Passing::pass},
      {"X-Forwarded_For", Passing::drop, Passing::drop},
      {"X_Y", Passing::drop, Passing::drop},
      {"Connection", Passing::drop, Passing::drop},
      {"Keep-Alive", Passing::drop, Passing::drop},
      {"Proxy-Authorization", Passing::drop, Passing::drop},
      {"Transfer-Encoding", Passing::drop, Passing::drop},
      {"Upgrade", Passing::drop, Passing::drop},
      {"X-Custom", Passing::pass, Passing::pass},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(passing(row.name, false), row.stranger) << row.name;
    EXPECT_EQ(passing(row.name, true), row.trusted) << row.name;
  }
}

}  // namespace
}  // namespace sluice::table
