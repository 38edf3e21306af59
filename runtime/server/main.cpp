// sluiced: serves a compiled table.
#include <cstdio>

#include "runtime/server/match.h"
#include "runtime/server/options.h"
#include "runtime/server/server.h"

namespace {

int fail(const sluice::Error& error) {
  std::fprintf(stderr, "sluiced: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice::server;
  auto parsed = parse_options(argc, argv);
  if (const auto* exit = std::get_if<Exit>(&parsed)) return exit->code;
  Options& options = std::get<Options>(parsed);
  if (!options.match.empty()) return run_match(options);

  const bool check = options.check;
  Server server(std::move(options));
  if (check) {
    std::string summary;
    if (const auto status = server.check(summary); !status) return fail(status.error());
    std::printf("%s\n", summary.c_str());
    return 0;
  }
  if (const auto status = server.start(); !status) return fail(status.error());
  server.run();
  return 0;
}
