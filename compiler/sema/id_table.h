// A table from texts to small numbers that keeps no texts: two hashes of 64 bits stand for each, so
// that ten thousands of names cost neither an allocation each nor the time to free them.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::sema {

class IdTable {
 public:
  // The number of `text` and whether it is new; a new one gets `id`.
  std::pair<uint32_t, bool> add(std::string_view text, uint32_t id) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    const Key key = key_of(text);
    Slot& slot = find(key);
    if (slot.used) return {slot.id, false};
    slot = {key, id, true};
    ++count_;
    return {id, true};
  }

 private:
  struct Key {
    uint64_t a = 0, b = 0;
    bool operator==(const Key&) const = default;
  };
  struct Slot {
    Key key;
    uint32_t id = 0;
    bool used = false;
  };
  static Key key_of(std::string_view text) {
    uint64_t fnv = 14695981039346656037ULL;
    for (char c : text) fnv = (fnv ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return {std::hash<std::string_view>{}(text), fnv};
  }
  Slot& find(const Key& key) {
    size_t at = key.a & (slots_.size() - 1);
    while (slots_[at].used && !(slots_[at].key == key)) at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.used) find(slot.key) = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two of them
  size_t count_ = 0;
};

}  // namespace sluice::sema
