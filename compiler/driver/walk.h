// One request on its way through the sites of a source, decided by the table matcher: the meaning
// that every target is held to. A site's plan is laid out as a table whatever its target is. Owned
// by one command; a Walker keeps each site's table, built when it is first asked.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/project.h"
#include "runtime/table/evaluate.h"

namespace sluice::driver {

struct SiteTable {
  const plan::Plan* plan = nullptr;
  std::string bytes;
  std::unique_ptr<table::Table> table;
};

struct Hop {
  const SiteTable* site = nullptr;
  table::Decision decision;
};

class Walker {
 public:
  explicit Walker(const Project& project) : project_(&project) {}

  const SiteTable& table_of(const plan::Plan& plan);

  // From `first` through the sites that it hands the host on to. The last hop is where the request
  // ended.
  std::vector<Hop> walk(const plan::Plan& first, const table::Request& request);

 private:
  const Project* project_;
  std::map<std::string, SiteTable, std::less<>> tables_;
};

}  // namespace sluice::driver
