#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "compiler/driver/command.h"

namespace {

bool is_terminal_with_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  return isatty(STDERR_FILENO) != 0 && term != nullptr && std::string_view(term) != "dumb";
}

// SLUICE_CHECK aborts: our bug, which has an exit code of its own.
extern "C" void on_abort(int) { _exit(sluice::driver::kBug); }

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGABRT, on_abort);
  std::ios::sync_with_stdio(false);
  sluice::driver::Terminal terminal{std::cout, std::cerr, is_terminal_with_colour(),
                                    isatty(STDERR_FILENO) != 0};
  try {
    int code = sluice::driver::run(argc, argv, terminal);
    std::cout.flush();
    if (!std::cout && code == sluice::driver::kFine) {
      std::cerr << "sluice: cannot write the output\n";
      return sluice::driver::kUsage;
    }
    return code;
  } catch (const std::exception& bug) {
    std::cerr << "sluice: internal error: " << bug.what() << "\n";
    return sluice::driver::kBug;
  }
}
