// Buffers that connections borrow while they have bytes, and give back when they have none: an idle
// connection holds no buffer. Owned by one loop's pool; no allocation once the pool has grown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

namespace sluice {

// Bytes [begin, end) are there, [end, capacity) is room.
class Buffer {
 public:
  const char* data() const noexcept { return bytes() + begin_; }
  char* data() noexcept { return bytes() + begin_; }
  size_t size() const noexcept { return end_ - begin_; }
  bool empty() const noexcept { return begin_ == end_; }
  std::string_view view() const noexcept { return {data(), size()}; }
  char* room() noexcept { return bytes() + end_; }
  size_t room_size() const noexcept { return capacity_ - end_; }
  size_t capacity() const noexcept { return capacity_; }
  void added(size_t n) noexcept { end_ += static_cast<uint32_t>(n); }
  void consume(size_t n) noexcept { begin_ += static_cast<uint32_t>(n); }
  void clear() noexcept { begin_ = end_ = 0; }
  // Gives up all but the first `size` bytes.
  void truncate(size_t size) noexcept { end_ = begin_ + static_cast<uint32_t>(size); }
  // Moves the bytes to the front; views of them are void.
  void compact() noexcept {
    if (begin_ == 0) return;
    std::memmove(bytes(), data(), size());
    end_ -= begin_;
    begin_ = 0;
  }

 private:
  friend class BufferPool;
  explicit Buffer(uint32_t capacity) noexcept : capacity_(capacity) {}
  char* bytes() noexcept { return reinterpret_cast<char*>(this + 1); }
  const char* bytes() const noexcept { return reinterpret_cast<const char*>(this + 1); }
  uint32_t begin_ = 0, end_ = 0, capacity_;
};

class BufferPool {
 public:
  explicit BufferPool(uint32_t capacity, size_t keep) noexcept : capacity_(capacity), keep_(keep) {}
  ~BufferPool() {
    for (Buffer* buffer : free_) std::free(buffer);
  }
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  Buffer* take() {
    ++taken_;
    if (!free_.empty()) {
      Buffer* buffer = free_.back();
      free_.pop_back();
      buffer->clear();
      return buffer;
    }
    void* memory = std::malloc(sizeof(Buffer) + capacity_);
    if (!memory) throw std::bad_alloc();
    return new (memory) Buffer(capacity_);
  }
  void give(Buffer* buffer) {
    --taken_;
    if (free_.size() < keep_) {
      free_.push_back(buffer);
    } else {
      std::free(buffer);
    }
  }
  size_t taken() const noexcept { return taken_; }

 private:
  const uint32_t capacity_;
  const size_t keep_;
  size_t taken_ = 0;
  std::vector<Buffer*> free_;
};

}  // namespace sluice
