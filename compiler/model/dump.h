// The model as text for `sluice dump model`: one line a declaration, host, zone and test, in a
// stable order.
#pragma once

#include <string>

#include "compiler/model/model.h"

namespace sluice::model {

std::string dump(const Model& model);

}  // namespace sluice::model
