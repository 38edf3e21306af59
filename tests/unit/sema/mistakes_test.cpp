// One-token mistakes of the examples, and what `check` says to them: parser, schema, names, plans
// and tests. The table is printed, not judged; that nothing crashes is.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/harness/one_token_mistakes.h"
#include "tests/unit/sema/fixture.h"

namespace sluice::test {
namespace {

TEST(Mistakes, WholeCheck) {
  testing::MistakeTable table;
  int sources = 0;
  std::filesystem::path root(SLUICE_SOURCE_DIR "/examples");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".sluice") continue;
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    if (Source whole(text.str()); whole.diags.has_errors()) continue;  // made of several files
    ++sources;
    testing::for_each_mistake(text.str(), [&](const testing::Mistake& mistake) {
      Source source(mistake.text);
      SourceId id = 0;
      while (id < source.sources.size() && source.sources.path(id) != "main.sluice") ++id;
      ASSERT_LT(id, source.sources.size());
      table.judge(mistake, source.sources, id, source.diags);
    });
  }
  ASSERT_GE(sources, 2);
  table.print();
}

}  // namespace
}  // namespace sluice::test
