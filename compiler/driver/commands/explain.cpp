// `sluice explain CODE`: the page of a diagnostic, as it stands in the catalog.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "compiler/diag/diagnostic.h"
#include "compiler/driver/commands.h"

namespace sluice::driver {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

int explain(const std::string& word, Terminal& terminal) {
  const auto& pages = diag::catalog();
  auto page = std::find_if(pages.begin(), pages.end(), [&](const diag::Page& p) {
    return p.code == upper(word) || p.name == word;
  });
  if (page == pages.end()) {
    terminal.err << "sluice: no diagnostic `" << word << "`; `sluice explain --list` names all\n";
    return kUsage;
  }
  terminal.out << page->code << " " << page->name << " ("
               << (page->severity == diag::Severity::error ? "error" : "warning") << ")\n\n    "
               << page->text << "\n\n"
               << page->body;
  return kFine;
}

int list(Terminal& terminal) {
  for (const diag::Page& page : diag::catalog()) {
    terminal.out << page.code << "  " << page.text << "\n";
  }
  return kFine;
}

}  // namespace

Action setup_explain(CLI::App& app) {
  struct Words {
    std::string code;
    bool all = false;
  };
  auto words = std::make_shared<Words>();
  auto* code = app.add_option("code", words->code, "A code, as SL0301");
  auto* all = app.add_flag("--list", words->all, "List all codes");
  code->excludes(all);
  return [words](Terminal& terminal) {
    if (words->all) return list(terminal);
    if (words->code.empty()) {
      terminal.err << "sluice: explain wants a code, as in `sluice explain SL0301`\n";
      return static_cast<int>(kUsage);
    }
    return explain(words->code, terminal);
  };
}

}  // namespace sluice::driver
