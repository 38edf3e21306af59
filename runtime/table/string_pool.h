// The strings of a table under construction: each text once. Internal to the builder.
#pragma once

#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/table/name_index.h"

namespace sluice::table {

class StringPool {
 public:
  StringRef add(std::string_view text) {
    if (text.empty()) return {0, 0};
    if (refs_.size() * 2 >= slots_.size()) grow(refs_.size() * 2);
    const uint64_t hash = hash_name(text, 0);
    size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].id != kNone; at = (at + 1) & (slots_.size() - 1)) {
      const StringRef ref = refs_[slots_[at].id];
      if (slots_[at].tag == static_cast<uint32_t>(hash >> 32) && view(ref) == text) return ref;
    }
    SLUICE_CHECK(bytes_.size() + text.size() < kNone, "the table's text stays below 4 GiB");
    slots_[at] = {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(refs_.size())};
    hashes_.push_back(hash);
    refs_.push_back({static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(text.size())});
    bytes_.append(text);
    return refs_.back();
  }
  void reserve(size_t texts) {
    refs_.reserve(texts);
    hashes_.reserve(texts);
    bytes_.reserve(texts * 24);
    grow(texts);
  }
  const std::string& bytes() const { return bytes_; }
  std::string_view view(StringRef ref) const { return {bytes_.data() + ref.offset, ref.length}; }

 private:
  void grow(size_t texts) {
    slots_.assign(std::bit_ceil(texts * 2 + 64), Slot{0, kNone});
    for (uint32_t id = 0; id < refs_.size(); ++id) {
      const uint64_t hash = hashes_[id];
      size_t at = hash & (slots_.size() - 1);
      while (slots_[at].id != kNone) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = {static_cast<uint32_t>(hash >> 32), id};
    }
  }

  std::string bytes_;
  std::vector<StringRef> refs_;
  std::vector<uint64_t> hashes_;  // of refs_
  std::vector<Slot> slots_;
};

}  // namespace sluice::table
