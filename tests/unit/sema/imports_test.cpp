#include <gtest/gtest.h>

#include "fixture.h"

namespace sluice::test {
namespace {

TEST(Imports, a_module_is_seen_under_its_name) {
  Source source(
      FileMap{{"p/main.sluice",
               "import \"./lib/edge\"\nimport \"./lib/edge2\" as two\nhost a.${edge.domain} -> "
               "edge.api { use two.guard }\n"},
              {"p/lib/edge.sluice", "let domain = x.com\nupstream api { address d:1 }\n"},
              {"p/lib/edge2.sluice",
               "import \"./edge\"\nmiddleware guard { request set X-Domain ${edge.domain} }\n"}},
      "p/main.sluice");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(source.plan("local").policies.at(0).groups.at(0), "two.guard");
  EXPECT_EQ(source.plan("local").upstreams.at(0).written, "edge.api");
}

TEST(Imports, a_folder_is_the_sum_of_its_files_without_its_modules) {
  Source source(
      FileMap{{"p/a.sluice", "host a.com -> api\nimport \"./mod/m\"\nhost ${m.name}.com -> api\n"},
              {"p/b/c.sluice", "upstream api { address d:1 }\n"},
              {"p/mod/m.sluice", "let name = named\n"}},
      "p");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(source.plan("local").hosts.size(), 2U);
}

TEST(Imports, the_same_name_in_two_files_names_both_places) {
  Source source(FileMap{{"p/a.sluice", "host a.com -> api\nupstream api { address d:1 }\n"},
                        {"p/b.sluice", "upstream api { address d:2 }\n"}},
                "p");
  ASSERT_EQ(source.found(), "SL0302 1:10 the upstream `api` is declared twice\n");
  EXPECT_EQ(source.sources.path(source.diags.all()[0].notes.at(0).span.source), "p/a.sluice");
}

TEST(Imports, nothing_outside_the_project) {
  for (const char* path : {"../x", "./../x", "./a/../../x", "/etc/x"}) {
    Source source(
        FileMap{{"p/main.sluice", std::string("import \"") + path + "\"\nhost a.com -> d:1\n"},
                {"x.sluice", ""}},
        "p/main.sluice");
    ASSERT_EQ(source.diags.sorted().size(), 1U) << path;
    EXPECT_EQ(source.diags.all().front().code, "SL0303") << path;
  }
}

TEST(Imports, the_library_is_in_the_binary) {
  Source source(
      "import \"std/security\"\nimport \"std/cloudflare\"\nhost a.com -> d:1 {\n  use "
      "security.headers\n  allow_peers ${cloudflare.ranges}\n}\n");
  ASSERT_EQ(source.found(), "");
  EXPECT_EQ(
      std::get<plan::AllowPeers>(
          source.plan("local")[source.plan("local").hosts[0].routes[0].chain[0].peek()].action)
          .from.peek()
          .size(),
      22U);
}

TEST(Imports, what_a_module_may_hold) {
  Source source(FileMap{{"main.sluice", "import \"./m\"\nhost a.com -> d:1\n"},
                        {"m.sluice", "edition 2026\nhost b.com -> d:1\nsite s { }\n"}});
  EXPECT_EQ(source.found(),
            "SL0209 2:1 a module holds no `host`\nSL0209 3:1 a module holds no `site`\n");
}

TEST(Imports, a_source_that_cannot_be_read) {
  Source none(FileMap{{"main.sluice", ""}}, "folder");
  EXPECT_EQ(none.found(), "SL0801 cannot read `folder`: it holds no .sluice file\n");
}

}  // namespace
}  // namespace sluice::test
