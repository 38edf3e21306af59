// The keys of session tickets, the same for all loops, so that a client resumes whichever loop it
// meets. A new key every 8 hours; tickets of the two before it are still taken. Threads: any; asked
// once a handshake.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>

namespace sluice::tls {

class TicketKeys {
 public:
  static constexpr int64_t kRotateMs = 8L * 3600 * 1000;
  struct Key {
    std::array<unsigned char, 16> name;
    std::array<unsigned char, 32> cipher, mac;
    int64_t made_ms;
  };

  TicketKeys();
  ~TicketKeys();
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;
  Key current(int64_t now_ms);
  struct Found {
    Key key;
    bool current;
  };
  std::optional<Found> find(const unsigned char name[16], int64_t now_ms);

 private:
  static constexpr size_t kKept = 3;
  void rotate(int64_t now_ms);
  std::mutex mutex_;
  std::array<Key, kKept> keys_;  // newest first
  size_t count_ = 0;
};

}  // namespace sluice::tls
