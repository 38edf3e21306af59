// Upstreams of a plan: named blocks, services and addresses written in place; each content once.
#pragma once

#include <optional>

#include "compiler/sema/building.h"
#include "compiler/sema/types.h"

namespace sluice::sema {

// `file` is where the service is written: its `namespace` statement may hold.
plan::UpstreamId service_upstream(Building& b, const ServiceName& service, plan::Protocol protocol,
                                  uint32_t file, Span at);
plan::UpstreamId address_upstream(Building& b, const Endpoint& endpoint, Span at);
// Nothing after an error in its block. `written` is the name as the source has it.
std::optional<plan::UpstreamId> named_upstream(Building& b, model::DeclarationId id,
                                               const std::string& written);

}  // namespace sluice::sema
