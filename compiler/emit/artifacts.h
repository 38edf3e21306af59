// What a target writes for one site: files as bytes, with the places in the source that asked for
// them. Invariant: paths are relative, with forward slashes, sorted and unique; the same plan gives
// the same bytes on every run. Writing them to a disk is the driver's business.
#pragma once

#include <string>
#include <vector>

#include "compiler/support/source.h"

namespace sluice::emit {

struct Artifact {
  std::string path;  // "20-site/ingressroute-api.yaml", "Caddyfile", "site.slt"
  std::string bytes;
  std::vector<Span> origins;  // first the block that made the file, then what else it holds
};

using Artifacts = std::vector<Artifact>;

}  // namespace sluice::emit
