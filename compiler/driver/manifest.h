// `sluice.json`, which stands beside each site's artifacts: what was compiled from what, which line
// asked for each file, and every gap that was accepted. The next compile reads the list of files
// from it, so as to remove those that are its own and no longer made.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/project.h"
#include "compiler/emit/artifacts.h"

namespace sluice::driver {

inline constexpr const char* kManifest = "sluice.json";

std::string render_manifest(const Project& project, const plan::Plan& plan,
                            const targets::Target& target, const emit::Artifacts& artifacts);

// The files that an earlier manifest names; empty for none or one that cannot be read. Paths that
// lead out of the folder are left out.
std::vector<std::string> files_of_manifest(const std::string& manifest);

}  // namespace sluice::driver
