// What a peer has not taken yet. Empty in the usual case: bytes are written from where they lie,
// and only what the socket refuses is copied here. Its owner stops reading the other side while it
// is not empty, so it holds at most what one read and one head gave.
#pragma once

#include <span>
#include <vector>

#include "runtime/base/buffer.h"
#include "runtime/proxy/transport.h"

namespace sluice::proxy {

class OutQueue {
 public:
  explicit OutQueue(BufferPool& pool) noexcept : pool_(pool) {}
  ~OutQueue() { clear(); }
  OutQueue(const OutQueue&) = delete;
  OutQueue& operator=(const OutQueue&) = delete;

  bool empty() const noexcept { return buffers_.empty(); }
  void clear() noexcept {
    for (Buffer* buffer : buffers_) pool_.give(buffer);
    buffers_.clear();
  }
  // Writes what waits, then the parts; keeps what was not taken. False: the connection is broken.
  // `taken` grows by the bytes that went out.
  bool write(Transport& to, std::span<const iovec> parts, uint64_t& taken);
  bool flush(Transport& to, uint64_t& taken);

 private:
  void append(const char* bytes, size_t size);
  BufferPool& pool_;
  std::vector<Buffer*> buffers_;
};

}  // namespace sluice::proxy
