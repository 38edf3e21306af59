#include "runtime/net/hosts_file.h"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(HostsFile, FindsNamesWithoutCaseInTheOrderOfTheFile) {
  auto file = HostsFile::parse("# mine\n127.0.0.1 one two # both\n\n::1\tTWO\r\n10.0.0.1 three");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file->find("one"), std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(*file->find("Two"), (std::vector<std::string>{"127.0.0.1", "::1"}));
  EXPECT_EQ(*file->find("three"), std::vector<std::string>{"10.0.0.1"});
  EXPECT_EQ(file->find("four"), nullptr);
}

TEST(HostsFile, NamesTheLineThatIsWrong) {
  EXPECT_EQ(HostsFile::parse("127.0.0.1 one\nnonsense two\n").error().message,
            "line 2 is no `address name`");
  EXPECT_EQ(HostsFile::parse("127.0.0.1\n").error().message, "line 1 is no `address name`");
}

}  // namespace
}  // namespace sluice::net
