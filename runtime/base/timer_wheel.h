// Coarse timers for very many connections: one hashed wheel a loop, no system call and no
// allocation to set one, and setting a later time again (what every request does) writes one word.
//
// Invariant: an armed timer stands in a slot that is visited no later than one tick after its
// deadline; a visited timer whose deadline moved on is put into its new slot then. Owned by one
// loop; a Timer is a member of what it times and disarms itself when that goes. Deliberately
// absent: precision below a tick (64 ms).
#pragma once

#include <array>
#include <cstdint>

namespace sluice {

class TimerWheel;

class Timer {
 public:
  Timer() noexcept = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  bool armed() const noexcept { return deadline_ != 0; }

 protected:
  virtual ~Timer() { unlink(); }
  virtual void on_timeout() noexcept = 0;

 private:
  friend class TimerWheel;
  void unlink() noexcept {
    if (!prev_) return;
    prev_->next_ = next_;
    next_->prev_ = prev_;
    prev_ = next_ = nullptr;
  }
  int64_t deadline_ = 0;  // 0: not armed, though it may still stand in a slot
  int64_t visit_ = 0;     // the deadline by which its slot was chosen
  Timer* prev_ = nullptr;
  Timer* next_ = nullptr;
};

class TimerWheel {
 public:
  static constexpr int64_t kTickMs = 64;
  static constexpr int kSlots = 1024;

  explicit TimerWheel(int64_t now_ms) noexcept;
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // Fires at the first `advance` at or after `deadline_ms`, within a tick.
  void set(Timer& timer, int64_t deadline_ms) noexcept {
    timer.deadline_ = deadline_ms;
    if (timer.prev_ && timer.visit_ <= deadline_ms) return;  // it will be visited before, and moved
    place(timer);
  }
  void clear(Timer& timer) noexcept { timer.deadline_ = 0; }

  // Fires what is due. A timer is disarmed before it is called and may be set again in the call.
  void advance(int64_t now_ms) noexcept;
  // Milliseconds until `advance` has something to look at; -1 when nothing stands in the wheel.
  int until_next(int64_t now_ms) const noexcept;

 private:
  struct Head final : Timer {
    void on_timeout() noexcept override {}
  };
  void place(Timer& timer) noexcept;
  static void link(Timer& head, Timer& timer) noexcept;

  std::array<Head, kSlots> slots_;
  std::array<uint64_t, kSlots / 64> occupied_{};  // slots that may hold timers
  int64_t tick_;  // every slot up to and with this tick has been visited
};

}  // namespace sluice
