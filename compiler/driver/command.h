// A command of `sluice`: one row of the table in commands.cpp, one file in commands/. From this one
// table come the parser, `--help` and (later) completions and man pages.
#pragma once

#include <functional>
#include <iosfwd>
#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace sluice::driver {

// design §7. What the command line or the disk refused is `usage`.
enum ExitCode : int {
  kFine = 0,
  kSourceErrors = 1,
  kUsage = 2,
  kWarnings = 3,
  kTestFailed = 4,
  kWouldChange = 10,
  kBug = 70,
};

// Where a command speaks. Results go to `out`, diagnostics and progress to `err`.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool colour;    // err is a terminal and NO_COLOR is unset
  bool progress;  // err is a terminal
};

using Action = std::function<int(Terminal&)>;

struct Command {
  std::string_view name;
  std::string_view summary;
  // Adds its words to `app`; the Action runs after they were read. Options live as long as the
  // Action.
  Action (*setup)(CLI::App& app);
};

std::span<const Command> commands();

// The whole program behind main(): reads the words, runs the command, gives the exit code.
int run(int argc, const char* const* argv, Terminal& terminal);

}  // namespace sluice::driver
