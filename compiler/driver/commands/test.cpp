// `sluice test`: the source's test blocks against the table matcher; `--json` prints them resolved,
// with their verdicts, for those who ask the same of a real engine.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "compiler/diag/catalog.gen.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/judge.h"
#include "compiler/driver/project.h"

namespace sluice::driver {
namespace {

using Json = nlohmann::ordered_json;

struct Words : SourceWords {
  bool json = false;
};

struct RequestVerdict {
  const sema::PlannedRequest* request;
  std::string answer;
  std::vector<Failure> failures;
};
struct Verdict {
  const sema::PlannedTest* test;
  std::vector<RequestVerdict> requests;
  bool passed = true;
};

Verdict run_test(const Project& project, Walker& walker, const sema::PlannedTest& test) {
  Verdict verdict{&test, {}, true};
  for (const sema::PlannedRequest& request : test.requests) {
    std::vector<Hop> hops = walker.walk(*project.plan(test.hops.front()), to_request(request));
    std::vector<Failure> failures = judge(request, hops);
    verdict.passed = verdict.passed && failures.empty();
    verdict.requests.push_back({&request, describe(hops.back()), std::move(failures)});
  }
  return verdict;
}

std::string_view word(sema::ExpectKind kind) {
  switch (kind) {
    case sema::ExpectKind::upstream:
      return "upstream";
    case sema::ExpectKind::status:
      return "status";
    case sema::ExpectKind::redirect:
      return "redirect";
    case sema::ExpectKind::path:
      return "path";
    case sema::ExpectKind::header:
      return "header";
    case sema::ExpectKind::upstream_header:
      return "upstream_header";
    case sema::ExpectKind::certificate:
      return "certificate";
    case sema::ExpectKind::middleware:
      return "middleware";
    case sema::ExpectKind::no_middleware:
      return "no_middleware";
    case sema::ExpectKind::refused:
      return "refused";
  }
  return {};
}

Json to_json(const sema::Expectation& expect) {
  Json result{{"kind", word(expect.kind)}};
  if (!expect.name.empty()) result["name"] = expect.name;
  if (!expect.text.empty()) result["text"] = expect.text;
  if (!expect.values.empty()) result["values"] = expect.values;
  if (expect.code != 0) result["code"] = expect.code;
  if (expect.kind == sema::ExpectKind::header || expect.kind == sema::ExpectKind::upstream_header) {
    result["test"] = expect.header == sema::HeaderTest::is        ? "is"
                     : expect.header == sema::HeaderTest::present ? "present"
                                                                  : "absent";
  }
  return result;
}

Json to_json(const RequestVerdict& verdict) {
  const sema::PlannedRequest& request = *verdict.request;
  Json headers = Json::array(), expects = Json::array(), failures = Json::array();
  for (const auto& header : request.headers) headers.push_back({header.name, header.value});
  for (const auto& expect : request.expects) expects.push_back(to_json(expect));
  for (const Failure& failure : verdict.failures) failures.push_back(failure.text);
  return {{"method", request.method},
          {"url", request.url},
          {"scheme", request.scheme == plan::Scheme::https ? "https" : "http"},
          {"host", request.host},
          {"target", request.target},
          {"peer", request.peer},
          {"headers", headers},
          {"expects", expects},
          {"answer", verdict.answer},
          {"failures", failures}};
}

std::string title(const sema::PlannedTest& test) {
  std::string hops;
  for (const std::string& hop : test.hops) hops += (hops.empty() ? "" : " → ") + hop;
  return fmt::format("{} [{}]", test.name, hops);
}

void print_text(const Project& project, const Verdict& verdict, Terminal& terminal) {
  terminal.out << (verdict.passed ? "ok      " : "FAILED  ") << title(*verdict.test) << "\n";
  for (const RequestVerdict& request : verdict.requests) {
    for (const Failure& failure : request.failures) {
      Position at = project.sources.position(failure.at.source, failure.at.begin);
      terminal.out << fmt::format("        {}:{}: {} {}: {}\n",
                                  project.sources.path(failure.at.source), at.line,
                                  request.request->method, request.request->url, failure.text);
    }
  }
}

int run_tests(const Words& words, Terminal& terminal) {
  Project project;
  load_and_plan(words, project);
  if (!words.json || project.diags.has_errors()) {
    if (int code = report(words, project, terminal); code != kFine) return code;
  }
  Walker walker(project);
  size_t failed = 0;
  Json list = Json::array();
  for (const sema::PlannedTest& test : project.tests) {
    Verdict verdict = run_test(project, walker, test);
    failed += verdict.passed ? 0 : 1;
    if (words.json) {
      Json requests = Json::array();
      for (const RequestVerdict& request : verdict.requests) requests.push_back(to_json(request));
      list.push_back({{"name", test.name},
                      {"hops", test.hops},
                      {"passed", verdict.passed},
                      {"requests", requests}});
    } else {
      print_text(project, verdict, terminal);
    }
  }
  if (words.json) {
    terminal.out << Json{{"tests", list}}.dump(2, ' ', false, Json::error_handler_t::replace)
                 << "\n";
  } else {
    terminal.out << fmt::format("{} passed, {} failed\n", project.tests.size() - failed, failed);
  }
  return failed == 0 ? kFine : kTestFailed;
}

}  // namespace

Action setup_test(CLI::App& app) {
  auto words = std::make_shared<Words>();
  add_source_words(app, *words);
  app.add_flag("--json", words->json, "Print the tests resolved, and their verdicts, as JSON");
  return [words](Terminal& terminal) { return run_tests(*words, terminal); };
}

}  // namespace sluice::driver
