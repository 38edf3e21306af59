// One-token mistakes of all sources of the corpus, and what the parser alone says to them. What it
// accepts
// (`silent`) is the schema's business: a word too many or too few, a separator that changes a list
// (tests/unit/sema/mistakes_test.cpp). The table is printed, not judged; that nothing crashes, and
// that no error comes without a place in the source, is.
#include <gtest/gtest.h>

#include "tests/harness/one_token_mistakes.h"
#include "tests/unit/syntax/syntax_fixture.h"

namespace sluice::syntax {
namespace {

TEST(Mistakes, ParserAlone) {
  sluice::testing::MistakeTable table;
  for (const auto& [name, text] : testing::corpus()) {
    sluice::testing::for_each_mistake(text, [&](const sluice::testing::Mistake& mistake) {
      testing::Parsed parsed(mistake.text);
      for (const auto& d : parsed.diags.all()) {
        ASSERT_TRUE(d.span.known() && d.span.end <= mistake.text.size()) << d.code << "\n"
                                                                         << mistake.text;
      }
      table.judge(mistake, parsed.sources, 0, parsed.diags);
    });
  }
  table.print();
}

}  // namespace
}  // namespace sluice::syntax
