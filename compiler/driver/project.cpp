#include "compiler/driver/project.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "compiler/diag/catalog.gen.h"
#include "compiler/diag/render.h"
#include "compiler/driver/files.h"
#include "compiler/plan/check.h"
#include "compiler/sema/resolve.h"

namespace sluice::driver {
namespace {

// A source larger than this is refused by the parser at its own limit; reading stops a little
// later.
constexpr size_t kReadLimit = size_t{64} << 20;

model::Files disk() {
  return {.is_folder = [](const std::string& path) { return is_folder(path); },
          .read = [](const std::string& path) { return read_file(path, kReadLimit); },
          .list = [](const std::string& folder) -> Result<std::vector<std::string>> {
            return files_below(folder, ".sluice");
          }};
}

}  // namespace

void add_source_words(CLI::App& app, SourceWords& words) {
  app.add_option("source", words.source, "A .sluice file, or a folder with all below it")
      ->capture_default_str();
  app.add_option("--diagnostics", words.diagnostics, "How mistakes are printed")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_flag("--deny-warnings", words.deny_warnings, "Exit with 3 when there are warnings");
}

const plan::Plan* Project::plan(std::string_view site) const {
  for (const plan::Plan& candidate : plans) {
    if (candidate.site.name == site) return &candidate;
  }
  return nullptr;
}

std::vector<const TargetFacts*> target_facts() {
  std::vector<const TargetFacts*> facts;
  for (const targets::Target* target : targets::all_targets()) facts.push_back(&target->facts);
  return facts;
}

void load(const SourceWords& words, Project& project) {
  project.root = is_folder(words.source) ? words.source : parent_folder(words.source);
  project.model = sema::resolve(project.sources, disk(), words.source, project.diags);
}

void load_and_plan(const SourceWords& words, Project& project) {
  load(words, project);
  if (project.diags.has_errors()) return;
  std::vector<const TargetFacts*> facts = target_facts();
  project.plans = sema::plan_sites(project.model, facts, project.diags);
  if (project.diags.has_errors()) return;
  // From here on every plan is complete. What is left are the tests, which ask the sites, and the
  // limits of value of the targets themselves.
  std::vector<const plan::Plan*> plans;
  for (const plan::Plan& plan : project.plans) plans.push_back(&plan);
  project.tests = sema::plan_tests(project.model, plans, project.diags);
  for (const plan::Plan& plan : project.plans) {
    const targets::Target* target = targets::find_target(*plan.site.target);
    if (target != nullptr && target->audit != nullptr) target->audit(plan, project.diags);
  }
}

int report(const SourceWords& words, const Project& project, Terminal& terminal) {
  std::vector<diag::Diagnostic> all = project.diags.sorted();
  if (words.diagnostics == "json") {
    terminal.out << diag::render_json(all, project.sources);
  } else if (!all.empty()) {
    terminal.err << diag::render_text(all, project.sources,
                                      terminal.colour ? diag::Colour::on : diag::Colour::off);
    auto count = [&](diag::Severity severity) {
      return std::count_if(all.begin(), all.end(),
                           [&](const auto& d) { return d.severity == severity; });
    };
    auto errors = count(diag::Severity::error), warnings = count(diag::Severity::warning);
    auto plural = [](auto n, const char* what) {
      return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    terminal.err << "\n" << plural(errors, "error");
    if (warnings != 0) terminal.err << ", " << plural(warnings, "warning");
    terminal.err << "; `sluice explain CODE` tells more\n";
  }
  // The world failed (SL08xx) or the source did.
  bool source = false, world = false, warned = false;
  for (const diag::Diagnostic& d : all) {
    if (d.severity == diag::Severity::warning) warned = true;
    if (d.severity == diag::Severity::error) (d.code.starts_with("SL08") ? world : source) = true;
  }
  if (source) return kSourceErrors;
  if (world) return kUsage;
  return warned && words.deny_warnings ? kWarnings : kFine;
}

void print_partial(const plan::Plan& plan, Terminal& terminal) {
  const targets::Target* target = targets::find_target(plan.site.target.peek());
  for (const plan::PartialNeed& partial : plan::partial_needs(plan, target->facts)) {
    terminal.out << fmt::format("  in part: {}: {}\n", info(partial.need->feature).name,
                                partial.differs);
  }
}

std::vector<const plan::Plan*> with_inner_sites(const Project& project, const plan::Plan& site) {
  std::vector<const plan::Plan*> result{&site};
  for (size_t at = 0; at < result.size(); ++at) {
    for (const plan::Front& front : result[at]->fronts) {
      const plan::Plan* inner = project.plan(front.inner);
      if (inner != nullptr && std::find(result.begin(), result.end(), inner) == result.end()) {
        result.push_back(inner);
      }
    }
  }
  return result;
}

const plan::Plan* choose_site(const Project& project, const std::string& name, Terminal& terminal) {
  if (name.empty() && project.plans.size() == 1) return &project.plans[0];
  if (const plan::Plan* plan = project.plan(name)) return plan;
  std::string names;
  for (const plan::Plan& plan : project.plans)
    names += (names.empty() ? "" : ", ") + plan.site.name;
  terminal.err << (name.empty() ? "sluice: which site? --site takes one of " + names
                                : "sluice: no site `" + name + "`; there are " + names)
               << "\n";
  return nullptr;
}

}  // namespace sluice::driver
