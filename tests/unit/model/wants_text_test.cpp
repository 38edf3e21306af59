// `sluice fmt` takes quotes off where the schema wants a bare word, and only there (D5).
#include "compiler/model/wants_text.h"

#include <gtest/gtest.h>

#include "compiler/syntax/format.h"

namespace sluice {
namespace {

std::string formatted(const std::string& text) {
  SourceMap sources;
  diag::Sink diags;
  return syntax::format(sources, sources.add("t.sluice", text), diags, model::wants_text)
      .value_or("refused");
}

TEST(WantsText, BareWordsLoseTheirQuotes) {
  EXPECT_EQ(formatted(R"(host "a.example.com", "b.example.com" -> "api" {
  tls "letsencrypt"
  use "sso"
  route "/v1" -> "10.0.0.1:8000"
}
zone "example.com" {
  "bi" -> service "apps/bi:80"
}
issuer x {
  acme "https://ca.example/dir?a=b"
  email "ops@example.com"
}
)"),
            R"(host a.example.com, b.example.com -> api {
  tls letsencrypt
  use sso
  route /v1 -> 10.0.0.1:8000
}
zone example.com {
  bi -> service apps/bi:80
}
issuer x {
  acme https://ca.example/dir?a=b
  email ops@example.com
}
)");
}

TEST(WantsText, TextsFilesAndRegexesKeepThem) {
  std::string text = R"(import "std/security"
param x = "text"
host a.example.com {
  basic_auth secret("users") realm "private"
  response set X-Frame-Options "DENY"
  route regex "^/u" -> respond 200 "ok"
  route "/a b"      -> api
  unknown "word"
}
certificate c {
  files "cert.pem" "key.pem"
}
site s {
  degrade mirror "why"
  set x = "y"
}
test "one" {
  request GET https://a.example.com/ { header X "y" }
  expect header X "y"
}
)";
  EXPECT_EQ(formatted(text), text);
}

}  // namespace
}  // namespace sluice
