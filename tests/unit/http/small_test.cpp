// Header ids, the scanning loops and dates.
#include <ctime>

#include "runtime/http/date.h"
#include "runtime/http/scan.h"
#include "tests/unit/http/support.h"

namespace sluice::http {
namespace {

TEST(HeaderIds, EveryNameIsFoundInAnyCaseAndNothingNearIt) {
  for (unsigned i = 3; i < unsigned(HeaderId::count); ++i) {
    const auto id = static_cast<HeaderId>(i);
    std::string name(name_of(id));
    EXPECT_EQ(header_id(name), id) << name;
    for (char& c : name) c = char(std::toupper(c));
    EXPECT_EQ(header_id(name), id) << name;
    EXPECT_NE(header_id(name + "x"), id);
    EXPECT_NE(header_id(name.substr(1)), id);
    for (size_t at = 0; at < name.size(); ++at)
      for (const int flip : {0x01, 0x08, 0x20, 0x40, 0x80}) {
        std::string near = name;
        near[at] = char(near[at] ^ flip);
        if (equal_ignoring_case(near, name)) continue;
        EXPECT_NE(header_id(near), id) << near;
      }
  }
  EXPECT_EQ(header_id(""), HeaderId::other);
  EXPECT_EQ(header_id("X-Forwarded-Whatever"), HeaderId::x_forwarded_other);
  EXPECT_EQ(header_id("X-Forwarded_For"), HeaderId::with_underscore);
  EXPECT_EQ(header_id("X-Forwarded"), HeaderId::other);
}

// The 16-byte steps against the table, for every byte at every place of a line.
TEST(Scan, BlocksAndBytesAgree) {
  for (size_t size : {0, 1, 15, 16, 17, 31, 32, 33, 48})
    for (size_t at = 0; at < size; ++at)
      for (int c = 0; c < 256; ++c) {
        std::string line(size, 'a');
        line[at] = char(c);
        const char* begin = line.data();
        const char* end = begin + size;
        ASSERT_EQ(value_end(begin, end), class_end(begin, end, kValueByte)) << size << at << c;
        ASSERT_EQ(target_end(begin, end), class_end(begin, end, kTargetByte)) << size << at << c;
      }
}

TEST(Scan, TokensAndValues) {
  EXPECT_TRUE(is_token("a!#$%&'*+-.^_`|~9Z"));
  for (const char* text : {"", "a b", "a:", "\"", "(", "a/", "\x80", "a\x7f"})
    EXPECT_FALSE(is_token(text)) << text;
  EXPECT_TRUE(is_field_value(""));
  EXPECT_TRUE(is_field_value("a\tb \xff"));
  EXPECT_FALSE(is_field_value(std::string_view("a\0b", 3)));
}

TEST(Date, AgreesWithTheSystemsCalendar) {
  for (int64_t t = 0; t < 4'102'444'800 * 2; t += 86'400 * 13 + 3'661) {
    const time_t seconds = t;
    tm parts{};
    gmtime_r(&seconds, &parts);
    char expected[64];
    strftime(expected, sizeof expected, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    char text[kDateSize];
    format_date(t, text);
    ASSERT_EQ(std::string(text, kDateSize), expected) << t;
  }
}

TEST(Date, CacheGivesTheSecondAskedFor) {
  DateCache cache;
  EXPECT_EQ(cache.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(cache.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(cache.at(784111778), "Sun, 06 Nov 1994 08:49:38 GMT");
}

}  // namespace
}  // namespace sluice::http
