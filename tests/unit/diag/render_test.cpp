#include "compiler/diag/render.h"

#include <gtest/gtest.h>

#include <set>

#include "compiler/diag/catalog.gen.h"

namespace sluice::diag {
namespace {

TEST(RenderText, ShowsLineCaretNoteAndHelp) {
  SourceMap sources;
  SourceId id =
      sources.add("shop.sluice", "upstream api { address 10.0.0.1:80 }\nhost a.x -> äpj\n");
  Sink sink;
  sink.emit(UnknownName{.kind = "upstream", .name = "äpj", .suggestion = "api"}, {id, 49, 53})
      .note("upstreams are declared here", {id, 9, 12})
      .fix("write `api`", {id, 49, 53}, "api");
  EXPECT_EQ(render_text(sink.sorted(), sources, Colour::off),
            R"(error SL0301: no upstream named `äpj`; did you mean `api`?
  --> shop.sluice:2:13
   |
 2 | host a.x -> äpj
   |             ^^^
   = note: upstreams are declared here
  --> shop.sluice:1:10
   |
 1 | upstream api { address 10.0.0.1:80 }
   |          ^^^
   = help: write `api`
)");
}

TEST(RenderText, ColoursOnlyWhenAsked) {
  SourceMap sources;
  Sink sink;
  sink.emit(UnknownName{.kind = "site", .name = "x", .suggestion = ""}, {});
  EXPECT_EQ(render_text(sink.all(), sources, Colour::off), "error SL0301: no site named `x`\n");
  EXPECT_NE(render_text(sink.all(), sources, Colour::on).find("\x1b[1;31m"), std::string::npos);
}

TEST(Sink, SortsByPlaceAndKeepsOneOfARepetition) {
  Sink sink;
  sink.emit(UnknownName{.kind = "site", .name = "b", .suggestion = ""}, {0, 9, 10});
  sink.emit(UnknownName{.kind = "site", .name = "a", .suggestion = ""}, {0, 1, 2});
  sink.emit(UnknownName{.kind = "site", .name = "b", .suggestion = ""}, {0, 9, 10});
  auto sorted = sink.sorted();
  ASSERT_EQ(sorted.size(), 2u);
  EXPECT_EQ(sorted[0].span.begin, 1u);
  EXPECT_EQ(sink.errors(), 3u);
}

TEST(Catalog, NamesAndCodesAreUnique) {
  std::set<std::string_view> names, codes;
  for (const Page& page : catalog()) {
    EXPECT_TRUE(names.insert(page.name).second) << page.name;
    EXPECT_TRUE(codes.insert(page.code).second) << page.code;
  }
}

}  // namespace
}  // namespace sluice::diag
