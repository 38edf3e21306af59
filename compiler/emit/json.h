// JSON in the one spelling that artifacts have: two spaces, keys as filled, a final line end.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sluice::emit {

std::string write(const nlohmann::ordered_json& document);

}  // namespace sluice::emit
