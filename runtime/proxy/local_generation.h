// A loop's own part of a generation: the places that it dials and the state of its weighted
// choices. Counted by the requests that use it, without atomics, since all of them live on one
// loop; the last one that leaves an old generation frees it.
#pragma once

#include <memory>
#include <vector>

#include "runtime/proxy/endpoint.h"
#include "runtime/proxy/generation.h"

namespace sluice::proxy {

class LocalGeneration {
 public:
  LocalGeneration(std::shared_ptr<const Generation> shared, Endpoints& endpoints)
      : shared_(std::move(shared)),
        endpoints_(endpoints),
        dialled_(table().members().size()),
        share_state_(table().shares().size()),
        member_state_(table().members().size()) {}
  ~LocalGeneration() {
    for (Endpoint* endpoint : dialled_) {
      if (endpoint) endpoints_.release(endpoint);
    }
  }
  LocalGeneration(const LocalGeneration&) = delete;
  LocalGeneration& operator=(const LocalGeneration&) = delete;

  const Generation& operator*() const noexcept { return *shared_; }
  const Generation* operator->() const noexcept { return shared_.get(); }
  const table::Table& table() const noexcept { return shared_->table(); }

  void enter() noexcept { ++users_; }
  void leave() noexcept {
    if (--users_ == 0) delete this;
  }

  // The next place to dial for a pool; null: none has a weight.
  Endpoint* choose(const table::PoolRecord& pool);

 private:
  std::shared_ptr<const Generation> shared_;
  Endpoints& endpoints_;
  uint32_t users_ = 0;              // requests, and the loop while this is its current one
  std::vector<Endpoint*> dialled_;  // beside `members`, filled at first use
  std::vector<int64_t> share_state_, member_state_;
};

}  // namespace sluice::proxy
