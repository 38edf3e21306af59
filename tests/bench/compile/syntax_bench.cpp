// How long reading a large source takes, phase by phase: medians of several runs over one generated
// source of HOSTS hosts with three routes each. `syntax_bench [HOSTS] [RUNS]`
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "compiler/syntax/antlr_parser.h"
#include "compiler/syntax/brackets.h"
#include "compiler/syntax/check_text.h"
#include "compiler/syntax/format.h"
#include "compiler/syntax/lexer.h"
#include "compiler/syntax/parse.h"

namespace {

using namespace sluice;

std::string generate(int hosts) {
  std::string text = "edition 2026\n\nissuer letsencrypt { acme production }\n\n";
  for (int i = 0; i < hosts; ++i) {
    std::string n = std::to_string(i);
    text += "host app-" + n + ".example.com, www.app-" + n + ".example.com {\n  tls letsencrypt\n" +
            "  route /api         -> service apps/api-" + n + ":8000    { strip_prefix }\n" +
            "  route exact /health -> respond 200 \"ok\"\n" +
            "  route /            -> service apps/web-" + n + ":8080\n}\n\n";
  }
  return text;
}

template <class F>
void measure(const char* name, int runs, F run) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    auto start = std::chrono::steady_clock::now();
    run();
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::sort(times.begin(), times.end());
  std::printf("%-28s %8.2f ms   (best %.2f)\n", name, times[times.size() / 2], times[0]);
}

}  // namespace

int main(int argc, char** argv) {
  int hosts = argc > 1 ? std::atoi(argv[1]) : 10000;
  int runs = argc > 2 ? std::atoi(argv[2]) : 15;
  SourceMap sources;
  SourceId id = sources.add("bench.sluice", generate(hosts));
  std::string_view text = sources.text(id);
  syntax::Tokens tokens = syntax::scan(text);
  std::printf("%d hosts, %.2f MB, %zu tokens\n", hosts, static_cast<double>(text.size()) / 1e6,
              tokens.all.size());
  diag::Sink diags;
  syntax::Report report(sources, id, diags);
  measure("characters", runs, [&] { syntax::check_text(report); });
  measure("lexer", runs, [&] { syntax::scan(text); });
  measure("brackets", runs, [&] { syntax::match_brackets(tokens, report); });
  measure("ANTLR's parser and our tree", runs, [&] { syntax::run_parser(tokens, id, report); });
  measure("parse: all of these", runs, [&] { syntax::parse(sources, id, diags); });
  measure("format (parses too)", runs, [&] { syntax::format(sources, id, diags); });
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("largest resident set %ld MB, errors %zu\n", usage.ru_maxrss / 1024, diags.errors());
  return diags.has_errors() ? 1 : 0;
}
