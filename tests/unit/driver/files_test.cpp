#include "compiler/driver/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace sluice::driver {
namespace {

namespace fs = std::filesystem;

class WriteTree : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = (fs::temp_directory_path() / "sluice-tree-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string at(const std::string& path) const { return folder_ + "/" + path; }
  std::string text(const std::string& path) const { return *read_file(at(path)); }

  std::string folder_;
};

TEST_F(WriteTree, WritesReplacesAndRemovesOnlyWhatIsStale) {
  ASSERT_TRUE(
      write_tree(folder_, {{"a/x.yaml", "1"}, {"b/y.yaml", "2"}, {"sluice.json", "{}"}}, {}));
  ASSERT_TRUE(replace_file(at("mine.txt"), "a person's own"));
  ASSERT_TRUE(write_tree(folder_, {{"a/x.yaml", "3"}, {"sluice.json", "{ }"}}, {"b/y.yaml"}));
  EXPECT_EQ(text("a/x.yaml"), "3");
  EXPECT_EQ(text("mine.txt"), "a person's own");
  EXPECT_FALSE(exists(at("b")));
}

TEST_F(WriteTree, LeavesNothingOfItsOwnBehind) {
  ASSERT_TRUE(write_tree(folder_, {{"x", "1"}}, {}));
  size_t entries = 0;
  for ([[maybe_unused]] const auto& e : fs::directory_iterator(folder_)) ++entries;
  EXPECT_EQ(entries, 1u);
}

TEST_F(WriteTree, KeepsTheTimeOfAFileThatDoesNotChange) {
  ASSERT_TRUE(write_tree(folder_, {{"x", "1"}}, {}));
  fs::last_write_time(at("x"), fs::file_time_type::clock::now() - std::chrono::hours(5));
  auto before = fs::last_write_time(at("x"));
  ASSERT_TRUE(write_tree(folder_, {{"x", "1"}}, {}));
  EXPECT_EQ(fs::last_write_time(at("x")), before);
}

TEST_F(WriteTree, AFileThatCannotBeStagedChangesNothing) {
  ASSERT_TRUE(write_tree(folder_, {{"x", "old"}}, {}));
  // The second file's name is longer than any file system takes.
  Status status = write_tree(folder_, {{"x", "new"}, {std::string(300, 'n'), "1"}}, {"x"});
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("File name too long"), std::string::npos);
  EXPECT_EQ(text("x"), "old");
}

TEST_F(WriteTree, AFolderThatIsAFileIsOneClearError) {
  ASSERT_TRUE(replace_file(at("out"), "a file"));
  Status status = write_tree(at("out"), {{"x", "1"}}, {});
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("cannot create"), std::string::npos);
  EXPECT_EQ(text("out"), "a file");
}

TEST_F(WriteTree, ReadRefusesFoldersAndTooMuch) {
  EXPECT_FALSE(read_file(folder_));
  ASSERT_TRUE(replace_file(at("big"), std::string(100, 'x')));
  EXPECT_EQ(read_file(at("big"), 10).error().code, ErrorCode::limit);
  EXPECT_EQ(read_file(at("none")).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace sluice::driver
