#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/diag/render.h"

namespace sluice::diag {
namespace {

using Json = nlohmann::ordered_json;

Json place(const SourceMap& sources, Span span) {
  if (!span.known()) return nullptr;
  auto position = [&](uint32_t offset) {
    Position at = sources.position(span.source, offset);
    return Json{{"line", at.line}, {"column", at.column}};
  };
  return {{"file", sources.path(span.source)},
          {"start", position(span.begin)},
          {"end", position(span.end)}};
}

std::string_view word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

Json one(const SourceMap& sources, const Diagnostic& d) {
  Json notes = Json::array(), fixes = Json::array();
  for (const Note& note : d.notes) {
    notes.push_back({{"message", note.text}, {"place", place(sources, note.span)}});
  }
  for (const Fix& fix : d.fixes) {
    Json entry{{"help", fix.help}, {"place", place(sources, fix.span)}};
    if (fix.span.known()) entry["replacement"] = fix.text;
    fixes.push_back(std::move(entry));
  }
  return {{"code", d.code},
          {"name", d.name},
          {"severity", word(d.severity)},
          {"message", d.text},
          {"place", place(sources, d.span)},
          {"notes", notes},
          {"fixes", fixes}};
}

}  // namespace

std::string render_json(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources) {
  Json list = Json::array();
  for (const Diagnostic& d : diagnostics) list.push_back(one(sources, d));
  auto count = [&](Severity severity) {
    return std::count_if(diagnostics.begin(), diagnostics.end(),
                         [&](const Diagnostic& d) { return d.severity == severity; });
  };
  Json whole{{"diagnostics", list},
             {"errors", count(Severity::error)},
             {"warnings", count(Severity::warning)}};
  // A file name is bytes; what is not UTF-8 in it must not throw.
  return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sluice::diag
