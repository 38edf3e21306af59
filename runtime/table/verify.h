// The full check of a table's records: every offset, index, count, text, order and probe, so that
// the matcher and sluiced may read without checking. Linear but for lookups of each name. The input
// is not trusted.
#pragma once

#include <string>

#include "runtime/table/table.h"

namespace sluice::table {

// Empty when all holds; else what and where, as "hosts[12]: the name is not in normal form".
// `table` has its sections set and nothing else; none of its records was looked at.
std::string verify(const Table& table);

}  // namespace sluice::table
