// How names are found: one hash of slots, used for exact hosts, for certificate names, and for the
// edges of the two label tries. The writer, the verifier and the matcher share these few lines, so
// that they cannot differ. Internal to runtime/table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "runtime/table/format.h"

namespace sluice::table {

inline uint64_t hash_name(std::string_view name, uint64_t seed) {
  return XXH3_64bits_withSeed(name.data(), name.size(), seed);
}
inline uint64_t hash_label(uint32_t parent, std::string_view label, uint64_t seed) {
  return XXH3_64bits_withSeed(label.data(), label.size(), seed ^ (parent * 0x9e3779b97f4a7c15U));
}

// The id whose key `equal` confirms, or kNone. Ends by an empty slot, or after kMaxProbe steps.
template <class Equal>
uint32_t find_slot(std::span<const Slot> slots, uint64_t hash, Equal equal) {
  if (slots.empty()) return kNone;
  const size_t mask = slots.size() - 1;
  const auto tag = static_cast<uint32_t>(hash >> 32);
  size_t at = hash & mask;
  for (uint32_t probe = 0; probe < kMaxProbe; ++probe, at = (at + 1) & mask) {
    const Slot& slot = slots[at];
    if (slot.id == kNone) return kNone;
    if (slot.tag == tag && equal(slot.id)) return slot.id;
  }
  return kNone;
}

// The labels of a name from the right: "a.b.test" gives "test", "b", "a". An empty label comes out
// as such.
class LabelsFromRight {
 public:
  explicit LabelsFromRight(std::string_view name) : rest_(name), more_(!name.empty()) {}
  bool more() const { return more_; }
  std::string_view next() {
    const size_t dot = rest_.rfind('.');
    if (dot == std::string_view::npos) {
      more_ = false;
      return rest_;
    }
    const std::string_view label = rest_.substr(dot + 1);
    rest_ = rest_.substr(0, dot);
    return label;
  }
  std::string_view rest() const {
    return more_ ? rest_ : std::string_view();
  }  // what stands left of the last one

 private:
  std::string_view rest_;
  bool more_;
};

// Whether "x.y" could stand before ".name": every label has a letter.
inline bool whole_labels(std::string_view labels) {
  return !labels.empty() && labels.front() != '.' && labels.back() != '.' &&
         labels.find("..") == std::string_view::npos;
}

// A label trie with its slots and its text, wherever they lie.
struct TrieView {
  std::span<const LabelRecord> nodes;
  std::span<const Slot> slots;
  const char* text;
  uint64_t seed;

  uint32_t child(uint32_t parent, std::string_view label) const {
    return find_slot(slots, hash_label(parent, label, seed), [&](uint32_t id) {
      const LabelRecord& node = nodes[id];
      return node.parent == parent &&
             std::string_view(text + node.label.offset, node.label.length) == label;
    });
  }
  // The wildcard that holds `name` and is longest, or kNone.
  uint32_t longest(std::string_view name) const {
    uint32_t best = kNone;
    uint32_t node = 0;
    LabelsFromRight labels(name);
    while (labels.more()) {
      node = child(node, labels.next());
      if (node == kNone) break;
      const std::string_view rest = labels.rest();
      if (rest.empty()) break;  // the wildcard's own name, or an empty label before it
      const bool one = rest.find('.') == std::string_view::npos;
      if (one && nodes[node].one_label != kNone) {
        best = nodes[node].one_label;
      } else if (nodes[node].any_depth != kNone && whole_labels(rest)) {
        best = nodes[node].any_depth;
      }
    }
    return best;
  }
  // The node that spells exactly `name`, or kNone.
  uint32_t node_of(std::string_view name) const {
    uint32_t node = 0;
    LabelsFromRight labels(name);
    while (labels.more() && node != kNone) node = child(node, labels.next());
    return node;
  }
};

}  // namespace sluice::table
