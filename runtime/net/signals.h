// Calls back on the loop's thread when the process gets a signal.
#pragma once

#include <functional>
#include <memory>

#include "runtime/net/loop.h"

namespace sluice::net {

class Signals {
 public:
  explicit Signals(Loop& loop) noexcept;
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  void on(int signal, std::function<void()> call);

 private:
  struct One;
  Loop& loop_;
  std::unique_ptr<One> first_;
};

}  // namespace sluice::net
