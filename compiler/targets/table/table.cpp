#include "compiler/targets/table/table.h"

#include <cstdio>

#include "compiler/targets/table/capabilities.h"
#include "compiler/targets/table/to_spec.h"
#include "runtime/base/check.h"
#include "runtime/table/build.h"
#include "runtime/table/table.h"

namespace sluice::targets::table {
namespace {

constexpr Ignored kIgnores[] = {
    {"Site.name_space", "there are no Kubernetes objects; a Service is dialled by its name"},
    {"Site.target", "it chose this target"},
};

}  // namespace

constinit const Target kTarget = {
    .facts = {.name = "table",
              .summary = "a binary routing table, served by sluiced",
              .kubernetes = false,
              .options = {},
              .capabilities = kCapabilities},
    .ignores = kIgnores,
    .audit = audit,
    .emit = emit,
};

// Whatever the language can say, a table can hold.
void audit(const plan::Plan&, diag::Sink&) {}

emit::Artifacts emit(const plan::Plan& plan) {
  std::string bytes = sluice::table::build(to_spec(plan));
  // The reader's own check, before anybody relies on the file.
  const auto loaded = sluice::table::Table::load(bytes);
  if (!loaded) std::fprintf(stderr, "sluice: %s\n", loaded.error().message.c_str());
  SLUICE_CHECK(loaded.has_value(), "a table that was written can be read");

  std::vector<Span> origins;
  for (const plan::Host& host : plan.hosts) origins.push_back(host.at);
  emit::Artifacts artifacts;
  artifacts.push_back({"site.slt", std::move(bytes), std::move(origins)});
  return artifacts;
}

}  // namespace sluice::targets::table
