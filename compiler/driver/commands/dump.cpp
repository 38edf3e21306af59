// `sluice dump PHASE`: what each phase made, by the printers that the tests use.
#include "compiler/model/dump.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "compiler/diag/catalog.gen.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/files.h"
#include "compiler/driver/project.h"
#include "compiler/driver/walk.h"
#include "compiler/plan/dump.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/parse.h"
#include "runtime/table/dump.h"

namespace sluice::driver {
namespace {

struct Words : SourceWords {
  std::string phase, site;
};

// tokens and syntax are of one file each.
int dump_files(const Words& words, Terminal& terminal) {
  std::vector<std::string> paths =
      is_folder(words.source) ? files_below(words.source, ".sluice") : std::vector{words.source};
  Project project;
  for (const std::string& path : paths) {
    Result<std::string> text = read_file(path);
    if (!text) {
      terminal.err << "sluice: " << text.error().message << "\n";
      return kUsage;
    }
    SourceId id = project.sources.add(path, std::move(*text));
    if (paths.size() > 1) terminal.out << "# " << path << "\n";
    if (words.phase == "tokens") {
      terminal.out << syntax::dump_tokens(project.sources, id);
    } else {
      syntax::Ast ast = syntax::parse(project.sources, id, project.diags);
      terminal.out << syntax::dump_syntax(project.sources, ast);
    }
  }
  return report(words, project, terminal);
}

int dump_phase(const Words& words, Terminal& terminal) {
  if (words.phase == "tokens" || words.phase == "syntax") return dump_files(words, terminal);
  Project project;
  if (words.phase == "model") {
    load(words, project);
    terminal.out << model::dump(project.model);
    return report(words, project, terminal);
  }
  load_and_plan(words, project);
  if (int code = report(words, project, terminal); code != kFine) return code;
  const plan::Plan* site = choose_site(project, words.site, terminal);
  if (site == nullptr) return kUsage;
  if (words.phase == "plan") {
    terminal.out << plan::dump(*site);
  } else {
    Walker walker(project);
    terminal.out << table::dump(*walker.table_of(*site).table);
  }
  return kFine;
}

}  // namespace

Action setup_dump(CLI::App& app) {
  auto words = std::make_shared<Words>();
  app.add_option("phase", words->phase, "What to print")
      ->required()
      ->check(CLI::IsMember({"tokens", "syntax", "model", "plan", "table"}));
  add_source_words(app, *words);
  app.add_option("--site", words->site, "For plan and table: which site");
  return [words](Terminal& terminal) { return dump_phase(*words, terminal); };
}

}  // namespace sluice::driver
