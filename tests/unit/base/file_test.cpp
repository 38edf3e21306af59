#include "runtime/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace sluice {
namespace {

class Files : public testing::Test {
 protected:
  Files() { std::filesystem::create_directories(folder_); }
  ~Files() override { std::filesystem::remove_all(folder_); }
  std::string path(const char* name) { return folder_ + "/" + name; }
  std::string folder_ = testing::TempDir() + "sluice_file_test." + std::to_string(getpid());
};

TEST_F(Files, WhatIsReplacedIsReadBack) {
  ASSERT_TRUE(replace_file(path("a"), "first", 0600));
  ASSERT_TRUE(replace_file(path("a"), "second", 0600));
  EXPECT_EQ(*read_file(path("a"), 100), "second");
  struct stat info {};
  ASSERT_EQ(stat(path("a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_FALSE(std::filesystem::exists(path("a.new")));
}

TEST_F(Files, ErrorsNameTheFileAndTheCause) {
  const auto missing = read_file(path("none"), 100);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_NE(missing.error().message.find(path("none")), std::string::npos);
  ASSERT_TRUE(replace_file(path("long"), std::string(101, 'x'), 0600));
  const auto too_long = read_file(path("long"), 100);
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ErrorCode::limit);
  EXPECT_FALSE(replace_file(path("no/such/folder"), "x", 0600));
}

}  // namespace
}  // namespace sluice
