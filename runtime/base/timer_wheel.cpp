#include "runtime/base/timer_wheel.h"

#include <algorithm>
#include <bit>

namespace sluice {

TimerWheel::TimerWheel(int64_t now_ms) noexcept : tick_(now_ms / kTickMs) {
  for (Head& head : slots_) head.prev_ = head.next_ = &head;
}

void TimerWheel::link(Timer& head, Timer& timer) noexcept {
  timer.prev_ = head.prev_;
  timer.next_ = &head;
  head.prev_->next_ = &timer;
  head.prev_ = &timer;
}

void TimerWheel::place(Timer& timer) noexcept {
  timer.unlink();
  // Farther than the wheel is round: the last slot of this round, whence it moves on.
  const int64_t due = (timer.deadline_ + kTickMs - 1) / kTickMs;
  const int64_t slot = std::clamp(due, tick_ + 1, tick_ + kSlots - 1);
  timer.visit_ = std::min(timer.deadline_, slot * kTickMs);
  link(slots_[slot % kSlots], timer);
  occupied_[slot % kSlots / 64] |= uint64_t{1} << (slot % 64);
}

void TimerWheel::advance(int64_t now_ms) noexcept {
  const int64_t until = now_ms / kTickMs;
  // After a long pause one round visits every slot.
  tick_ = std::max(tick_, until - kSlots);
  while (tick_ < until) {
    ++tick_;
    Head& head = slots_[tick_ % kSlots];
    occupied_[tick_ % kSlots / 64] &= ~(uint64_t{1} << (tick_ % 64));
    if (head.next_ == &head) continue;
    Head due;  // takes the slot's timers, so that one set again in its call is not met twice
    due.prev_ = due.next_ = &due;
    std::swap(due.next_, head.next_);
    std::swap(due.prev_, head.prev_);
    due.next_->prev_ = due.prev_->next_ = &due;
    head.next_ = head.prev_ = &head;
    while (due.next_ != &due) {
      Timer& timer = *due.next_;
      timer.unlink();
      if (timer.deadline_ == 0) continue;
      if (timer.deadline_ > now_ms) {
        place(timer);
        continue;
      }
      timer.deadline_ = 0;
      timer.on_timeout();
    }
    due.prev_ = due.next_ = nullptr;
  }
}

int TimerWheel::until_next(int64_t now_ms) const noexcept {
  for (int64_t tick = tick_ + 1; tick < tick_ + kSlots;) {
    const uint64_t word = occupied_[tick % kSlots / 64] >> (tick % 64);
    if (word == 0) {
      tick += 64 - tick % 64;
      continue;
    }
    tick += std::countr_zero(word);
    return static_cast<int>(std::max<int64_t>(tick * kTickMs - now_ms, 0));
  }
  return -1;
}

}  // namespace sluice
