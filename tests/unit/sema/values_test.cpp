#include <gtest/gtest.h>

#include "compiler/sema/types.h"
#include "fixture.h"

namespace sluice::test {
namespace {

const plan::AllowIps* list_of(const Source& source) {
  for (const plan::Policy& policy : source.plan("local").policies) {
    if (const auto* list = std::get_if<plan::AllowIps>(&policy.action)) return list;
  }
  return nullptr;
}

TEST(Values, a_list_in_a_list_splices) {
  Source source(
      "let office = 10.1.0.0/16, 10.2.0.0/16\nhost a.x -> b:1 { allow_ips ${office}, 192.0.2.7 "
      "}\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(list_of(source)->from.peek(),
            (plan::CidrList{"10.1.0.0/16", "10.2.0.0/16", "192.0.2.7/32"}));
}

TEST(Values, a_value_reads_others_in_words_and_text) {
  Source source(
      "let top = example.com\nlet shop = shop.${top}\nhost ${shop} -> respond 200 \"here is "
      "${shop}\"\n");
  ASSERT_EQ(source.found(), "");
  const plan::Host* host = source.host("local", "shop.example.com");
  ASSERT_NE(host, nullptr);
  EXPECT_EQ(std::get<plan::Respond>(host->routes[0].to.peek()).body.peek(),
            "here is shop.example.com");
}

TEST(Values, a_raw_text_reads_nothing) {
  Source source("host a.x -> respond 200 `${not} read \\n`\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(std::get<plan::Respond>(source.host("local", "a.x")->routes[0].to.peek()).body.peek(),
            "${not} read \\n");
}

TEST(Values, each_site_sets_its_own) {
  Source source(
      "param domain = a.x\nhost www.${domain} -> b:1\nsite one { }\nsite two { set domain = b.x }\n"
      "site three like two { }\nsite four like two { set domain = c.x }\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_NE(source.host("one", "www.a.x"), nullptr);
  EXPECT_NE(source.host("two", "www.b.x"), nullptr);
  EXPECT_NE(source.host("three", "www.b.x"), nullptr);
  EXPECT_NE(source.host("four", "www.c.x"), nullptr);
}

TEST(Values, a_wrong_type_is_told_at_the_use_and_where_it_is_written) {
  Source source("let office = ten\nhost a.x -> b:1 { allow_ips ${office} }\n");
  ASSERT_EQ(source.found(),
            "SL0401 2:29 expected an address range such as 10.0.0.0/8, found `ten`\n");
  const diag::Diagnostic& d = source.diags.all().front();
  ASSERT_EQ(d.notes.size(), 1U);
  EXPECT_EQ(source.sources.text(d.notes[0].span), "ten");
}

TEST(Values, a_declared_type_is_checked_where_it_is_declared) {
  Source source("param speed: rate = 100\nhost a.x -> b:1\n");
  EXPECT_EQ(source.found(),
            "SL0401 1:21 expected a rate such as 100/m, found `100`; did you mean `100/s`?\n");
}

TEST(Values, a_value_that_nobody_reads_is_checked_all_the_same) {
  Source source("let a = ${b}\nhost a.x -> b:1\n");
  EXPECT_EQ(source.found(), "SL0311 1:9 no value named `b`\n");
}

TEST(Values, circles_are_found) {
  Source source("let a = ${b}\nlet b = ${c}\nlet c = ${a}\nhost ${a} -> b:1\n");
  EXPECT_EQ(source.diags.sorted().size(), 1U) << source.found();
  EXPECT_EQ(source.diags.all().front().code, "SL0306");
}

TEST(Values, a_secret_is_never_text) {
  for (const char* use :
       {"request set X-Key ${key}", "request set X-Key \"k ${key}\"", "name ${key}"}) {
    Source source(std::string("let key = secret(\"k\")\nhost a.x -> b:1 {\n  ") + use + "\n}\n");
    ASSERT_EQ(source.diags.sorted().size(), 1U) << use << '\n' << source.found();
    EXPECT_EQ(source.diags.all().front().code, "SL0403");
  }
}

TEST(Types, units) {
  diag::Sink diags;
  auto of = [](const char* text) { return sema::Value{text, {}, {}, nullptr}; };
  EXPECT_EQ(sema::read_duration(of("1m30s"), diags), 90000U);
  EXPECT_EQ(sema::read_duration(of("250ms"), diags), 250U);
  EXPECT_EQ(sema::read_duration(of("30s1m"), diags), std::nullopt);
  EXPECT_EQ(sema::read_duration(of("30"), diags), std::nullopt);
  EXPECT_EQ(sema::read_size(of("10mb"), diags), 10U << 20);
  EXPECT_EQ(sema::read_percent(of("2.50%"), diags), 250U);
  EXPECT_EQ(sema::read_percent(of("2.5%"), diags), std::nullopt);
  EXPECT_EQ(sema::read_percent(of("101%"), diags), std::nullopt);
}

TEST(Types, addresses) {
  diag::Sink diags;
  auto of = [](const char* text) { return sema::Value{text, {}, {}, nullptr}; };
  auto member = [&](const char* text) {
    auto read = sema::read_endpoint(of(text), diags);
    return read ? read->member.host + " " + std::to_string(read->member.port) : "none";
  };
  EXPECT_EQ(member("[::1]:80"), "::1 80");
  EXPECT_EQ(member("DB.internal:5432"), "db.internal 5432");
  EXPECT_EQ(member("https://x.y"), "x.y 443");
  EXPECT_EQ(member("unix:/run/app.sock"), "/run/app.sock 0");
  EXPECT_EQ(member("x.y:0"), "none");
  EXPECT_EQ(member("x.y:65536"), "none");
  EXPECT_EQ(member("http://x.y/path"), "none");
  EXPECT_EQ(member("::1:80"), "none");
}

TEST(Types, ranges_are_canonical) {
  EXPECT_EQ(sema::parse_cidr("2001:0DB8::/32"), "2001:db8::/32");
  EXPECT_EQ(sema::parse_cidr("10.1.2.3/8"), "10.0.0.0/8");
  EXPECT_EQ(sema::parse_cidr("10.1.2.3"), "10.1.2.3/32");
  EXPECT_EQ(sema::parse_cidr("10.1.2.3/33"), std::nullopt);
  EXPECT_EQ(sema::parse_cidr("10.1.2"), std::nullopt);
  Source source("host a.x -> b:1 { allow_ips 10.1.2.3/8 }\n");
  EXPECT_EQ(source.found(),
            "SL0401 1:29 expected an address range without further bits, found `10.1.2.3/8`; did "
            "you mean `10.0.0.0/8`?\n");
}

}  // namespace
}  // namespace sluice::test
