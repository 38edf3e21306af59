// The rows of SEMANTICS H1, H6, H7, P1 to P3 and C2, as they were measured.
#include "runtime/table/normalize.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sluice::table {
namespace {

std::string path_of(std::string_view target) {
  const Target split = split_target(target);
  if (split.form != TargetForm::origin && split.form != TargetForm::absolute) return "400";
  std::string buffer(target.size() * 3 + 1, '\0');
  const NormalPath normal = normalize_path(split.path, buffer);
  if (normal.fault != PathFault::none) return normal.fault == PathFault::too_long ? "431" : "400";
  return std::string(normal.path) + std::string(split.query);
}

struct Row {
  std::string target, normal;
};
void hold(std::initializer_list<Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(path_of(row.target), row.normal) << row.target;
}

TEST(Path, WhatIsNormalStays) {
  hold({{"/", "/"},
        {"/a", "/a"},
        {"/a/", "/a/"},
        {"/a/b.c/d-e_f~g", "/a/b.c/d-e_f~g"},
        {"/.well-known/x", "/.well-known/x"},
        {"/...", "/..."},
        {"/a..", "/a.."},
        {"/a/.b", "/a/.b"},
        {"/!$&'()*+,;=:@", "/!$&'()*+,;=:@"},
        {"/[a]", "/[a]"}});
}
TEST(Path, WhatIsNormalIsNotCopied) {
  const std::string raw = "/a/b;c/.d/%C3%A9%20";
  std::array<char, 1> buffer;
  EXPECT_EQ(normalize_path(raw, buffer).path.data(), raw.data());
}
TEST(Path, SlashesAreMerged) {
  hold({{"//a", "/a"},
        {"/a//b", "/a/b"},
        {"//", "/"},
        {"/a//", "/a/"},
        {"///", "/"},
        {"//h.test/q", "/h.test/q"}});
}
TEST(Path, DotSegmentsAreResolved) {
  hold({{"/./a", "/a"},
        {"/x/../a", "/a"},
        {"/..", "/"},
        {"/../a", "/a"},
        {"/a/../admin/x", "/admin/x"},
        {"/x/%2E%2E/a", "/a"},
        {"/a/../..", "/"},
        {"/a/b/c/../../d", "/a/d"},
        {"/.", "/"},
        {"/./", "/"}});
}
TEST(Path, SlashesAreMergedBeforeDotsAreResolved) {
  hold({{"/a//../admin", "/admin"}, {"/a/b//../../admin", "/admin"}, {"/x//..//a", "/a"}});
}
TEST(Path, APathThatEndsInADotSegmentLosesTheSlash) {
  hold({{"/a/.", "/a"},
        {"/a/b/..", "/a"},
        {"/a/b/%2e", "/a/b"},
        {"/a/..", "/"},
        {"/a/./", "/a/"},
        {"/a/b/../", "/a/"}});
}
TEST(Path, EscapesOfUnreservedLettersAreDecodedOnce) {
  hold({{"/%61", "/a"},
        {"/a%2Db", "/a-b"},
        {"/a/%7E", "/a/~"},
        {"/a%2541", "/a%2541"},
        {"/%41%5a%5F%30", "/AZ_0"}});
}
TEST(Path, OtherEscapesStayInUpperCase) {
  hold({{"/a%3Bx", "/a%3Bx"},
        {"/a%3bx", "/a%3Bx"},
        {"/a/%c3%A9", "/a/%C3%A9"},
        {"/a%20b", "/a%20b"},
        {"/a%2Bb", "/a%2Bb"},
        {"/a%3Fb", "/a%3Fb"},
        {"/a%23b", "/a%23b"},
        {"/%0a", "/%0A"}});
}
TEST(Path, BytesThatEveryEngineSendsEscapedAreEscaped) {
  hold({{"/\"<>^`{|}", "/%22%3C%3E%5E%60%7B%7C%7D"}, {"/a{b}/../c", "/c"}});
}
TEST(Path, Refused) {
  hold({{"/a%2Fb", "400"},
        {"/a%2fb", "400"},
        {"/a/..%2fadmin", "400"},
        {"/a%5Cb", "400"},
        {"/a%5cb", "400"},
        {"/a\\b", "400"},
        {"/a%00", "400"},
        {"/a/\xff", "400"},
        {"/a/\xc3\xa9", "400"},
        {"/a/%zz", "400"},
        {"/a/%", "400"},
        {"/a/%2", "400"},
        {"/a/b c", "400"},
        {"/a\x01", "400"},
        {"/a\x7f", "400"},
        {"/a/\t", "400"},
        {"/a#frag", "400"},
        {"/a?#", "400"},
        {"/a/..;/admin", "400"},
        {"/a/.;x", "400"},
        {"/a/%2e%2e;/admin", "400"},
        {"/a/.%2E;", "400"},
        {"?", "400"},
        {"?x=1", "400"},
        {"", "400"},
        {"a/b", "400"},
        {"*", "400"},
        {"h.test:443", "400"},
        {"://x/", "400"},
        {"http:///q", "400"}});
}
TEST(Path, ASemicolonIsAnOrdinaryLetterElsewhere) {
  hold({{"/a;x=1", "/a;x=1"},
        {"/a/b;p", "/a/b;p"},
        {"/a/x..;/b", "/a/x..;/b"},
        {"/a/..%3B/b", "/a/..%3B/b"}});
}
TEST(Path, TheQueryIsNeverTouched) {
  hold({{"/a?", "/a?"},
        {"/?", "/?"},
        {"/a?x=/../y", "/a?x=/../y"},
        {"/a?x=%2F&y=%zz", "/a?x=%2F&y=%zz"},
        {"/a?x=a;b", "/a?x=a;b"},
        {"/a?\xff", "/a?\xff"},
        {"/a?b?c//d", "/a?b?c//d"},
        {"/x/../a?x=//", "/a?x=//"}});
}
TEST(Path, ASmallBufferIsSeen) {
  std::array<char, 4> buffer;
  EXPECT_EQ(normalize_path("//abcdef", buffer).fault, PathFault::too_long);
  std::array<char, 5> enough;
  EXPECT_EQ(normalize_path("/%61/../bcd", enough).path, "/bcd");
}

TEST(TargetForms, AbsoluteFormNamesItsAuthority) {
  const Target target = split_target("http://h.test:8080/q?x");
  EXPECT_EQ(target.form, TargetForm::absolute);
  EXPECT_EQ(target.authority, "h.test:8080");
  EXPECT_EQ(target.path, "/q");
  EXPECT_EQ(target.query, "?x");
  EXPECT_EQ(split_target("https://h.test").path, "/");
  EXPECT_EQ(split_target("https://h.test?x").query, "?x");
  EXPECT_EQ(split_target("ftp://h.test/q").authority, "h.test");
  EXPECT_EQ(split_target("*").form, TargetForm::asterisk);
}

std::string host_of(std::string_view raw) {
  std::array<char, 256> buffer;
  const NormalHost host = normalize_host(raw, buffer);
  if (host.fault == HostFault::missing) return "(missing)";
  return host.fault == HostFault::malformed ? "400" : std::string(host.host);
}

TEST(HostName, NormalForm) {
  const Row rows[] = {
      {"h.test", "h.test"},
      {"H.TEST", "h.test"},
      {"h.test:80", "h.test"},
      {"h.test:9999", "h.test"},
      {"h.test:", "h.test"},
      {"h.test:abc", "h.test"},
      {"h.test.", "h.test."},
      {"H.:80", "h."},
      {".w.test", ".w.test"},
      {"h_x.w.test", "h_x.w.test"},
      {"", "(missing)"},
      {":80", "(missing)"},
      {"user@h.test", "400"},
      {"h.test/x", "400"},
      {"\xc3\xa9.w.test", "400"},
      {"h test", "400"},
      {"h.test:80:90", "400"},
      {"[fd00::1]", "[fd00::1]"},
      {"[FD00::1]:80", "[fd00::1]"},
      {"[fd00::1", "400"},
      {"[]", "400"},
      {"[x]", "400"},
      {"[::1]x", "400"},
      {std::string(255, 'a'), std::string(255, 'a')},
      {std::string(256, 'a'), "400"},
      {"192.0.2.1", "192.0.2.1"},
      {"h.test,x.w.test", "h.test,x.w.test"},
  };
  for (const Row& row : rows) EXPECT_EQ(host_of(row.target), row.normal) << row.target;
}
TEST(HostName, WithoutPort) {
  EXPECT_EQ(without_port("H.test:8080"), "H.test");
  EXPECT_EQ(without_port("h.test"), "h.test");
  EXPECT_EQ(without_port("[fd00::1]:80"), "[fd00::1]");
}

TEST(Prefix, StripPrefix) {
  const struct {
    const char *path, *prefix, *left;
  } rows[] = {{"/a", "/a", "/"},        {"/a/", "/a", "/"},           {"/a/b", "/a", "/b"},
              {"/a/a", "/a", "/a"},     {"/ab", "/a", "/ab"},         {"/x", "/", "/x"},
              {"/a/b/c", "/a/b", "/c"}, {"/a%20b/c", "/a%20b", "/c"}, {"/x", "/a", "/x"},
              {"/x", "", "/x"}};
  for (const auto& row : rows) EXPECT_EQ(strip_prefix(row.path, row.prefix), row.left) << row.path;
}
TEST(Prefix, WholeSegments) {
  EXPECT_TRUE(has_prefix("/a", "/a"));
  EXPECT_TRUE(has_prefix("/a/", "/a"));
  EXPECT_TRUE(has_prefix("/a/b", "/a"));
  EXPECT_FALSE(has_prefix("/ab", "/a"));
  EXPECT_FALSE(has_prefix("/", "/a"));
  EXPECT_TRUE(has_prefix("/anything", "/"));
}
TEST(Prefix, WhatLiesBelowAPrefixFollowsItAtOnce) {
  const char* ascending[] = {
      "/",    "/a",   "/a/", "/a/b", "/a/b/c/d/e/f/g/h", "/a/b/c/d/e/f/g/i", "/a!",
      "/a-b", "/a.b", "/ab", "/b"};
  for (size_t i = 0; i < std::size(ascending); ++i) {
    for (size_t j = 0; j < std::size(ascending); ++j) {
      const int expected = i < j ? -1 : i > j ? 1 : 0;
      EXPECT_EQ(path_order(ascending[i], ascending[j]), expected)
          << ascending[i] << " " << ascending[j];
    }
  }
}

}  // namespace
}  // namespace sluice::table
