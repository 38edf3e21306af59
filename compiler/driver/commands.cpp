#include "compiler/driver/commands.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "compiler/driver/version.h"

namespace sluice::driver {

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
      {"check", "Report the mistakes of a source, for all of its sites", setup_check},
      {"compile", "Write what each site runs", setup_compile},
      {"fmt", "Format sources in the one style", setup_fmt},
      {"test", "Run the source's test blocks", setup_test},
      {"route", "Say what a request meets at a site, and why", setup_route},
      {"targets", "Print what each target can do", setup_targets},
      {"explain", "Explain a diagnostic by its code", setup_explain},
      {"dump", "Print what a phase made: tokens, syntax, model, plan, table", setup_dump},
  };
  return kCommands;
}

namespace {

bool is_command(std::string_view word) {
  for (const Command& command : commands()) {
    if (command.name == word) return true;
  }
  return false;
}

}  // namespace

int run(int argc, const char* const* argv, Terminal& terminal) {
  CLI::App app{
      "One source for the edge: compiles hosts, routes, middleware and certificates\n"
      "to what each place runs.",
      "sluice"};
  app.set_version_flag("--version", std::string("sluice ") + kVersion);
  app.require_subcommand(1);
  app.footer(
      "`sluice COMMAND --help` tells a command's words. Exit codes: 0 fine, 1 errors in the\n"
      "source, 2 usage or files, 3 warnings under --deny-warnings, 4 a test failed, 10 would\n"
      "change, 70 a bug of ours.");
  Action action;
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    Action run_it = command.setup(*sub);
    sub->callback([&action, run_it] { action = run_it; });
  }
  if (argc > 1 && argv[1][0] != '-' && !is_command(argv[1])) {
    terminal.err << "sluice: no command `" << argv[1] << "`; there are";
    for (const Command& command : commands()) terminal.err << " " << command.name;
    terminal.err << "\n";
    return kUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    app.exit(done, terminal.out, terminal.err);
    return kFine;
  } catch (const CLI::ParseError& wrong) {
    terminal.err << "sluice: " << wrong.what() << "\n";
    const auto chosen = app.get_subcommands();
    terminal.err << "Words are told by `sluice "
                 << (chosen.empty() ? "" : chosen[0]->get_name() + " ") << "--help`.\n";
    return kUsage;
  }
  return action(terminal);
}

}  // namespace sluice::driver
