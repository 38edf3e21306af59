#include "compiler/model/model.h"

namespace sluice::model {

std::string_view to_string(Kind kind) {
  static constexpr std::string_view kNames[] = {"value",    "issuer",     "certificate",
                                                "upstream", "middleware", "site"};
  return kNames[static_cast<size_t>(kind)];
}

DeclarationId Model::lookup(uint32_t file, Kind kind, std::string_view name) const {
  uint32_t scope = files[file].scope;
  size_t dot = name.find('.');
  if (dot != std::string_view::npos) {
    scope = UINT32_MAX;
    for (const Import& import : files[file].imports) {
      if (import.alias == name.substr(0, dot)) scope = import.scope;
    }
    if (scope == UINT32_MAX) return kNoDeclaration;
    name.remove_prefix(dot + 1);
  }
  const auto& names = scopes[scope].names[static_cast<size_t>(kind)];
  auto found = names.find(name);
  return found == names.end() ? kNoDeclaration : found->second;
}

}  // namespace sluice::model
