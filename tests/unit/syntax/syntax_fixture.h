// What the tests of this folder share: reading data, parsing a text, and its errors in one line
// each.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/parse.h"

namespace sluice::syntax::testing {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The five sketches, and whatever sources the examples and the library have: name and text.
inline std::vector<std::pair<std::string, std::string>> corpus() {
  std::vector<std::filesystem::path> paths;
  std::filesystem::path root = SLUICE_SOURCE_DIR;
  for (const char* folder : {"tests/unit/syntax/data", "examples", "stdlib"}) {
    if (!std::filesystem::exists(root / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() == ".sluice") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& path : paths) {
    result.emplace_back(path.lexically_relative(root).string(), read_file(path));
  }
  return result;
}

struct Parsed {
  SourceMap sources;
  diag::Sink diags;
  Ast ast;

  explicit Parsed(std::string text) {
    SourceId id = sources.add("t.sluice", std::move(text));
    ast = parse(sources, id, diags);
  }

  // `2:5 SL0116 nothing follows this comma`, a line each.
  std::string errors() const {
    std::string result;
    for (const diag::Diagnostic& d : diags.sorted()) {
      Position at = sources.position(d.span.source, d.span.begin);
      result += std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
                std::string(d.code) + " " + d.text + "\n";
    }
    return result;
  }

  std::string dump() const { return dump_syntax(sources, ast); }

  // The source with the first fix of its first error applied.
  std::string fixed() const {
    std::string text(sources.text(0));
    for (const diag::Diagnostic& d : diags.sorted()) {
      for (const diag::Fix& fix : d.fixes) {
        if (fix.span.known()) {
          return text.replace(fix.span.begin, fix.span.end - fix.span.begin, fix.text);
        }
      }
    }
    return text;
  }
};

}  // namespace sluice::syntax::testing
