// TableSpec -> the bytes of an .slt file. Pure and deterministic: the same spec gives the same
// bytes. Linear in the size of the spec but for the sorting of a host's own routes.
// Fails never on what the compiler has checked; a spec that breaks its own rules (a duplicate host,
// a text that is no CIDR, an id out of range, more than 4 GiB) is our bug and ends the program
// (SLUICE_CHECK).
#pragma once

#include <string>

#include "runtime/table/spec.h"

namespace sluice::table {

std::string build(const TableSpec& spec);

}  // namespace sluice::table
