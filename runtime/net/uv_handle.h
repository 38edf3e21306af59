// The close rule of libuv in one place: a handle's memory must live until its close callback has
// run. Only runtime/net includes this file.
#pragma once

#include <uv.h>

namespace sluice::net {

// A uv handle on the heap. It is closed when the owner goes, and freed when libuv is done with it;
// the owner pointer is cleared at once, so that no callback reaches an owner that has gone.
template <class Handle, class Owner>
class UvHandle {
 public:
  explicit UvHandle(Owner* owner) : handle_(new Handle{}) { handle_->data = owner; }
  UvHandle(const UvHandle&) = delete;
  UvHandle& operator=(const UvHandle&) = delete;
  ~UvHandle() {
    if (!started_) {
      delete handle_;
      return;
    }
    handle_->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle_),
             [](uv_handle_t* closed) noexcept { delete reinterpret_cast<Handle*>(closed); });
  }

  Handle* get() noexcept { return handle_; }
  // To be said once uv_…_init has succeeded: from here on libuv knows the handle.
  void initialised() noexcept { started_ = true; }
  static Owner* owner(Handle* handle) noexcept { return static_cast<Owner*>(handle->data); }

 private:
  Handle* handle_;
  bool started_ = false;
};

}  // namespace sluice::net
