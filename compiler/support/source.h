// Source texts and places in them. A Span is the universal "where": tokens, tree, model and plan
// carry it, so that every error, and every line of an artifact, can name the line that asked for
// it. Invariant: texts never move once added; string_views into them live as long as the SourceMap.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

using SourceId = uint32_t;
inline constexpr SourceId kNoSource = UINT32_MAX;

// Bytes [begin, end) of one source. Default: nowhere (a default value, a built-in).
struct Span {
  SourceId source = kNoSource;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool known() const { return source != kNoSource; }
  bool operator==(const Span&) const = default;
};

// The smallest span that holds both; both stand in one source.
Span join(Span a, Span b);

// 1-based; the column counts characters (code points), as editors show them.
struct Position {
  uint32_t line = 0;
  uint32_t column = 0;
};

class SourceMap {
 public:
  SourceId add(std::string path, std::string text);

  // Forward slashes, relative to where the command ran or as given; `std/security` for the library.
  std::string_view path(SourceId id) const { return sources_[id].path; }
  std::string_view text(SourceId id) const { return sources_[id].text; }
  size_t size() const { return sources_.size(); }

  std::string_view text(Span span) const;
  Position position(SourceId id, uint32_t offset) const;
  // The line alone, 1-based, without counting its characters.
  uint32_t line_number(SourceId id, uint32_t offset) const;
  // The whole line, without its end, in which `offset` stands.
  std::string_view line(SourceId id, uint32_t offset) const;

 private:
  struct Source {
    std::string path;
    std::string text;
    std::vector<uint32_t> line_starts;
  };
  std::deque<Source> sources_;
};

}  // namespace sluice
