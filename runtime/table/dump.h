// A table as text, for people, reviews and goldens: one line a fact, in the table's own order, the
// same for the same table. Hosts with their routes, each with what acts on it and where it goes.
#pragma once

#include <string>

#include "runtime/table/table.h"

namespace sluice::table {

std::string dump(const Table& table);

}  // namespace sluice::table
