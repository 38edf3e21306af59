#include "runtime/http/header_id.h"

#include <array>
#include <cstring>

#include "runtime/http/scan.h"

namespace sluice::http {
namespace {

constexpr std::string_view kNames[] = {"", "", "",
#define SLUICE_HTTP_NAME(id, name) name,
                                       SLUICE_HTTP_HEADERS(SLUICE_HTTP_NAME)
#undef SLUICE_HTTP_NAME
};
constexpr size_t kIdCount = static_cast<size_t>(HeaderId::count);
static_assert(std::size(kNames) == kIdCount);
constexpr size_t kFirstExact = 3;
constexpr size_t kMaxName = 32;
constexpr size_t kSlots = 512;

// What the hash looks at: size, first, middle and last byte, folded to lower case. Folding by OR is
// not exact for all bytes; the comparison is.
constexpr uint32_t key(const char* name, size_t size) {
  const auto fold = [&](size_t i) { return uint32_t(uint8_t(name[i])) | 0x20; };
  return uint32_t(size) | fold(0) << 8 | fold(size / 2) << 16 | fold(size - 1) << 24;
}
constexpr size_t slot_of(uint32_t name_key, uint32_t multiplier) {
  return size_t(uint32_t(name_key * multiplier) >> 23);  // 9 bits
}

// The multiplier that gives each name a slot of its own, found by the compiler.
constexpr uint32_t find_multiplier() {
  uint32_t multiplier = 2654435769;
  for (int attempt = 0; attempt < 4000; ++attempt) {
    std::array<bool, kSlots> used{};
    bool collides = false;
    for (size_t i = kFirstExact; i < kIdCount && !collides; ++i) {
      const size_t slot = slot_of(key(kNames[i].data(), kNames[i].size()), multiplier);
      collides = used[slot];
      used[slot] = true;
    }
    if (!collides) return multiplier;
    multiplier = multiplier * 1664525 + 1013904222;  // keeps it odd
  }
  return 0;
}
constexpr uint32_t kMultiplier = find_multiplier();
static_assert(kMultiplier != 0, "no perfect hash found: use more slots");

// A name as it is compared: a byte b of the input matches when (b | fold) == lower, and fold has
// the case bit only under letters, so nothing but the name in any case of letters compares equal.
struct alignas(64) Entry {
  char lower[kMaxName] = {};
  char fold[kMaxName] = {};
};
constexpr auto kEntries = [] {
  std::array<Entry, kIdCount> entries{};
  for (size_t i = kFirstExact; i < kIdCount; ++i) {
    for (size_t at = 0; at < kNames[i].size(); ++at) {
      const char c = kNames[i][at];
      entries[i].lower[at] = c;
      entries[i].fold[at] = c >= 'a' && c <= 'z' ? 0x20 : 0;
    }
  }
  return entries;
}();
// The size stands in the slot, so that most names that we do not know are told apart without a look
// at an entry.
struct Slot {
  uint8_t id = 0;
  uint8_t size = 0;  // 0: empty
};
constexpr auto kSlotTable = [] {
  std::array<Slot, kSlots> slots{};
  for (size_t i = kFirstExact; i < kIdCount; ++i) {
    const size_t size = kNames[i].size();
    slots[slot_of(key(kNames[i].data(), size), kMultiplier)] = {uint8_t(i), uint8_t(size)};
  }
  return slots;
}();

template <class Word>
bool same_at(const char* name, const Entry& entry, size_t at) noexcept {
  Word input;
  Word fold;
  Word lower;
  std::memcpy(&input, name + at, sizeof(Word));
  std::memcpy(&fold, entry.fold + at, sizeof(Word));
  std::memcpy(&lower, entry.lower + at, sizeof(Word));
  return (input | fold) == lower;
}

bool matches(const char* name, size_t size, const Entry& entry) noexcept {
  if (size >= 8) {
    for (size_t at = 0; at + 8 < size; at += 8)
      if (!same_at<uint64_t>(name, entry, at)) return false;
    return same_at<uint64_t>(name, entry, size - 8);
  }
  if (size >= 4)
    return same_at<uint32_t>(name, entry, 0) && same_at<uint32_t>(name, entry, size - 4);
  for (size_t at = 0; at < size; ++at)
    if (!same_at<uint8_t>(name, entry, at)) return false;
  return true;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; }

constexpr std::string_view kForwardedPrefix = "x-forwarded-";

}  // namespace

HeaderId known_header_id(const char* name, size_t size) noexcept {
  if (size == 0) return HeaderId::other;
  const Slot slot = kSlotTable[slot_of(key(name, size), kMultiplier)];
  if (slot.size != size || !matches(name, size, kEntries[slot.id])) return HeaderId::other;
  return static_cast<HeaderId>(slot.id);
}

HeaderId header_id(std::string_view name) noexcept {
  const HeaderId id = known_header_id(name.data(), name.size());
  if (id != HeaderId::other) return id;
  if (name.find('_') != name.npos) return HeaderId::with_underscore;
  return has_forwarded_prefix(name) ? HeaderId::x_forwarded_other : HeaderId::other;
}

bool has_forwarded_prefix(std::string_view name) noexcept {
  return name.size() >= kForwardedPrefix.size() && (name[0] | 0x20) == 'x' &&
         equal_ignoring_case(name.substr(0, kForwardedPrefix.size()), kForwardedPrefix);
}

std::string_view name_of(HeaderId id) noexcept { return kNames[static_cast<size_t>(id)]; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && token_end(text.data(), text.data() + text.size()) == text.end();
}

bool is_field_value(std::string_view text) noexcept {
  return value_end(text.data(), text.data() + text.size()) == text.data() + text.size();
}

}  // namespace sluice::http
