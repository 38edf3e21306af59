// The bytes: what is built is loaded and says the same; what is damaged is refused, and says why.
#include "runtime/table/table.h"

#include <gtest/gtest.h>
#include <xxhash.h>

#include <cstring>

#include "runtime/table/dump.h"
#include "runtime/table/match.h"
#include "tests/unit/table/everything.h"
#include "tests/unit/table/spec_help.h"

namespace sluice::table {
namespace {

std::string message_of(const std::string& bytes) {
  const Result<Table> table = Table::load(bytes);
  return table ? "loaded" : table.error().message;
}
void write_at(std::string& bytes, size_t offset, const auto& value) {
  std::memcpy(bytes.data() + offset, &value, sizeof(value));
}
// As a writer with a bug would leave it: wrong inside, right digest.
void sign(std::string& bytes) {
  const XXH128_hash_t digest = XXH3_128bits(bytes.data() + kDigested, bytes.size() - kDigested);
  write_at(bytes, offsetof(Header, digest), digest.low64);
  write_at(bytes, offsetof(Header, digest) + 8, digest.high64);
}
template <class Record>
size_t offset_of(const Loaded& loaded, std::span<const Record> section) {
  return static_cast<size_t>(reinterpret_cast<const char*>(section.data()) - loaded.bytes.data());
}

constexpr const char* kDump = R"(table version 1
site edge
listen http 80
listen https 8443
edge cloudflare tls_ended trust 103.21.244.0/22, 173.245.48.0/20, 2400:cb00::/32
need basic_auth
need host_exact
gap mirror on api.example.com "no shadow traffic"
certificate api-example-com from acme issuer letsencrypt directory https://ca.example/directory email ops@example.com challenge http-01 secret api-example-com-tls names api.example.com
certificate wildcard shared from files certificate /etc/tls/w.crt key /etc/tls/w.key names *.example.com, example.com
upstream api http written api service honeydue/api:8000 at api:8000
upstream canary https written canary at 10.0.0.5:8443 weight 2, [2001:db8::5]:8443
upstream socket http at /run/app.sock
upstream inner http at host.docker.internal:30080
front k3d -> inner
policy cloudflare-only allow_peers 127.0.0.1/32, 173.245.48.0/20 in cloudflare-only
policy office allow_ips 10.0.0.0/8, 203.0.113.9/32, 2001:db8::/32 in office
policy banned deny_ips 10.6.6.6/32
policy throttle rate_limit 100 in 60s burst 200 by client_ip in throttle
policy admin-auth basic_auth users admin-users realm "admin \"area\"" in admin-auth
policy by-key rate_limit 5 in 1s burst 5 by header X-Key
policy security.headers headers in security.headers
  request set X-From "edge"
  request remove X-Debug
  response set Strict-Transport-Security "max-age=31536000"
  response add X-Hop "edge"
  response remove Server
policy strip-v1 strip_prefix /v1
host * object any tls off plain_http serve
  prefix / -> redirect 303 "/gone" object /
host **.apps.example.com object deep tls off plain_http serve
  prefix / -> front k3d object /
host *.example.com object wildcard-example-com tls wildcard plain_http refuse
  prefix / -> front k3d object /
host api.example.com object honeydue-api tls api-example-com plain_http redirect
  exact /healthz -> respond 200 "ok\n" as text/plain; charset=utf-8 object /healthz
  regex "^/u/[0-9]+$" -> canary object ^/u/[0-9]+$
  prefix / -> api object /
    use security.headers
  prefix /admin -> socket object /admin
    use office
    use banned
    use admin-auth
    use by-key
    use security.headers
  prefix /old -> redirect permanent "https://new.example/x" keep_rest keep_query object /old
  prefix /v1 -> api 90%, canary 10% object /v1
    use cloudflare-only
    use throttle
    use security.headers
    use strip-v1
)";

TEST(TableBytes, WhatIsBuiltIsReadBack) { EXPECT_EQ(dump(load(everything()).table), kDump); }

TEST(TableBytes, TheSameSpecGivesTheSameBytes) {
  EXPECT_EQ(build(everything()), build(everything()));
}

TEST(TableBytes, AnEmptyTableLoads) {
  const Loaded loaded = load(TableSpec{});
  EXPECT_EQ(choose_host(loaded.table, "a.test"), nullptr);
}

TEST(TableBytes, EveryTruncationIsRefused) {
  const std::string bytes = build(everything());
  for (size_t length = 0; length < bytes.size(); ++length) {
    const std::string cut = bytes.substr(0, length);
    EXPECT_NE(message_of(cut), "loaded") << length;
  }
  EXPECT_EQ(message_of(bytes.substr(0, 10)), "too short for a table: 10 bytes");
  EXPECT_EQ(message_of(bytes.substr(0, bytes.size() - 1)),
            "the table is truncated: " + std::to_string(bytes.size() - 1) + " of " +
                std::to_string(bytes.size()) + " bytes");
  EXPECT_EQ(message_of(bytes + "x"), "the table is followed by 1 bytes that are not its own");
}

TEST(TableBytes, EveryFlippedBitIsSeen) {
  std::string bytes = build(everything());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<char>(1 << bit % 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
    EXPECT_NE(message_of(bytes), "loaded") << "bit " << bit % 8 << " of byte " << bit / 8;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
  }
  EXPECT_EQ(message_of(bytes), "loaded");
}

// The same with a digest that fits: now the verifier alone stands between the bytes and the
// matcher. Not every change is wrong (a weight, a letter), but whatever loads must be safe to use.
TEST(TableBytes, WhatPassesTheVerifierIsSafeToUse) {
  const std::string good = build(everything());
  size_t refused = 0;
  for (size_t i = kDigested; i < good.size(); ++i) {
    for (const int change : {1 << (i % 8), 0x80, 0xff}) {
      std::string bytes = good;
      bytes[i] = static_cast<char>(bytes[i] ^ change);
      sign(bytes);
      const Result<Table> table = Table::load(bytes);
      if (!table) {
        ++refused;
        EXPECT_NE(table.error().message, "");
        continue;
      }
      EXPECT_FALSE(dump(*table).empty());
      for (const char* name :
           {"api.example.com", "x.example.com", "a.b.apps.example.com", "other"}) {
        for (const char* path : {"/", "/v1/a", "/healthz", "/u/7", "/old/x"})
          match(*table, name, path);
        choose_certificate(*table, name);
      }
    }
  }
  EXPECT_GT(refused, good.size());
}

TEST(TableBytes, EachCauseHasItsOwnWords) {
  const std::string good = build(everything());
  std::string bytes = good;
  bytes[0] = 'X';
  EXPECT_EQ(message_of(bytes), "not a table: wrong magic");
  bytes = good;
  write_at(bytes, offsetof(Header, endian), uint32_t{0x04030201});
  EXPECT_EQ(message_of(bytes), "the table was written for another byte order");
  bytes = good;
  write_at(bytes, offsetof(Header, version), uint32_t{7});
  EXPECT_EQ(message_of(bytes), "the table has format version 7; this program reads version 1");
  EXPECT_EQ(Table::load(bytes).error().code, ErrorCode::unsupported);
  bytes = good;
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_EQ(message_of(bytes), "the table is damaged: its digest does not match its bytes");
  bytes = good;
  write_at(bytes, sizeof(Header), uint64_t{1} << 60);
  sign(bytes);
  EXPECT_EQ(message_of(bytes),
            "malformed table: section site does not begin where the one before it ends");
}

TEST(TableBytes, TheVerifierNamesWhatIsWrong) {
  const Loaded good = load(everything());
  struct Row {
    size_t offset;
    uint32_t value;
    const char* message;
  };
  const Table& t = good.table;
  size_t used = 0;
  while (t.host_slots()[used].id == kNone) ++used;
  const Row rows[] = {
      {offset_of(good, t.hosts()) + offsetof(HostRecord, certificate), 99,
       "hosts[0]: an index is out of range"},
      {offset_of(good, t.hosts()) + offsetof(HostRecord, name), 0xfffffff0,
       "hosts[0]: a text lies outside the strings"},
      {offset_of(good, t.hosts()) + offsetof(HostRecord, prefix), 2,
       "hosts[0]: a route is not where it belongs"},
      {offset_of(good, t.routes()) + offsetof(RouteRecord, chain), 77,
       "hosts[0]: an index is out of range"},
      {offset_of(good, t.routes()) + offsetof(RouteRecord, above), 0,
       "hosts[0]: a route does not name the prefix above it"},
      {offset_of(good, t.host_labels()) + sizeof(LabelRecord) + offsetof(LabelRecord, parent), 2,
       "host_labels[1]: a node stands before its parent"},
      {offset_of(good, t.host_slots()) + used * sizeof(Slot) + offsetof(Slot, tag), 1,
       "hosts[3]: a name cannot be found, or stands twice"},
      {offset_of(good, t.chains()) + offsetof(ChainRecord, flags), kChainFlags,
       "chains[0]: its summary does not fit its steps"},
      {offset_of(good, t.shares()) + offsetof(ShareRecord, weight), 1,
       "pools[0]: a pool's shares do not sum to 10000"},
      {offset_of(good, t.ranges4()) + offsetof(Range4, first), 0xffffffff,
       "cidr_sets[0]: a range ends before it begins"},
      {offset_of(good, t.responds()) + offsetof(RespondRecord, status), 42,
       "responds[0]: a field is out of range"},
      {offset_of(good, t.members()) + offsetof(MemberRecord, port), 0,
       "members[0]: a member without a port is no path"},
  };
  for (const Row& row : rows) {
    std::string bytes = good.bytes;
    write_at(bytes, row.offset, row.value);
    sign(bytes);
    const std::string message = message_of(bytes);
    EXPECT_EQ(message, std::string("malformed table: ") + row.message);
  }
}

TEST(TableBytes, HeaderInjectionThroughATableIsRefused) {
  TableSpec spec = everything();
  spec.policies[6].response[0].value = "a\r\nX-Evil: 1";
  EXPECT_EQ(message_of(build(spec)),
            "malformed table: edits[2]: a header value holds a control byte");
}

TEST(TableBytes, ARegexThatDoesNotCompileIsRefused) {
  TableSpec spec;
  spec.hosts = {host("a.test", {regex("^/(")})};
  EXPECT_EQ(message_of(build(spec)).substr(0, 30), "malformed table: regex `^/(`: ");
}

}  // namespace
}  // namespace sluice::table
