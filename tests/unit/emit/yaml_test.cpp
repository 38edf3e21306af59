// What the YAML writer spells, and that yaml-cpp reads back what was meant.
#include "compiler/emit/yaml.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace sluice::emit {
namespace {

TEST(Yaml, StringsThatLookLikeSomethingElseAreQuoted) {
  for (const char* text :
       {"true",  "No",         "ON",    "y",    "null",     "~",          "8080", "0644", "1e3",
        "1_000", "1.5",        ".5",    "0x1f", "12:30:45", "2026-11-22", "-1",   "+7",   "",
        "-",     "- a",        "*x",    "&a",   "!tag",     "%",          "@",    "`",    "a: b",
        "a #b",  "a:",         " a",    "a ",   "[a",       "{a",         "#",    "|",    ">",
        "é",     "line\nline", "tab\t", "\x01", "=",        "<<"}) {
    std::string quoted = quote(text);
    EXPECT_TRUE(quoted.front() == '"' || quoted.front() == '\'') << text;
    EXPECT_EQ(YAML::Load("k: " + quoted)["k"].as<std::string>(), text);
  }
}

TEST(Yaml, WordsOfEverydayStayBare) {
  for (const char* text :
       {"traefik.io/v1alpha1", "10.0.0.0/8", "10.0.0.1", "Host(`a.x`) && PathPrefix(`/`)", "/a",
        "1.2.3", "api-8000", "max-age=31536000; includeSubDomains", "^/u/[0-9]+$"}) {
    EXPECT_EQ(quote(text), text);
    EXPECT_EQ(YAML::Load("k: " + quote(text))["k"].as<std::string>(), text);
  }
}

TEST(Yaml, BackslashesAndQuotesStandInSingleQuotes) {
  EXPECT_EQ(quote("\\.$"), "'\\.$'");
  EXPECT_EQ(quote("'\"\\"), "'''\"\\'");
  EXPECT_EQ(YAML::Load("k: " + quote("'\"\\"))["k"].as<std::string>(), "'\"\\");
}

TEST(Yaml, ADocument) {
  Yaml document = map({{"apiVersion", "v1"}, {"kind", "Service"}});
  document["metadata"]["name"] = "api";
  document["metadata"]["annotations"]["on"] = "true";
  Yaml& port = document["spec"]["ports"].push(map({{"name", "http"}, {"port", 8000}}));
  port.comment("The one that clients dial.");
  document["spec"]["words"] = flow({"ALL", "a,b", "x"});
  document["spec"]["none"] = map();
  document["spec"]["items"] = list(std::vector<std::string>{});
  document["spec"]["publish"] = false;
  document["spec"]["values"] = block("a: 1\n  b: 2");
  document["spec"]["values"].comment("Read by Helm.\nNot by us.");
  document["spec"]["match"] = folded({"Host(`a`) ||", "Host(`b`)"});
  EXPECT_EQ(write(document, "Why this file is here."), R"(# Why this file is here.
apiVersion: v1
kind: Service
metadata:
  name: api
  annotations:
    "on": "true"
spec:
  ports:
    # The one that clients dial.
    - name: http
      port: 8000
  words: [ALL, 'a,b', x]
  none: {}
  items: []
  publish: false
  # Read by Helm.
  # Not by us.
  values: |-
    a: 1
      b: 2
  match: >-
    Host(`a`) ||
    Host(`b`)
)");
  YAML::Node read = YAML::Load(write(document));
  EXPECT_EQ(read["spec"]["values"].as<std::string>(), "a: 1\n  b: 2");
  EXPECT_EQ(read["spec"]["match"].as<std::string>(), "Host(`a`) || Host(`b`)");
  EXPECT_EQ(read["spec"]["words"][1].as<std::string>(), "a,b");
}

TEST(Yaml, BlocksKeepTheirLineEnds) {
  for (const char* text : {"a", "a\n", "a\n\n", "a\n\nb\n", " a\nb", "\na", "\n", ""}) {
    EXPECT_EQ(YAML::Load(write(map({{"k", block(text)}})))["k"].as<std::string>(), text);
  }
}

TEST(Yaml, AListOfLists) {
  Yaml inner = list({map({{"a", 1}})});
  EXPECT_EQ(write(map({{"k", list({inner, "x"})}})), "k:\n  -\n    - a: 1\n  - x\n");
}

}  // namespace
}  // namespace sluice::emit
