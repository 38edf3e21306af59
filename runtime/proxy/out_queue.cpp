#include "runtime/proxy/out_queue.h"

#include <algorithm>
#include <cstring>

namespace sluice::proxy {

void OutQueue::append(const char* bytes, size_t size) {
  while (size != 0) {
    if (buffers_.empty() || buffers_.back()->room_size() == 0) buffers_.push_back(pool_.take());
    Buffer& last = *buffers_.back();
    const size_t n = std::min(size, last.room_size());
    std::memcpy(last.room(), bytes, n);
    last.added(n);
    bytes += n;
    size -= n;
  }
}

bool OutQueue::flush(Transport& to, uint64_t& taken) {
  while (!buffers_.empty()) {
    Buffer& first = *buffers_.front();
    const iovec part{first.data(), first.size()};
    const IoResult result = to.write({&part, 1});
    if (result.state == Io::again) return true;
    if (result.state != Io::ok) return false;
    taken += result.bytes;
    first.consume(result.bytes);
    if (!first.empty()) return true;
    pool_.give(&first);
    buffers_.erase(buffers_.begin());
  }
  return true;
}

bool OutQueue::write(Transport& to, std::span<const iovec> parts, uint64_t& taken) {
  if (!flush(to, taken)) return false;
  size_t went = 0;
  if (empty() && !parts.empty()) {
    const IoResult result = to.write(parts);
    if (result.state != Io::ok && result.state != Io::again) return false;
    went = result.bytes;
    taken += went;
  }
  for (const iovec& part : parts) {
    const size_t skip = std::min(went, part.iov_len);
    went -= skip;
    append(static_cast<const char*>(part.iov_base) + skip, part.iov_len - skip);
  }
  return true;
}

}  // namespace sluice::proxy
