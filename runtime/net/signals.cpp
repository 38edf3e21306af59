#include "runtime/net/signals.h"

#include "runtime/base/check.h"
#include "runtime/net/uv_handle.h"

namespace sluice::net {

struct Signals::One {
  explicit One(std::function<void()> f) : call(std::move(f)), handle(this) {}
  std::function<void()> call;
  UvHandle<uv_signal_t, One> handle;
  std::unique_ptr<One> next;
};

Signals::Signals(Loop& loop) noexcept : loop_(loop) {}
Signals::~Signals() { loop_.touched(); }

void Signals::on(int signal, std::function<void()> call) {
  auto one = std::make_unique<One>(std::move(call));
  SLUICE_CHECK(uv_signal_init(loop_.uv(), one->handle.get()) == 0, "libuv gives a signal handle");
  one->handle.initialised();
  const int error = uv_signal_start(
      one->handle.get(),
      [](uv_signal_t* handle, int) noexcept {
        if (One* self = UvHandle<uv_signal_t, One>::owner(handle)) self->call();
      },
      signal);
  SLUICE_CHECK(error == 0, "the signal can be caught");
  one->next = std::move(first_);
  first_ = std::move(one);
  loop_.touched();
}

}  // namespace sluice::net
