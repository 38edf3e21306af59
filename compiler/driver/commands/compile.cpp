// `sluice compile`: writes OUT/SITE/… for one site (and the sites it fronts) or for all.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

#include "compiler/diag/catalog.gen.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/files.h"
#include "compiler/driver/manifest.h"
#include "compiler/driver/project.h"

namespace sluice::driver {
namespace {

struct Words : SourceWords {
  std::vector<std::string> sites;
  std::string out = "out";
  bool check = false;
};

struct SiteTree {
  std::string site;
  std::string folder;
  std::vector<TreeFile> files;     // the manifest last
  std::vector<std::string> stale;  // ours by the old manifest, and no longer made
};

std::vector<const plan::Plan*> chosen_sites(const Words& words, const Project& project,
                                            Terminal& terminal) {
  std::vector<const plan::Plan*> result;
  auto add = [&](const plan::Plan* plan) {
    if (std::find(result.begin(), result.end(), plan) == result.end()) result.push_back(plan);
  };
  if (words.sites.empty()) {
    for (const plan::Plan& plan : project.plans) add(&plan);
  }
  for (const std::string& name : words.sites) {
    const plan::Plan* site = choose_site(project, name, terminal);
    if (site == nullptr) return {};
    for (const plan::Plan* plan : with_inner_sites(project, *site)) add(plan);
  }
  return result;
}

SiteTree make_tree(const Words& words, const Project& project, const plan::Plan& plan) {
  const targets::Target* target = targets::find_target(*plan.site.target);
  emit::Artifacts artifacts = target->emit(plan);
  std::sort(artifacts.begin(), artifacts.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  SiteTree tree{plan.site.name, words.out + "/" + plan.site.name, {}, {}};
  std::string manifest = render_manifest(project, plan, *target, artifacts);
  std::set<std::string> made;
  for (emit::Artifact& artifact : artifacts) {
    made.insert(artifact.path);
    tree.files.push_back({std::move(artifact.path), std::move(artifact.bytes)});
  }
  tree.files.push_back({kManifest, std::move(manifest)});
  if (Result<std::string> old = read_file(tree.folder + "/" + kManifest)) {
    for (std::string& path : files_of_manifest(*old)) {
      if (!made.contains(path) && exists(tree.folder + "/" + path)) {
        tree.stale.push_back(std::move(path));
      }
    }
  }
  return tree;
}

// Says per file what a compile would do; true when it would do anything.
bool would_change(const SiteTree& tree, Terminal& terminal) {
  bool any = false;
  auto say = [&](const char* what, const std::string& path) {
    terminal.out << fmt::format("{} {}/{}\n", what, tree.site, path);
    any = true;
  };
  for (const TreeFile& file : tree.files) {
    Result<std::string> old = read_file(tree.folder + "/" + file.path);
    if (!old) {
      say("new    ", file.path);
    } else if (*old != file.bytes) {
      say("changed", file.path);
    }
  }
  for (const std::string& path : tree.stale) say("gone   ", path);
  return any;
}

int compile(const Words& words, Terminal& terminal) {
  Project project;
  load_and_plan(words, project);
  if (int code = report(words, project, terminal); code != kFine) return code;
  std::vector<const plan::Plan*> sites = chosen_sites(words, project, terminal);
  if (sites.empty()) return kUsage;

  std::vector<SiteTree> trees;
  for (const plan::Plan* plan : sites) trees.push_back(make_tree(words, project, *plan));
  if (words.check) {
    bool any = false;
    for (const SiteTree& tree : trees) any = would_change(tree, terminal) || any;
    return any ? kWouldChange : kFine;
  }
  for (const SiteTree& tree : trees) {
    if (Status status = write_tree(tree.folder, tree.files, tree.stale); !status) {
      terminal.err << "sluice: " << status.error().message << "\n";
      return kUsage;
    }
    if (words.diagnostics == "text") {
      terminal.out << fmt::format("{}: {} files\n", tree.folder, tree.files.size());
      print_partial(*project.plan(tree.site), terminal);
    }
  }
  return kFine;
}

}  // namespace

Action setup_compile(CLI::App& app) {
  auto words = std::make_shared<Words>();
  add_source_words(app, *words);
  app.add_option("--site", words->sites,
                 "Only this site and those it fronts; may stand several times")
      ->expected(1)
      ->take_all();
  app.add_option("-o,--out", words->out, "The folder that gets a folder a site")
      ->capture_default_str();
  app.add_flag("--check", words->check, "Write nothing; exit with 10 when a file would change");
  return [words](Terminal& terminal) { return compile(*words, terminal); };
}

}  // namespace sluice::driver
