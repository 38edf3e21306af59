#include "runtime/net/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/net/uv_handle.h"

namespace sluice::net {

struct Loop::Uv final : IoHandler {
  explicit Uv(Loop* owner) : loop(owner), wake(std::make_unique<UvHandle<uv_async_t, Uv>>(this)) {}
  void on_ready(uint32_t) noexcept override { loop->uv_due_ = true; }
  void run_posted() noexcept {
    std::vector<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex);
      tasks.swap(posted);
    }
    for (const auto& task : tasks) task();
  }

  Loop* loop;
  uv_loop_t uv{};
  std::unique_ptr<UvHandle<uv_async_t, Uv>> wake;
  std::mutex mutex;  // of `posted` alone
  std::vector<std::function<void()>> posted;
};

Loop::Loop()
    : now_ns_(monotonic_ns()), timers_(now_ns_ / 1'000'000), uv_(std::make_unique<Uv>(this)) {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  deferred_.previous_ = deferred_.following_ = &deferred_;
  SLUICE_CHECK(epoll_ >= 0, "the kernel gives an epoll set");
  SLUICE_CHECK(uv_loop_init(&uv_->uv) == 0, "libuv gives a loop");
  const int error = uv_async_init(&uv_->uv, uv_->wake->get(), [](uv_async_t* handle) noexcept {
    if (Uv* self = UvHandle<uv_async_t, Uv>::owner(handle)) self->run_posted();
  });
  SLUICE_CHECK(error == 0, "libuv gives a wake-up");
  uv_->wake->initialised();
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = static_cast<IoHandler*>(uv_.get());
  SLUICE_CHECK(epoll_ctl(epoll_, EPOLL_CTL_ADD, uv_backend_fd(&uv_->uv), &event) == 0,
               "libuv's descriptor can be watched");
}

Loop::~Loop() {
  reclaim();
  // Every owner of a handle has gone before the loop; what is left are close callbacks and running
  // work.
  uv_->wake.reset();
  uv_run(&uv_->uv, UV_RUN_DEFAULT);
  SLUICE_CHECK(uv_loop_close(&uv_->uv) == 0, "no uv handle outlives its loop");
  close(epoll_);
}

uv_loop_s* Loop::uv() noexcept { return &uv_->uv; }

void Loop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(uv_->mutex);
    uv_->posted.push_back(std::move(task));
  }
  uv_async_send(uv_->wake->get());
}

void Loop::submit(std::function<void()> work, std::function<void()> done) {
  struct Job {
    uv_work_t request{};
    std::function<void()> work, done;
  };
  auto* job = new Job;
  job->work = std::move(work);
  job->done = std::move(done);
  job->request.data = job;
  const int error = uv_queue_work(
      &uv_->uv, &job->request,
      [](uv_work_t* request) noexcept { static_cast<Job*>(request->data)->work(); },
      [](uv_work_t* request, int) noexcept {
        const std::unique_ptr<Job> finished(static_cast<Job*>(request->data));
        finished->done();
      });
  SLUICE_CHECK(error == 0, "libuv takes work");
  touched();
}

bool Loop::watch(int fd, IoHandler* handler) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = handler;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool Loop::watch_listener(int fd, IoHandler* handler) noexcept {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = handler;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Loop::unwatch(int fd) noexcept { epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

void Loop::next_turn(Deferred& object) noexcept {
  if (object.previous_) return;
  object.previous_ = deferred_.previous_;
  object.following_ = &deferred_;
  deferred_.previous_->following_ = &object;
  deferred_.previous_ = &object;
}

void Loop::run_deferred() noexcept {
  // Only those that wait now: what is deferred by them comes after the kernel was asked again.
  Deferred* const last = deferred_.previous_;
  for (bool more = last != &deferred_; more;) {
    Deferred* first = deferred_.following_;
    more = first != last;
    first->unlink();
    first->on_turn();
  }
}

void Loop::turn_uv() noexcept {
  uv_due_ = false;
  uv_run(&uv_->uv, UV_RUN_NOWAIT);
}

int Loop::wait_ms() noexcept {
  const int wheel = timers_.until_next(now_ms());
  const int uv = uv_backend_timeout(&uv_->uv);
  if (wheel < 0) return uv;
  return uv < 0 ? wheel : std::min(wheel, uv);
}

void Loop::reclaim() noexcept {
  while (retired_) {
    Retired* object = retired_;
    retired_ = object->next_;
    object->reclaim();
  }
}

void Loop::run() noexcept {
  constexpr int kEvents = 256;
  epoll_event events[kEvents];
  while (!stopping_) {
    if (uv_due_) {
      turn_uv();
      reclaim();
      if (stopping_) break;
    }
    // libuv's own timeout is asked for once per turn as well: it is a comparison, no system call.
    const bool deferred = deferred_.following_ != &deferred_;
    const int wait = uv_due_ || deferred ? 0 : wait_ms();
    const int count = epoll_wait(epoll_, events, kEvents, wait);
    now_ns_ = monotonic_ns();
    if (count < 0 && errno != EINTR) SLUICE_CHECK(false, "epoll_wait works");
    for (int i = 0; i < count; ++i) {
      static_cast<IoHandler*>(events[i].data.ptr)->on_ready(events[i].events);
    }
    if (deferred) run_deferred();
    timers_.advance(now_ms());
    if (uv_backend_timeout(&uv_->uv) == 0) uv_due_ = true;
    if (retired_) reclaim();
  }
}

}  // namespace sluice::net
