// The pieces of the head writers: a bounded output, the filter that says which lines of a message
// are not copied, and the lines that edits write. Internal to runtime/http.
#pragma once

#include <cstring>

#include "runtime/http/write_head.h"

namespace sluice::http {

// Appends to a fixed buffer; once something did not fit, its size is 0 for good.
class Out {
 public:
  explicit Out(std::span<char> buffer) noexcept
      : begin_(buffer.data()), at_(buffer.data()), end_(buffer.data() + buffer.size()) {}

  void put(std::string_view text) noexcept {
    if (size_t(end_ - at_) < text.size()) {
      end_ = at_;
      failed_ = true;
      return;
    }
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void line(std::string_view name, std::string_view value) noexcept {
    put(name);
    put(": ");
    put(value);
    put("\r\n");
  }
  void number(uint64_t value) noexcept {
    char digits[20];
    char* first = digits + sizeof digits;
    do {
      *--first = char('0' + value % 10);
      value /= 10;
    } while (value != 0);
    put({first, size_t(digits + sizeof digits - first)});
  }
  size_t size() const noexcept { return failed_ ? 0 : size_t(at_ - begin_); }

 private:
  char* begin_;
  char* at_;
  char* end_;
  bool failed_ = false;
};

// Which lines of the message are not copied: those it dropped itself, those whose place edits take,
// and what the writer adds by id.
class LineFilter {
 public:
  LineFilter(Edits edits, std::span<const ExtraLine> extra) noexcept
      : edits_(edits), extra_(extra) {
    for (const EditList* list : edits) {
      edited_ |= list->removed_ids();
      by_name_ |= list->removes_unlisted();
    }
    for (const ExtraLine& line : extra) {
      if (line.op != EditOp::set) continue;
      if (is_exact(line.id))
        taken_ |= id_set(line.id);
      else
        by_name_ = true;
    }
    taken_ |= edited_;
  }

  void take(HeaderId id) noexcept { taken_ |= id_set(id); }
  void take_all(IdSet ids) noexcept { taken_ |= ids; }
  // An edit sets or removes it, so the writer does not write its own.
  bool is_edited(HeaderId id) const noexcept { return contains(edited_, id); }

  bool takes(const HeaderBlock& head, size_t line) const noexcept {
    const HeaderId id = head.lines[line].id;
    return head.is_dropped(line) || contains(taken_, id) ||
           (by_name_ && !is_exact(id) && takes_name(id, head.name(line)));
  }

 private:
  bool takes_name(HeaderId id, std::string_view name) const noexcept;

  Edits edits_;
  std::span<const ExtraLine> extra_;
  IdSet edited_ = 0;
  IdSet taken_ = 0;
  bool by_name_ = false;
};

// Writes the extra lines, then each list's; a later list's set or remove silences earlier lines of
// that name. `head` is asked for set_if_absent.
void put_edits(const HeaderBlock& head, Edits edits, std::span<const ExtraLine> extra,
               const LineFilter& filter, Out& out) noexcept;

// Whether a list from `first` on sets or removes the name.
bool removed_later(Edits edits, size_t first, HeaderId id, std::string_view name) noexcept;

constexpr std::string_view connection_line(bool keep_alive, uint8_t client_minor) noexcept {
  if (!keep_alive) return "Connection: close\r\n";
  return client_minor == 0 ? "Connection: keep-alive\r\n" : "";
}

}  // namespace sluice::http
