// One event loop of one thread. Sockets are watched edge-triggered by an epoll set of ours, so that
// a connection costs one epoll_ctl in its life; everything slow (threads' messages, names, work off
// the loop, signals, files) is a libuv loop whose descriptor stands in that set.
//
// Threads: everything but `post` belongs to the loop's own thread. `post` may be called from any.
// Ownership: handlers are owned elsewhere; a handler that goes while its events wait in the current
// turn is passed to `retire`, which frees it when the turn is over.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "runtime/base/result.h"
#include "runtime/base/timer_wheel.h"

struct uv_loop_s;

namespace sluice::net {

class IoHandler {
 public:
  // `events`: EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR. An edge: what is not drained now
  // is not told again.
  virtual void on_ready(uint32_t events) noexcept = 0;

 protected:
  virtual ~IoHandler() = default;
};

// Something to be freed when the current turn is over.
class Retired {
 public:
  virtual void reclaim() noexcept = 0;

 protected:
  virtual ~Retired() = default;

 private:
  friend class Loop;
  Retired* next_ = nullptr;
};

// Something that has more to do but lets the others have their turn first.
class Deferred {
 public:
  Deferred() noexcept = default;
  Deferred(const Deferred&) = delete;
  Deferred& operator=(const Deferred&) = delete;
  virtual void on_turn() noexcept = 0;

 protected:
  virtual ~Deferred() { unlink(); }

 private:
  friend class Loop;
  void unlink() noexcept {
    if (!previous_) return;
    previous_->following_ = following_;
    following_->previous_ = previous_;
    previous_ = following_ = nullptr;
  }
  Deferred* previous_ = nullptr;
  Deferred* following_ = nullptr;
};

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run() noexcept;  // until stop()
  void stop() noexcept { stopping_ = true; }

  int64_t now_ms() const noexcept { return now_ns_ / 1'000'000; }  // as this turn began
  int64_t now_us() const noexcept { return now_ns_ / 1000; }
  TimerWheel& timers() noexcept { return timers_; }

  // In, out and hang-up, edge-triggered, for the life of the descriptor. False: out of memory or
  // watches.
  bool watch(int fd, IoHandler* handler) noexcept;
  // Readiness to accept, told as long as it lasts; `unwatch` stops that.
  bool watch_listener(int fd, IoHandler* handler) noexcept;
  void unwatch(int fd) noexcept;

  void retire(Retired* object) noexcept {
    object->next_ = retired_;
    retired_ = object;
  }

  // Calls `object` in the next turn, after what the kernel told; it may be asked for again then.
  void next_turn(Deferred& object) noexcept;

  // Runs `task` on this loop. From any thread; allocates.
  void post(std::function<void()> task);
  // Runs `work` on a thread of the pool, then `done` here. Allocates.
  void submit(std::function<void()> work, std::function<void()> done);

  // For runtime/net: the libuv loop; `touched` after any call that changes what it waits for.
  uv_loop_s* uv() noexcept;
  void touched() noexcept { uv_due_ = true; }

 private:
  struct Uv;
  struct DeferredHead final : Deferred {
    void on_turn() noexcept override {}
  };
  void run_deferred() noexcept;
  void turn_uv() noexcept;
  int wait_ms() noexcept;
  void reclaim() noexcept;

  int epoll_ = -1;
  int64_t now_ns_;
  TimerWheel timers_;
  std::unique_ptr<Uv> uv_;
  bool uv_due_ = true;
  bool stopping_ = false;
  Retired* retired_ = nullptr;
  DeferredHead deferred_;
};

}  // namespace sluice::net
