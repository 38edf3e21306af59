// `--match METHOD URL`: asks the table what would happen, and says why. Serves nothing.
#pragma once

#include "runtime/server/options.h"

namespace sluice::server {

int run_match(const Options& options);

}  // namespace sluice::server
