// `sluice fmt`: sources in the one style, in place. No options but --check.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "compiler/driver/commands.h"
#include "compiler/driver/files.h"
#include "compiler/driver/project.h"
#include "compiler/model/wants_text.h"
#include "compiler/syntax/format.h"

namespace sluice::driver {
namespace {

struct Words {
  std::vector<std::string> paths{"."};
  bool check = false;
};

std::vector<std::string> sources_of(const std::vector<std::string>& paths) {
  std::vector<std::string> result;
  for (const std::string& path : paths) {
    if (!is_folder(path)) {
      result.push_back(path);
      continue;
    }
    for (std::string& file : files_below(path, ".sluice")) result.push_back(std::move(file));
  }
  return result;
}

// The exit code for one file; kWouldChange only under --check.
int format_file(const std::string& path, bool check, Terminal& terminal) {
  Result<std::string> text = read_file(path);
  if (!text) {
    terminal.err << "sluice: " << text.error().message << "\n";
    return kUsage;
  }
  Project project;
  SourceId id = project.sources.add(path, *text);
  std::optional<std::string> formatted =
      syntax::format(project.sources, id, project.diags, model::wants_text);
  if (!formatted) return report({}, project, terminal);
  if (*formatted == *text) return kFine;
  if (check) {
    terminal.out << path << "\n";
    return kWouldChange;
  }
  if (Status status = replace_file(path, *formatted); !status) {
    terminal.err << "sluice: " << status.error().message << "\n";
    return kUsage;
  }
  terminal.out << path << "\n";
  return kFine;
}

}  // namespace

Action setup_fmt(CLI::App& app) {
  auto words = std::make_shared<Words>();
  app.add_option("paths", words->paths, "Files, or folders with all sources below them")
      ->capture_default_str();
  app.add_flag("--check", words->check,
               "Write nothing; name the files that would change, exit with 10");
  return [words](Terminal& terminal) {
    // The worst that happened to any file: an error before "would change".
    int result = kFine;
    for (const std::string& path : sources_of(words->paths)) {
      int code = format_file(path, words->check, terminal);
      if (code != kFine && (result == kFine || result == kWouldChange)) result = code;
    }
    return result;
  };
}

}  // namespace sluice::driver
