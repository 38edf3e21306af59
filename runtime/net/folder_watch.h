// Tells when a file may have been replaced. What is watched is its folder, since a replacement by
// rename is another file; so it also speaks when nothing of interest happened, and its listener
// looks for itself.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "runtime/base/result.h"
#include "runtime/net/loop.h"

namespace sluice::net {

class FolderWatch {
 public:
  static Result<std::unique_ptr<FolderWatch>> start(Loop& loop, const std::string& file,
                                                    std::function<void()> call);
  ~FolderWatch();

 private:
  struct State;
  explicit FolderWatch(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::net
