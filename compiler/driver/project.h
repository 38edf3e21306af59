// A source as the commands use it: read, resolved and planned for all of its sites, with everything
// that was found wrong. And the words that all such commands take.
#pragma once

#include <string>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/driver/command.h"
#include "compiler/model/model.h"
#include "compiler/plan/plan.h"
#include "compiler/sema/plan_site.h"
#include "compiler/sema/plan_tests.h"
#include "compiler/targets/target.h"

namespace sluice::driver {

struct SourceWords {
  std::string source = ".";          // a file or a folder
  std::string diagnostics = "text";  // text | json
  bool deny_warnings = false;
};
void add_source_words(CLI::App& app, SourceWords& words);

struct Project {
  std::string root = ".";  // the source's folder: paths in artifacts are told from there
  SourceMap sources;
  diag::Sink diags;
  model::Model model;
  std::vector<plan::Plan> plans;  // of every site, in the order of site_names; empty after errors
  std::vector<sema::PlannedTest> tests;

  const plan::Plan* plan(std::string_view site) const;  // nullptr: no such site
};

// Neither moves nor copies: the model points into the sources.
void load(const SourceWords& words, Project& project);  // reads and resolves
void load_and_plan(const SourceWords& words,
                   Project& project);  // and plans, checks and audits every site

// Prints what was found and gives the exit code that it calls for.
int report(const SourceWords& words, const Project& project, Terminal& terminal);

// Says what the site's target has in part only, a line each.
void print_partial(const plan::Plan& plan, Terminal& terminal);

std::vector<const TargetFacts*> target_facts();

// `site`, then the sites that it fronts, each once; the first is always `site`.
std::vector<const plan::Plan*> with_inner_sites(const Project& project, const plan::Plan& site);

// The site of that name, or an explained refusal on `terminal.err`. An empty name is the only site.
const plan::Plan* choose_site(const Project& project, const std::string& name, Terminal& terminal);

}  // namespace sluice::driver
