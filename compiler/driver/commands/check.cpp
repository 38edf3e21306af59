// `sluice check`: everything that can be said of a source without writing anything.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "compiler/driver/commands.h"
#include "compiler/driver/project.h"

namespace sluice::driver {

Action setup_check(CLI::App& app) {
  auto words = std::make_shared<SourceWords>();
  add_source_words(app, *words);
  return [words](Terminal& terminal) {
    Project project;
    load_and_plan(*words, project);
    int code = report(*words, project, terminal);
    if (code == kFine && words->diagnostics == "text") {
      for (const plan::Plan& plan : project.plans) {
        terminal.out << fmt::format("{}: {}, {} host{}, fine\n", plan.site.name, *plan.site.target,
                                    plan.hosts.size(), plan.hosts.size() == 1 ? "" : "s");
        print_partial(plan, terminal);
      }
    }
    return code;
  };
}

}  // namespace sluice::driver
