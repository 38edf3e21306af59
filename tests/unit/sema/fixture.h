// A source in memory, planned for targets of this test's own.
#pragma once

#include <map>
#include <string>

#include "compiler/plan/dump.h"
#include "compiler/sema/plan_site.h"
#include "compiler/sema/plan_tests.h"
#include "compiler/sema/resolve.h"

namespace sluice::test {

using FileMap = std::map<std::string, std::string>;

inline model::Files files_of(const FileMap& map) {
  return {[&map](const std::string& path) { return !map.contains(path); },
          [&map](const std::string& path) -> Result<std::string> {
            auto found = map.find(path);
            if (found == map.end()) return Error{ErrorCode::not_found, "no such file"};
            return found->second;
          },
          [&map](const std::string& folder) -> Result<std::vector<std::string>> {
            std::vector<std::string> paths;
            for (const auto& [path, text] : map) {
              if (path.starts_with(folder + "/") || folder == ".")
                paths.push_back(folder == "." ? "./" + path : path);
            }
            return paths;
          }};
}

// A target that can do everything, under three names; only `cluster` is Kubernetes.
constexpr Capabilities everything() {
  return {
#define SLUICE_FEATURE(id, doc) native(),
#include "compiler/capability/features.def"
#undef SLUICE_FEATURE
  };
}
inline std::span<const TargetFacts* const> targets() {
  static constexpr OptionRow kOptions[] = {
      {"platform", OptionRow::Kind::choice, "k3s|plain", "where"},
      {"kind", OptionRow::Kind::choice, "ingressroute|ingress", "which"},
      {"chart", OptionRow::Kind::text, "", "version"},
      {"daemonset", OptionRow::Kind::flag, "", "on each node"},
      {"host_network", OptionRow::Kind::flag, "", "the node's ports"},
  };
  static constexpr TargetFacts kTable{"table", "", false, {}, everything(), {}};
  static constexpr TargetFacts kCaddy{"caddy", "", false, {}, everything(), {}};
  static constexpr TargetFacts kTraefik{"traefik", "", true, kOptions, everything(), {}};
  static constexpr const TargetFacts* kAll[] = {&kTable, &kCaddy, &kTraefik};
  return kAll;
}

struct Source {
  explicit Source(FileMap map, const std::string& entry = "main.sluice") : files(std::move(map)) {
    model = sema::resolve(sources, files_of(files), entry, diags);
    if (!diags.has_errors()) plans = sema::plan_sites(model, targets(), diags);
    if (diags.has_errors()) return;
    std::vector<const plan::Plan*> all;
    for (const plan::Plan& plan : plans) all.push_back(&plan);
    tests = sema::plan_tests(model, all, diags);
  }
  explicit Source(const std::string& text) : Source(FileMap{{"main.sluice", text}}) {}

  // "SL0301 2:29: no upstream named …", a line each, in order.
  std::string found() const {
    std::string result;
    for (const diag::Diagnostic& d : diags.sorted()) {
      result += std::string(d.code) + ' ';
      if (d.span.known()) {
        Position at = sources.position(d.span.source, d.span.begin);
        result += std::to_string(at.line) + ':' + std::to_string(at.column) + ' ';
      }
      result += d.text + '\n';
    }
    return result;
  }
  const plan::Plan& plan(const std::string& site) const {
    for (const plan::Plan& plan : plans) {
      if (plan.site.name == site) return plan;
    }
    static const plan::Plan kNone;
    return kNone;
  }
  const plan::Host* host(const std::string& site, const std::string& name) const {
    for (const plan::Host& host : plan(site).hosts) {
      if (plan::to_string(host.pattern.peek()) == name) return &host;
    }
    return nullptr;
  }

  FileMap files;
  SourceMap sources;
  diag::Sink diags;
  model::Model model;
  std::vector<plan::Plan> plans;
  std::vector<sema::PlannedTest> tests;
};

}  // namespace sluice::test
