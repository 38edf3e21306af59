#include "runtime/base/timer_wheel.h"

#include <gtest/gtest.h>

#include <vector>

namespace sluice {
namespace {

class Recorder final : public Timer {
 public:
  explicit Recorder(std::vector<int>& fired, int id) : fired_(fired), id_(id) {}
  void on_timeout() noexcept override { fired_.push_back(id_); }

 private:
  std::vector<int>& fired_;
  int id_;
};

constexpr int64_t kTick = TimerWheel::kTickMs;

TEST(TimerWheel, FiresWithinATickAfterTheDeadlineAndNeverBefore) {
  for (int64_t deadline : {1, 63, 64, 65, 1000, 64 * 1024 - 1, 64 * 1024, 64 * 1024 * 3 + 7}) {
    TimerWheel wheel(0);
    std::vector<int> fired;
    Recorder timer(fired, 1);
    wheel.set(timer, deadline);
    for (int64_t now = 0; now < deadline; now += 7) {
      wheel.advance(now);
      ASSERT_TRUE(fired.empty()) << deadline << " at " << now;
    }
    wheel.advance(deadline + kTick);
    EXPECT_EQ(fired, std::vector<int>{1}) << deadline;
  }
}

TEST(TimerWheel, ALaterDeadlineMovesTheTimer) {
  TimerWheel wheel(0);
  std::vector<int> fired;
  Recorder timer(fired, 1);
  wheel.set(timer, 100);
  wheel.set(timer, 5000);
  wheel.advance(4000);
  EXPECT_TRUE(fired.empty());
  wheel.advance(5000 + kTick);
  EXPECT_EQ(fired.size(), 1u);
}

TEST(TimerWheel, AnEarlierDeadlineMovesTheTimer) {
  TimerWheel wheel(0);
  std::vector<int> fired;
  Recorder timer(fired, 1);
  wheel.set(timer, 60'000);
  wheel.set(timer, 100);
  wheel.advance(100 + kTick);
  EXPECT_EQ(fired.size(), 1u);
}

TEST(TimerWheel, AClearedTimerDoesNotFireAndMayBeSetAgain) {
  TimerWheel wheel(0);
  std::vector<int> fired;
  Recorder timer(fired, 1);
  wheel.set(timer, 100);
  wheel.clear(timer);
  EXPECT_FALSE(timer.armed());
  wheel.advance(1000);
  EXPECT_TRUE(fired.empty());
  wheel.set(timer, 2000);
  wheel.advance(2000 + kTick);
  EXPECT_EQ(fired.size(), 1u);
}

TEST(TimerWheel, ATimerMayBeDestroyedWhileItStandsInTheWheel) {
  TimerWheel wheel(0);
  std::vector<int> fired;
  {
    Recorder gone(fired, 1);
    wheel.set(gone, 100);
  }
  Recorder stays(fired, 2);
  wheel.set(stays, 100);
  wheel.advance(1000);
  EXPECT_EQ(fired, std::vector<int>{2});
}

// One that destroys its neighbour and sets itself again, as connections do.
class Killer final : public Timer {
 public:
  Killer(TimerWheel& wheel, std::unique_ptr<Recorder>& victim) : wheel_(wheel), victim_(victim) {}
  void on_timeout() noexcept override {
    victim_.reset();
    ++calls;
    wheel_.set(*this, 10'000);
  }
  int calls = 0;

 private:
  TimerWheel& wheel_;
  std::unique_ptr<Recorder>& victim_;
};

TEST(TimerWheel, TimersMayBeDestroyedAndSetWhileOthersFire) {
  TimerWheel wheel(0);
  std::vector<int> fired;
  auto victim = std::make_unique<Recorder>(fired, 1);
  Killer killer(wheel, victim);
  wheel.set(killer, 100);
  wheel.set(*victim, 100);
  wheel.advance(1000);
  EXPECT_EQ(killer.calls, 1);
  EXPECT_TRUE(fired.empty());
  wheel.advance(10'000 + kTick);
  EXPECT_EQ(killer.calls, 2);
}

TEST(TimerWheel, TellsWhenItHasSomethingToDo) {
  TimerWheel wheel(0);
  EXPECT_EQ(wheel.until_next(0), -1);
  std::vector<int> fired;
  Recorder timer(fired, 1);
  wheel.set(timer, 1000);
  const int wait = wheel.until_next(10);
  EXPECT_GE(wait, 990);
  EXPECT_LE(wait, 990 + kTick);
}

TEST(TimerWheel, ALongPauseLosesNoTimer) {
  TimerWheel wheel(0);
  std::vector<int> fired;
  Recorder first(fired, 1), second(fired, 2);
  wheel.set(first, 500);
  wheel.set(second, 40'000);
  wheel.advance(10'000'000);
  EXPECT_EQ(fired.size(), 2u);
}

}  // namespace
}  // namespace sluice
