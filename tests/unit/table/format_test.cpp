// The bytes of format version 1, checked in: a change of the layout without a new version is seen
// here, and a table of last year is still read. The same files are the fuzzer's corpus.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "runtime/table/dump.h"
#include "tests/unit/table/everything.h"
#include "tests/unit/table/spec_help.h"

namespace sluice::table {
namespace {

void hold(const std::string& name, const TableSpec& spec) {
  const std::string built = build(spec);
  const std::string checked_in =
      std::string(SLUICE_SOURCE_DIR) + "/tests/fuzz/corpus/table/" + name;
  const std::string written = std::string(SLUICE_BINARY_DIR) + "/tests/" + name;
  std::ofstream(written, std::ios::binary) << built;
  std::ifstream in(checked_in, std::ios::binary);
  const std::string known{std::istreambuf_iterator<char>(in), {}};
  EXPECT_TRUE(known == built) << "the bytes of " << name
                              << " have changed: raise kVersion if readers must know, then\n"
                              << "  cp " << written << " " << checked_in;
  const Result<Table> table = Table::load(known);
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(dump(*table), dump(load(spec).table));
}

TEST(Format, Everything) { hold("everything.slt", everything()); }
TEST(Format, Empty) { hold("empty.slt", TableSpec{}); }
TEST(Format, ManyHosts) {
  TableSpec spec;
  spec.site = "many";
  for (int i = 0; i < 20; ++i) {
    const std::string name = "h" + std::to_string(i) + ".test";
    spec.hosts.push_back(
        host((i % 3 == 1   ? "*."
              : i % 3 == 2 ? "**."
                           : "") +
                 name,
             {prefix("/"), prefix("/a"), prefix("/a/b"), exact("/a/b"), regex("^/x")}));
  }
  hold("many.slt", spec);
}

}  // namespace
}  // namespace sluice::table
