// grammar/LANGUAGE.md is the schema, printed. `SLUICE_UPDATE=1 sema_test` writes it anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "compiler/model/schema.h"

namespace sluice::test {
namespace {

TEST(LanguagePage, is_what_the_schema_says) {
  const std::string path = SLUICE_SOURCE_DIR "/grammar/LANGUAGE.md";
  if (std::getenv("SLUICE_UPDATE") != nullptr) std::ofstream(path) << model::language_page();
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), model::language_page());
}

TEST(Schema, has_no_row_twice_and_a_doc_line_in_each) {
  for (const model::Row& row : model::schema()) {
    EXPECT_EQ(find_row(row.in, row.word), &row) << row.word << " in " << to_string(row.in);
    EXPECT_FALSE(row.doc.empty()) << row.word;
    EXPECT_TRUE(row.shape.starts_with(row.word)) << row.word;
  }
}

}  // namespace
}  // namespace sluice::test
