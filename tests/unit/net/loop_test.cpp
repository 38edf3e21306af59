#include "runtime/net/loop.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "runtime/net/folder_watch.h"
#include "runtime/net/resolver.h"
#include "runtime/net/socket.h"

namespace sluice::net {
namespace {

TEST(Loop, RunsWhatOtherThreadsPostInOrder) {
  Loop loop;
  std::vector<int> ran;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) loop.post([&ran, i] { ran.push_back(i); });
    loop.post([&] { loop.stop(); });
  });
  loop.run();
  other.join();
  ASSERT_EQ(ran.size(), 100u);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
}

TEST(Loop, DoesWorkOnAnotherThreadAndComesBack) {
  Loop loop;
  const auto here = std::this_thread::get_id();
  std::thread::id worked, done;
  loop.submit([&] { worked = std::this_thread::get_id(); },
              [&] {
                done = std::this_thread::get_id();
                loop.stop();
              });
  loop.run();
  EXPECT_NE(worked, here);
  EXPECT_EQ(done, here);
}

class Stopper final : public Timer {
 public:
  explicit Stopper(Loop& loop) : loop_(loop) {}
  void on_timeout() noexcept override { loop_.stop(); }

 private:
  Loop& loop_;
};

TEST(Loop, WakesForItsTimers) {
  Loop loop;
  Stopper stopper(loop);
  loop.timers().set(stopper, loop.now_ms() + 1);
  loop.run();
  EXPECT_FALSE(stopper.armed());
}

class Counting final : public Deferred {
 public:
  explicit Counting(Loop& loop) : loop_(loop) {}
  void on_turn() noexcept override {
    if (++calls == 3) {
      loop_.stop();
    } else {
      loop_.next_turn(*this);
    }
  }
  int calls = 0;

 private:
  Loop& loop_;
};

TEST(Loop, DeferredOnesComeOnceATurn) {
  Loop loop;
  Counting counting(loop);
  {
    Counting gone(loop);
    loop.next_turn(gone);
  }
  loop.next_turn(counting);
  loop.next_turn(counting);
  loop.run();
  EXPECT_EQ(counting.calls, 3);
}

TEST(Listeners, SharedByLoopsButWithNobodyElse) {
  auto first = ListenerGroup::open(*SocketAddress::parse("127.0.0.1:0"), 2);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_NE(first->address().port(), 0);
  const auto second = ListenerGroup::open(first->address(), 2);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("the port is in use"), std::string::npos);
  EXPECT_NE(second.error().message.find(first->address().text()), std::string::npos);
}

TEST(Addresses, AreReadAsWritten) {
  EXPECT_EQ(SocketAddress::parse("127.0.0.1:80")->text(), "127.0.0.1:80");
  EXPECT_EQ(SocketAddress::parse("[::1]:80")->text(), "[::1]:80");
  EXPECT_EQ(SocketAddress::parse("8080")->text(), "[::]:8080");
  EXPECT_EQ(SocketAddress::parse(":8080")->text(), "[::]:8080");
  for (const char* bad :
       {"", "127.0.0.1", "::1:80", "host:80", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:8x"}) {
    EXPECT_FALSE(SocketAddress::parse(bad)) << bad;
  }
}

TEST(Resolver, RemembersAnswers) {
  Loop loop;
  HostsFile hosts;
  Resolver resolver(loop, hosts);
  EXPECT_EQ(resolver.known("localhost", 80), nullptr);
  size_t found = 0;
  resolver.resolve("localhost", 80, [&](const Resolver::Addresses* addresses) {
    found = addresses ? addresses->size() : 0;
    loop.stop();
  });
  loop.run();
  ASSERT_GT(found, 0u);
  ASSERT_NE(resolver.known("localhost", 80), nullptr);
  EXPECT_EQ(resolver.known("localhost", 80)->front().port(), 80);
}

TEST(FolderWatch, TellsOfAReplacedFile) {
  const std::string folder = testing::TempDir() + "sluice_watch_test." + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  const std::string file = folder + "/t.slt";
  std::ofstream(file) << "old";
  Loop loop;
  int calls = 0;
  auto watch = FolderWatch::start(loop, file, [&] {
    ++calls;
    loop.stop();
  });
  ASSERT_TRUE(watch);
  std::ofstream(folder + "/other") << "not this one";
  std::ofstream(file + ".new") << "new";
  loop.post([&] { std::filesystem::rename(file + ".new", file); });
  loop.run();
  EXPECT_EQ(calls, 1);
  watch->reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sluice::net
