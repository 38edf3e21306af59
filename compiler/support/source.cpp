#include "compiler/support/source.h"

#include <algorithm>

namespace sluice {

Span join(Span a, Span b) {
  if (!a.known()) return b;
  if (!b.known()) return a;
  return {a.source, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

SourceId SourceMap::add(std::string path, std::string text) {
  Source source{std::move(path), std::move(text), {0}};
  for (size_t at = source.text.find('\n'); at != std::string::npos;
       at = source.text.find('\n', at + 1)) {
    source.line_starts.push_back(static_cast<uint32_t>(at + 1));
  }
  sources_.push_back(std::move(source));
  return static_cast<SourceId>(sources_.size() - 1);
}

std::string_view SourceMap::text(Span span) const {
  return text(span.source).substr(span.begin, span.end - span.begin);
}

Position SourceMap::position(SourceId id, uint32_t offset) const {
  const Source& source = sources_[id];
  auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), offset);
  uint32_t start = *(after - 1);
  uint32_t column = 1;
  for (uint32_t at = start; at < offset && at < source.text.size(); ++at) {
    if ((static_cast<unsigned char>(source.text[at]) & 0xC0) != 0x80) ++column;
  }
  return {static_cast<uint32_t>(after - source.line_starts.begin()), column};
}

uint32_t SourceMap::line_number(SourceId id, uint32_t offset) const {
  const auto& starts = sources_[id].line_starts;
  return static_cast<uint32_t>(std::upper_bound(starts.begin(), starts.end(), offset) -
                               starts.begin());
}

std::string_view SourceMap::line(SourceId id, uint32_t offset) const {
  const Source& source = sources_[id];
  auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), offset);
  size_t start = *(after - 1);
  size_t end = source.text.find('\n', start);
  std::string_view whole = source.text;
  std::string_view line = whole.substr(start, end == std::string::npos ? end : end - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace sluice
