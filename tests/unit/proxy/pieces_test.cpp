// The pure pieces of the proxy: choices, buckets, passwords, log lines.
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "runtime/proxy/access_log.h"
#include "runtime/proxy/password_cache.h"
#include "runtime/proxy/rate_limiter.h"
#include "runtime/proxy/user_list.h"
#include "runtime/proxy/weighted.h"

namespace sluice::proxy {
namespace {

TEST(Weighted, SharesAreExactOverALongRun) {
  const std::array<uint32_t, 3> weights = {9000, 1000, 0};
  std::array<int64_t, 3> state{};
  std::map<size_t, int> chosen;
  for (int i = 0; i < 1000; ++i)
    ++chosen[choose_weighted(state, [&](size_t n) { return weights[n]; })];
  EXPECT_EQ(chosen[0], 900);
  EXPECT_EQ(chosen[1], 100);
  EXPECT_EQ(chosen.count(2), 0u);
}

TEST(Weighted, TheHeavyOneIsSpread) {
  const std::array<uint32_t, 2> weights = {2, 1};
  std::array<int64_t, 2> state{};
  std::string order;
  for (int i = 0; i < 6; ++i)
    order += static_cast<char>('a' + choose_weighted(state, [&](size_t n) { return weights[n]; }));
  EXPECT_EQ(order, "abaaba");
}

TEST(Weighted, NoneWithoutWeights) {
  std::array<int64_t, 2> state{};
  EXPECT_EQ(choose_weighted(state, [](size_t) { return 0u; }), 2u);
}

constexpr int64_t kSecond = 1'000'000;

TEST(RateLimiter, GivesTheBurstThenRefillsContinuously) {
  RateLimiter limiter(1 << 10);
  const Limit limit{.count = 60, .period_seconds = 60, .burst = 5};  // a token a second
  const Hash128 key{1, 2};
  int64_t now = 1000 * kSecond;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.take(key, limit, now), 0) << i;
  EXPECT_EQ(limiter.take(key, limit, now), kSecond);
  EXPECT_EQ(limiter.take(key, limit, now + kSecond / 2), kSecond / 2);
  EXPECT_EQ(limiter.take(key, limit, now + kSecond), 0);
  EXPECT_NE(limiter.take(key, limit, now + kSecond), 0);
  now += 3600 * kSecond;  // never more than the burst
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.take(key, limit, now), 0) << i;
  EXPECT_NE(limiter.take(key, limit, now), 0);
}

TEST(RateLimiter, KeysHaveBucketsOfTheirOwn) {
  RateLimiter limiter(1 << 10);
  const Limit limit{.count = 1, .period_seconds = 3600, .burst = 1};
  EXPECT_EQ(limiter.take({2, 7}, limit, kSecond), 0);
  EXPECT_EQ(limiter.take({4, 7}, limit, kSecond), 0);
  EXPECT_NE(limiter.take({2, 7}, limit, kSecond), 0);
}

TEST(RateLimiter, AFloodOfKeysNeverStopsTraffic) {
  RateLimiter limiter(1 << 6);
  const Limit limit{.count = 1, .period_seconds = 3600, .burst = 1};
  for (uint64_t i = 0; i < 10'000; ++i) EXPECT_EQ(limiter.take({2 * i + 2, i}, limit, kSecond), 0);
}

// By `openssl passwd -6 -salt salt secret`, and a bcrypt hash of another one.
constexpr char kUsers[] =
    "# people\n"
    "\n"
    "alice:$6$salt$egUxKNxDs8kPfh8iPMNcosMhb2eWah6d3R44JDm5Rj/j/"
    "XWR5E33QPd0YmHXoDHOIDR6kL5D3JcQcz0O8FHE00\r\n"
    "bob:$2b$04$abcdefghijklmnopqrstuuSNmYw2sY0Fk2xHAtl0hdpyPiTBIWHFq\n";

TEST(UserList, ReadsHtpasswdLines) {
  const auto list = UserList::parse(kUsers, "users");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_TRUE(list->find("alice").known);
  EXPECT_TRUE(list->find("bob").known);
  EXPECT_FALSE(list->find("carol").known);
  EXPECT_FALSE(list->find("carol").hash.empty());  // something to compute all the same
}

TEST(UserList, ErrorsNameTheLine) {
  const auto no_hash = UserList::parse("alice\n", "users");
  ASSERT_FALSE(no_hash);
  EXPECT_EQ(no_hash.error().message, "users, line 1: not `name:hash`");
  const auto clear = UserList::parse("\nalice:secret\n", "users");
  ASSERT_FALSE(clear);
  EXPECT_NE(clear.error().message.find("users, line 2"), std::string::npos);
  EXPECT_FALSE(UserList::parse("# nobody\n", "users"));
}

TEST(UserList, ChecksPasswords) {
  const std::string hash = "$5$salt$kpa26zwgX83BPSR8d7w93OIXbFt/d3UOTZaAu5vsTM6";
  EXPECT_TRUE(UserList::check("secret", hash));
  EXPECT_FALSE(UserList::check("wrong", hash));
  EXPECT_FALSE(UserList::check("secret", "*0"));
  EXPECT_FALSE(UserList::check("secret", ""));
}

TEST(Basic, IsDecoded) {
  std::string name, password;
  ASSERT_TRUE(parse_basic("Basic YWxpY2U6c2VjOnJldA==", name, password));
  EXPECT_EQ(name, "alice");
  EXPECT_EQ(password, "sec:ret");
  ASSERT_TRUE(parse_basic("basic YTo=", name, password));
  EXPECT_EQ(password, "");
  for (const char* bad :
       {"", "Basic", "Basic ", "Bearer YTpi", "Basic YTpi!", "Basic YQ==", "Basic YToA"}) {
    EXPECT_FALSE(parse_basic(bad, name, password)) << bad;
  }
}

TEST(PasswordCache, KnowsOnlyWhatWasAddedUnderTheSameHash) {
  PasswordCache cache;
  const SipKey secret{1, 2};
  const Hash128 key = PasswordCache::key(secret, "alice", "secret", "$2b$…");
  EXPECT_FALSE(cache.has(key));
  cache.add(key);
  EXPECT_TRUE(cache.has(key));
  EXPECT_FALSE(cache.has(PasswordCache::key(secret, "alice", "secret", "$2b$other")));
  EXPECT_FALSE(cache.has(PasswordCache::key(secret, "alices", "ecret", "$2b$…")));
}

TEST(AccessLog, StringsAreJsonWhateverWasSent) {
  std::string out;
  append_json(out, "plain");
  append_json(out, "quote\" back\\ line\n");
  append_json(out, "caf\xc3\xa9 \xff \xe2\x82 \xed\xa0\x80");
  EXPECT_EQ(out,
            "\"plain\""
            "\"quote\\\" back\\\\ line\\u000a\""
            "\"caf\xc3\xa9 \\ufffd \\ufffd\\ufffd \\ufffd\\ufffd\\ufffd\"");
}

}  // namespace
}  // namespace sluice::proxy
