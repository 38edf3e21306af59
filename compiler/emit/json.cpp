#include "compiler/emit/json.h"

namespace sluice::emit {

std::string write(const nlohmann::ordered_json& document) {
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace sluice::emit
