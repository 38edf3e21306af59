// Who stands before whom (D42): `front` statements of all sites, read without planning them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/model/model.h"

namespace sluice::sema {

struct FrontLine {
  std::string outer, inner;
  model::Node statement;  // of the outer site
  Span at;                // of the inner site's name
};
// Of all sites, `like` applied. Quiet: a wrong line is reported when its site is planned.
std::vector<FrontLine> front_lines(const model::Model& model);
// The names of the hosts that a site serves, by itself or as an outer hop. Quiet, too.
std::unordered_set<std::string> served_names(const model::Model& model, std::string_view site);
// Is `site` reached again by its own fronts?
bool in_circle(const std::vector<FrontLine>& lines, std::string_view site);

}  // namespace sluice::sema
