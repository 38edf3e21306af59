#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/render.h"

namespace sluice::diag {
namespace {

struct Palette {
  std::string_view error, warning, note, help, place, bold, off;
};
constexpr Palette kPlain{};
constexpr Palette kColoured{"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[1;32m",
                            "\x1b[34m",   "\x1b[1m",    "\x1b[0m"};

std::string_view word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return {};
}

std::string_view paint(const Palette& palette, Severity severity) {
  switch (severity) {
    case Severity::error:
      return palette.error;
    case Severity::warning:
      return palette.warning;
    case Severity::note:
      return palette.note;
  }
  return {};
}

// What stands before and under the caret range: blanks as wide as the text, tabs kept.
std::string blanks(std::string_view text) {
  std::string result;
  for (char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    result += c == '\t' ? '\t' : ' ';
  }
  return result;
}

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

class TextRenderer {
 public:
  TextRenderer(const SourceMap& sources, const Palette& palette)
      : sources_(sources), palette_(palette) {}

  std::string render(const Diagnostic& d) {
    out_.clear();
    gutter_ = gutter_width(d);
    out_ += fmt::format("{}{} {}{}: {}{}{}\n", paint(palette_, d.severity), word(d.severity),
                        d.code, palette_.off, palette_.bold, d.text, palette_.off);
    excerpt(d.span, paint(palette_, d.severity));
    for (const Note& note : d.notes) {
      out_ += fmt::format("{:>{}} {}note{}: {}\n", "=", gutter_ + 3, palette_.note, palette_.off,
                          note.text);
      excerpt(note.span, palette_.note);
    }
    for (const Fix& fix : d.fixes) {
      out_ += fmt::format("{:>{}} {}help{}: {}\n", "=", gutter_ + 3, palette_.help, palette_.off,
                          fix.help);
    }
    return out_;
  }

 private:
  size_t gutter_width(const Diagnostic& d) const {
    uint32_t last = 1;
    auto look = [&](Span span) {
      if (span.known()) last = std::max(last, sources_.position(span.source, span.begin).line);
    };
    look(d.span);
    for (const Note& note : d.notes) look(note.span);
    return std::to_string(last).size();
  }

  void excerpt(Span span, std::string_view colour) {
    if (!span.known()) return;
    Position at = sources_.position(span.source, span.begin);
    out_ += fmt::format("{}{:>{}}{} {}:{}:{}\n", palette_.place, "-->", gutter_ + 4, palette_.off,
                        sources_.path(span.source), at.line, at.column);
    std::string_view line = sources_.line(span.source, span.begin);
    std::string_view text = sources_.text(span.source);
    uint32_t start = static_cast<uint32_t>(line.data() - text.data());
    uint32_t from = std::min<uint32_t>(span.begin - start, static_cast<uint32_t>(line.size()));
    uint32_t to = std::clamp<uint32_t>(span.end - start, from, static_cast<uint32_t>(line.size()));
    // A very long line (a generated source) is cut around the place.
    constexpr uint32_t kBefore = 80, kShown = 160;
    if (line.size() > kShown) {
      uint32_t cut = from > kBefore ? from - kBefore : 0;
      while (cut < from && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) ++cut;
      line = line.substr(cut, kShown);
      from -= cut;
      to = std::min<uint32_t>(to - cut, static_cast<uint32_t>(line.size()));
    }
    size_t width = std::max<size_t>(1, characters(line.substr(from, to - from)));
    out_ += fmt::format("{}{:{}} |{}\n", palette_.place, "", gutter_ + 1, palette_.off);
    out_ += fmt::format("{} {:>{}} |{} {}\n", palette_.place, at.line, gutter_, palette_.off, line);
    out_ +=
        fmt::format("{}{:{}} |{} {}{}{:^>{}}{}\n", palette_.place, "", gutter_ + 1, palette_.off,
                    blanks(line.substr(0, from)), colour, "", width, palette_.off);
  }

  const SourceMap& sources_;
  const Palette& palette_;
  std::string out_;
  size_t gutter_ = 1;
};

}  // namespace

std::string render_text(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources,
                        Colour colour) {
  TextRenderer renderer(sources, colour == Colour::on ? kColoured : kPlain);
  std::string result;
  for (const Diagnostic& d : diagnostics) {
    if (!result.empty()) result += '\n';
    result += renderer.render(d);
  }
  return result;
}

}  // namespace sluice::diag
